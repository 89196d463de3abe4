"""The two passages that a conflict shows differ."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

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
    assert {slot.type for slot in shown} >= {"number", "name", "date"}
    assert [
        slot for slot in shown if not slot.premise or slot.premise.text.casefold() == slot.statement.text.casefold()
    ] == []
