"""Suggest false versions of a fact, without those that are true all the same."""

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
"""Characters around the evidence from which names and numbers are drawn; a longer article takes seconds to parse."""
_SPARE = 3
"""Versions made beyond those wanted, since some turn out true or known."""


def suggest_versions(
    fact: Fact, article: Article, facts: Sequence[Fact], rng: np.random.Generator, limit: int = 6
) -> list[Edit]:
    """At most ``limit`` new false versions of a fact's statement, the most confusable first.

    ``facts`` are all of the article's: a version that one of them states is not false. English; none in other
    languages. Raises ``StoreError`` if the packaged parser is unavailable.
    """
    if base_language(article.language) != "en" or not fact.statement.strip():
        return []
    wordings = {canonical(wording) for wording in (fact.statement, *fact.accepted, *fact.contradictions)}
    start = max(0, (fact.evidence.start if fact.evidence else 0) - _CONTEXT // 2)
    count = limit + len(fact.contradictions) + _SPARE
    versions = false_versions(fact.statement, rng, article.text[start : start + _CONTEXT], count)
    new = [edit for edit in versions if canonical(edit.text) not in wordings]
    return [edit for edit in new if not any(true_versions([edit.text], article, facts))][:limit]
