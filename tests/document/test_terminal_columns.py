"""Columns of numbers in a terminal."""

from __future__ import annotations

from harness.document.blocks import Document, Table
from harness.document.terminal import break_name, pack_columns, pad_columns, render


def test_columns_are_aligned() -> None:
    rows = [("0.60", "[0.50, 0.70]", "a"), ("–¹", "", ""), ("12.1", "[9, 15.2]", "abc")]
    assert pad_columns(rows) == ["0.60 [0.50, 0.70] a  ", "  –¹".ljust(21), "12.1    [9, 15.2] abc"]
    assert pad_columns([("9", "", ""), ("12", "", "")]) == [" 9", "12"]
    assert pad_columns([]) == []


def test_each_table_takes_the_columns_that_fit() -> None:
    assert pack_columns([8, 8, 8], room=20) == [[0, 1], [2]]
    assert pack_columns([30, 3], room=20) == [[0], [1]]
    assert pack_columns([], room=20) == []


def test_long_name_breaks_after_punctuation() -> None:
    assert break_name("smollm2/only-the-article", 24) == "smollm2/only-the-article"
    assert break_name("smollm2/only-the-article", 20) == "smollm2/only-the-\narticle"
    assert break_name("a name of words", 8) == "a name\nof words"
    assert break_name("", 8) == ""


def test_name_is_not_broken_if_there_is_room() -> None:
    table = Table.of(["", "lexical"], [["consistency of pairs, ties fail", "1.000"]])
    assert "consistency of pairs, ties fail    1.000" in render(Document("title", blocks=(table,)), 60)
