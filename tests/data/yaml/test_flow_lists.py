"""A list in brackets whose entry its own comma cut is put together again, and one that is whole is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.data.yaml.file import Document, parse


def read(written: str) -> Document:
    return parse(f"accepted: {written}\n", Path("facts.yaml"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("[£600,000 was spent]", '["£600,000 was spent"]'),
        ("[1,250,000 people left., Nobody left.]", '["1,250,000 people left.", "Nobody left."]'),
        ("[Prices rose by 3,5 percent]", '["Prices rose by 3,5 percent"]'),
        ("[The plan, which was costly, was dropped]", '["The plan, which was costly, was dropped"]'),
        ("[On Monday, Zelensky left.]", '["On Monday, Zelensky left."]'),
        ("[On Monday,\n  Zelensky left.]", '["On Monday, Zelensky left."]'),
        ("[She stayed., On Monday, Zelensky left.]", '["She stayed.", "On Monday, Zelensky left."]'),
    ],
)
def test_a_cut_entry_is_shown_whole(written: str, meant: str) -> None:
    assert read(written).cut_lists[("accepted",)].endswith(f"put each entry in quotes: {meant}")


@pytest.mark.parametrize(
    "written",
    [
        '["£600,000 was spent"]',
        "['The plan, which was costly, was dropped', She stayed]",
        "[The mayor stayed., The council resigned.]",
        "[The mayor stayed, The council resigned]",
        "[quit, stepped down]",
        "[On 3 May, 12 people died]",
        "[£600]",
        "[]",
        "\n  - £600,000 was spent\n  - The plan, which was costly, was dropped",
    ],
)
def test_a_whole_entry_is_left_alone(written: str) -> None:
    assert read(written).cut_lists == {}
