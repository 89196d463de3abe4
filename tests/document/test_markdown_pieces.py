"""What a Markdown document is built of."""

from __future__ import annotations

from harness.document.markdown import LIMIT, bullets, fitted, folded, grid


def test_a_document_ends_before_the_first_part_that_does_not_fit() -> None:
    long = ["x" * LIMIT]
    assert fitted([["one", ""], ["two"], long, ["three"]], "See the page.") == "one\n\ntwo\n*See the page.*\n"
    assert fitted([["one"], [], ["two", ""]], "See the page.") == "one\ntwo\n"


def test_what_is_empty_leaves_nothing_behind() -> None:
    assert list(bullets([])) == list(folded("title", [""])) == []


def test_a_table_aligns_all_but_its_first_column() -> None:
    assert list(grid(["", "a", "b"], [("x", "1", "2")])) == [
        "|  | a | b |",
        "| :--- | ---: | ---: |",
        "| x | 1 | 2 |",
        "",
    ]
