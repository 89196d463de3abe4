"""The parts that edits are made of: a or an, forms of words, numbers in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.checker_en.forms import agreed
from harness.perturbations.edit import Change, edited
from harness.perturbations.stand_ins import same


def test_an_article_agrees_with_what_is_put_behind_it() -> None:
    edit = edited("name", "She met an American spy.", [Change(11, 19, "French")])
    assert edit is not None
    assert edit.text == "She met a French spy."
    assert (edit.original.text, edit.span.text) == ("an American", "a French")
    assert agreed("It was a hour ago.", 9) == "It was an hour ago."


def test_a_sentence_starts_with_a_capital_and_only_there() -> None:
    first = edited("name", "Five men left.", [Change(0, 4, "six")])
    later = edited("name", "It ended. The man left.", [Change(10, 17, "she")])
    within = edited("name", "So The Man left.", [Change(3, 10, "she")])
    assert [edit and edit.text for edit in (first, later, within)] == [
        "Six men left.",
        "It ended. She left.",
        "So she left.",
    ]


def test_a_change_of_marks_alone_is_no_edit() -> None:
    assert edited("paraphrase", "He left, then.", [Change(7, 8, ";")]) is None
    assert edited("name", "The US left.", [Change(4, 6, "us")]) is None
    assert edited("paraphrase", "It is 5 now.", [Change(6, 7, "5%")]) is not None


@given(st.text("ab ,.", min_size=1, max_size=20), st.integers(0, 20), st.integers(0, 20), st.text("ab ,.", max_size=8))
def test_the_spans_of_any_change_rebuild_the_edit(text: str, start: int, length: int, put: str) -> None:
    start = min(start, len(text))
    edit = edited("name", text, [Change(start, min(start + length, len(text)), put)])
    if edit is not None:
        assert edit.text[edit.span.start : edit.span.end] == edit.span.text
        assert text[edit.original.start : edit.original.end] == edit.original.text
        before, after = text[: edit.original.start], text[edit.original.end :]
        assert edit.text.replace(" ", "") == (before + edit.span.text + after).replace(" ", "")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("US", "United States", True), ("Volodymyr Zelensky", "Zelensky", True), ("Kremlin", "Russia", True),
        ("North Atlantic Treaty", "NAT", True), ("London", "England", True), ("French", "France", True),
        ("New York", "New Delhi", False), ("Trump", "Zelensky", False), ("Iran", "Iraq", False),
    ],
)  # fmt: skip  # triples
def test_names_of_one_thing_are_known(one: str, other: str, alike: bool) -> None:
    assert same(one, other) == alike
