"""False versions of a statement by typed perturbation, without those that are true all the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from harness.data.facts.checks import true_versions
from harness.data.facts.wording import canonical
from harness.records import Article, Fact
from harness.suggest.edits import Edit, false_versions
from harness.text import base_language

if TYPE_CHECKING:
    import numpy as np

_CONTEXT = 20_000
"""Characters around the evidence from which names and numbers are drawn; a longer article takes seconds to read."""
_SPARE = 3
"""Versions asked for beyond those wanted, since some turn out true or known."""


def suggested_versions(
    fact: Fact, article: Article, facts: Sequence[Fact], rng: np.random.Generator, limit: int = 6
) -> list[Edit]:
    """At most so many false versions of a fact's statement, the most confusable first, none that it has already.

    ``facts`` are all of the article's: what one of them says is not false. English; none in other languages.
    ``StoreError`` where the packaged parser cannot be had.
    """
    if base_language(article.language) != "en" or not fact.statement.strip():
        return []
    wordings = {canonical(wording) for wording in (fact.statement, *fact.accepted, *fact.contradictions)}
    count = limit + len(fact.contradictions) + _SPARE
    versions = false_versions(fact.statement, rng, _context(fact, article), count)
    new = [edit for edit in versions if canonical(edit.text) not in wordings]
    return [edit for edit in new if not any(true_versions([edit.text], article, facts))][:limit]


def _context(fact: Fact, article: Article) -> str:
    """The article, or of a long one what stands around the evidence."""
    middle = fact.evidence.start if fact.evidence else 0
    start = max(0, middle - _CONTEXT // 2)
    return article.text[start : start + _CONTEXT]
