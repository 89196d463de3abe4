"""The two passages that a conflict shows: they differ, and a negation includes its negator."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from english_sentences import conflicts

from harness.checker_en.findings import findings
from harness.data import articles
from harness.records import Pair
from harness.suggest.edits import make_edits
from harness.text import sentences

(_ITEM,) = articles.load(Path(__file__).parents[2] / "references")
_ARTICLE = _ITEM.article.text


def list_statements() -> list[str]:
    """The facts of the project's article, and the sentences of the article and its references."""
    texts = [_ARTICLE, *(reference.text for reference in _ITEM.references)]
    found = [span.text for text in texts for span in sentences(text)]
    return [*(fact.statement for fact in _ITEM.facts), *found]


@pytest.mark.slow
def test_two_passages_of_a_conflict_differ() -> None:
    """Each statement is compared with its false versions in both directions, and these with the article."""
    rng = np.random.default_rng(0)
    pairs = [
        pair
        for text in list_statements()[1::4]
        for edit in make_edits(text, rng, context=_ARTICLE)[::3]
        for pair in (Pair(text, edit.text), Pair(edit.text, text), Pair(_ARTICLE, edit.text))
    ]
    shown = [slot for found in findings(pairs) for slot in found.of("conflict")]
    assert {slot.type for slot in shown} >= {"negation", "name", "date"}
    assert [
        slot for slot in shown if not slot.premise or slot.premise.text.casefold() == slot.statement.text.casefold()
    ] == []


@pytest.mark.parametrize(
    ("premise", "statement", "expected"),
    [
        ("There is no evidence of fraud.", "There is evidence of fraud.", ("evidence", "no evidence")),
        ("No deal was signed on Friday.", "The deal was signed on Friday.", ("was signed", "No deal was signed")),
        ("They failed to sign the deal.", "They signed the deal.", ("signed", "failed to sign")),
        ("Neither side accepted the plan.", "Both sides accepted the plan.", ("accepted", "Neither side accepted")),
        (
            "He is the president of the club.",
            "He is not the president of the club.",
            ("not the president", "president"),
        ),
        ("He left the room without saying a word.", "He left the room saying a word.", ("saying", "without saying")),
        ("The city has no money for the bridge.", "The city has money for the bridge.", ("has", "has no")),
    ],
)
def test_negation_is_shown_with_its_negator(premise: str, statement: str, expected: tuple[str, str]) -> None:
    assert conflicts(premise, statement) == {("negation", *expected)}
