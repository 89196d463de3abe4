"""Columns of numbers in a terminal."""

from __future__ import annotations

from harness.document.blocks import Document, Table
from harness.document.terminal import broken, packed, padded, render


def test_numbers_stand_below_numbers_and_letters_below_letters() -> None:
    rows = [("0.60", "[0.50, 0.70]", "a"), ("–¹", "", ""), ("12.1", "[9, 15.2]", "abc")]
    assert padded(rows) == ["0.60 [0.50, 0.70] a  ", "  –¹".ljust(21), "12.1    [9, 15.2] abc"]
    assert padded([("9", "", ""), ("12", "", "")]) == [" 9", "12"]
    assert padded([]) == []


def test_a_table_has_the_columns_that_there_is_room_for_and_one_at_the_least() -> None:
    assert packed([8, 8, 8], room=20) == [[0, 1], [2]]
    assert packed([30, 3], room=20) == [[0], [1]]
    assert packed([], room=20) == []


def test_a_long_name_is_broken_after_a_mark_and_never_in_a_word() -> None:
    assert broken("smollm2/only-the-article", 24) == "smollm2/only-the-article"
    assert broken("smollm2/only-the-article", 20) == "smollm2/only-the-\narticle"
    assert broken("a name of words", 8) == "a name\nof words"
    assert broken("", 8) == ""


def test_a_name_keeps_its_line_where_the_other_columns_leave_room() -> None:
    table = Table.of(["", "lexical"], [["consistency of pairs, ties fail", "1.000"]])
    assert "consistency of pairs, ties fail    1.000" in render(Document("title", blocks=(table,)), 60)
