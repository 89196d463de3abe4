"""What a report says befell a summary."""

from __future__ import annotations

import builders
import pytest

from harness.records import Generation, Summary
from harness.report.card import _notes


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("The council met.", "stopped at its token limit"),
        (
            "The council met. The mayor was",
            "stopped at its token limit within a sentence, which is not checked",
        ),
    ],
)
def test_a_sentence_that_was_cut_off_is_said_to_be_no_claim(text: str, note: str) -> None:
    summary = Summary("k", "system", "a", 0, Generation("r", text, finish="length"))
    assert _notes(builders.item("An article."), summary) == (note,)
