"""What a conflict shows a reader: two stretches, never the same words twice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from english_sentences import conflicts

from harness.checker_en.findings import findings
from harness.data import articles
from harness.records import Pair
from harness.suggest.edits import edits
from harness.text import sentences

(_ITEM,) = articles.load(Path(__file__).parents[2] / "references")
_ARTICLE = _ITEM.article.text


def _statements() -> list[str]:
    """The facts of our own article, and the sentences of it and of its references."""
    texts = [_ARTICLE, *(reference.text for reference in _ITEM.references)]
    told = [span.text for text in texts for span in sentences(text)]
    return [*(fact.statement for fact in _ITEM.facts), *told]


def test_two_sides_of_a_conflict_never_read_alike() -> None:
    """Each statement against false versions of itself, these against it, and against the article."""
    rng = np.random.default_rng(0)
    pairs = [
        pair
        for text in _statements()[1::4]
        for edit in edits(text, rng, context=_ARTICLE)[::3]
        for pair in (Pair(text, edit.text), Pair(edit.text, text), Pair(_ARTICLE, edit.text))
    ]
    told = [slot for found in findings(pairs) for slot in found.of("conflict")]
    assert {slot.type for slot in told} >= {"negation", "name", "date"}
    assert [
        slot for slot in told if not slot.premise or slot.premise.text.casefold() == slot.statement.text.casefold()
    ] == []


@pytest.mark.parametrize(
    ("premise", "statement", "told"),
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
def test_negation_is_shown_with_its_negator(premise: str, statement: str, told: tuple[str, str]) -> None:
    assert conflicts(premise, statement) == {("negation", *told)}
