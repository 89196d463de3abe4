"""What may happen, is planned or is alleged, told as having happened; and what did happen."""

from __future__ import annotations

import pytest
from made_statements import written

from benchmarks.training.possible import possible


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The council plans to raise the tax.", "The council raised the tax."),
        ("Police failed to find the lorry.", "Police found the lorry."),
        ("The driver was accused of stealing the lorry.", "The driver stole the lorry."),
        ("The bridge may be closed in May.", "The bridge was closed in May."),
        ("The bridges will be closed in May.", "The bridges were closed in May."),
        ("The suspect may have killed the driver.", "The suspect killed the driver."),
        ("The shop is due to open in May.", "The shop opened in May."),
        ("The mayor denied that the council sold the land.", "The council sold the land."),
        ("The bridge closes in May if the inspectors find a crack.", "The inspectors find a crack."),
        ("The bridge will close if the inspectors find a crack.", "The bridge will close."),
    ],
)
def test_what_a_text_leaves_open_is_not_supported_as_having_happened(text: str, told: str) -> None:
    assert ("unsupported", told.casefold()) in written(possible, text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The council managed to raise the tax.", "The council raised the tax."),
        ("The driver was convicted of stealing the lorry.", "The driver stole the lorry."),
        ("The mayor confirmed that the council sold the land.", "The council sold the land."),
    ],
)
def test_what_a_verb_commits_to_is_supported(text: str, told: str) -> None:
    assert ("supported", told.casefold()) in written(possible, text)


@pytest.mark.parametrize("text", ["The council raised the tax.", "The council wants a bridge.", ""])
def test_what_is_told_as_having_happened_makes_no_pair(text: str) -> None:
    assert written(possible, text) == set()
