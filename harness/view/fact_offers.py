"""What a page offers to take over: suggested facts, and false versions of a statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

import numpy as np

from harness import plugins
from harness.data.articles import Folder
from harness.errors import HarnessError
from harness.records import Fact, Item
from harness.seams import Verifier
from harness.suggest import Suggestion, suggested_facts, suggested_versions
from harness.view.fact_editor import FactEditor

_FACTS = 12


@dataclass(frozen=True, slots=True)
class Offer:
    """A suggestion: what it says, why it is made, and the query of the page that takes it over."""

    text: str
    why: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class Offers:
    """Suggestions, or why there are none."""

    offers: Sequence[Offer] = ()
    problem: str = ""


def facts(folder: Folder) -> Offers:
    """Statements that no fact of the article makes yet."""
    if folder.article is None:
        return Offers()
    item = Item(folder.article, folder.references, folder.facts.facts)
    try:
        suggestions = suggested_facts(item, _words().verify, _FACTS)
    except HarnessError as error:
        return Offers(problem=str(error))
    return Offers([Offer(each.statement, each.reason, _query(each)) for each in suggestions])


def versions(editor: FactEditor) -> Offers:
    """False versions of the statement that is typed."""
    draft = editor.form.draft
    fact = Fact(
        "", draft.statement, evidence=editor.chosen, accepted=draft.accepted, contradictions=draft.contradictions
    )
    try:
        wordings = suggested_versions(fact, editor.article, editor.others, np.random.default_rng(0))
    except HarnessError as error:
        return Offers(problem=str(error))
    return Offers([Offer(each.text, each.kind) for each in wordings])


@cache
def _words() -> Verifier:
    """Counts words; it keeps the texts that it read last, a long article among them."""
    return plugins.find(Verifier, "lexical")()


def _query(suggestion: Suggestion) -> str:
    return urlencode(
        {
            "statement": suggestion.statement,
            "importance": suggestion.importance,
            "kind": suggestion.kind,
            "evidence": suggestion.evidence.text,
        },
        errors="replace",
    )
