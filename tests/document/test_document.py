"""Each renderer on a document with every kind of block."""

from __future__ import annotations

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from harness.document import html, markdown, terminal
from harness.document.blocks import Cell, Document, Folded, Heading, Item, Listing, Paragraph, Piece, Row, Table
from harness.document.format import plain
from harness.document.markdown import LIMIT
from harness.records import Metric

RECALL = Metric("fact_recall", "Fact recall", "higher", "share")
HOSTILE = "<b>\x1b[31m|`x`"
BOARD = Table(
    ("System", RECALL),
    (
        Row(("Floor",), is_heading=True),
        Row(("lead", Cell("0.25", "[0.20, 0.30]", "ab", 1))),
        Row((HOSTILE, Cell("0.50"))),
    ),
    caption="Means over 9 articles.",
    notes=("1 missing",),
    anchor="board",
)
WHOLE = Document(
    "base",
    "one line",
    ("it was interrupted",),
    ("lead comes first.",),
    ("few articles.",),
    (
        Heading("Board", anchor="board"),
        BOARD,
        Heading("Rest"),
        Paragraph(HOSTILE, "quiet"),
        Listing((Item("broken", ("which fact",), "bad"),)),
        Paragraph((Piece("He said "), Piece("no", "gone"), Piece("yes", "new"), Piece(" today.", "strong")), "quote"),
        Folded("More", (Paragraph("inside"),)),
    ),
)


def test_terminal_shows_every_block() -> None:
    lines = [line.strip() for line in terminal.render(WHOLE, width=60).splitlines()]
    assert lines[:3] == ["base", "one line", "! it was interrupted"]
    assert "lead             0.25¹ [0.20, 0.30] ab" in lines
    assert "¹ 1 missing" in lines
    assert r"<b>\x1b[31m|`x`" in lines
    assert lines[lines.index("broken") + 1] == "which fact"
    assert "He said [-no-]{+yes+} today." in lines
    assert lines[-2:] == ["More", "inside"]


def test_terminal_hides_api_keys() -> None:
    key = "sk-proj-aBcDeFgH1234567890"
    text = terminal.render(Document(f"served by {key}", blocks=(Paragraph(f"{key}\t{key}"),)))
    assert key not in text
    assert text.count("sk-") == 3


def test_markdown_shows_every_block_escaped() -> None:
    text = markdown.render(WHOLE)
    assert text.startswith("# base\n\none line\n\n> **it was interrupted**\n\nlead comes first.\n\n*few articles.*\n")
    assert "| *Floor* |  |\n| lead | 0.25¹ \\[0.20, 0.30\\] ab |\n| &lt;b&gt;" in text
    assert "\n¹ 1 missing\n" in text
    assert "- broken\n  - which fact\n" in text
    assert "> He said <del>no</del><ins>yes</ins> **today.**" in text
    assert "<summary>More</summary>\n\ninside\n\n</details>" in text
    assert markdown.render(WHOLE, level=3).splitlines()[0] == "### base"
    tokens = MarkdownIt().enable("table").parse(text)
    assert [token.type for token in tokens].count("tr_open") == 4


def test_html_has_anchors_and_notes() -> None:
    page = html.render(WHOLE)
    assert '<li><a href="#board">Board</a></li>' in page
    assert '<a href="#board-note-1" aria-label="note 1">1</a>' in page
    assert 'id="board-note-1"' in page
    assert "<del>no</del><ins>yes</ins>" in page
    assert "&lt;b&gt;\\x1b[31m|`x`" in page
    assert '<th scope="rowgroup" colspan="2">' in page


def test_wide_table_is_split_between_columns_of_numbers() -> None:
    metrics = [replace(RECALL, name=str(number), title=f"Metric{number}") for number in range(4)]
    numbers = [Cell(f"0.{number}", "[0.10, 0.20]", "ab") for number in range(4)]
    table = Table.of(["", *metrics], [["lead", *numbers], ["x" * 90]])
    for width, tables in ((50, 4), (100, 2)):
        text = terminal.render(Document("title", blocks=(table,)), width)
        assert (text.count("lead"), text.count("x")) == (tables, 90 * tables)
        assert all(f"0.{number} [0.10, 0.20] ab" in text for number in range(4))
    table = Table.of(["Faithfulness", *metrics], [["lead", *numbers]])
    assert "Faithfulness " in terminal.render(Document("title", blocks=(table,)), 50)
    table = Table.of(["", "lexical"], [["consistency of pairs, ties fail", "1.000"]])
    assert "consistency of pairs, ties fail    1.000" in terminal.render(Document("title", blocks=(table,)), 60)


def test_label_of_wrapped_texts_is_on_their_first_line() -> None:
    table = Table.of(["", "before", "after"], [["name", "word " * 20, "term " * 20]])
    table = replace(table, left=frozenset({0, 1, 2}))
    lines = terminal.render(Document("title", blocks=(table,)), 60).splitlines()
    assert next(line for line in lines if "word" in line).startswith("name")


def test_document_is_cut_before_the_block_that_does_not_fit() -> None:
    blocks = (Paragraph("a" * (LIMIT - 20)), Heading("Long"), Paragraph("b" * 30), Paragraph("c"))
    text = markdown.render(Document("x", blocks=blocks), full="the page")
    assert text.endswith("a\n\n*The rest is left out because comments have a size limit; see the page.*\n")
    assert "Long" not in text
    assert "Long" in markdown.render(Document("x", blocks=blocks))


@pytest.mark.parametrize("text", [HOSTILE, "models m.max_new_tokens", "`", "``a` b\n```", "</details>\u202e @user \\"])
def test_markdown_code_span_is_parsed_by_markdown_it(text: str) -> None:
    """Invisible characters are written as escapes."""
    written = markdown.render(Document("x", blocks=(Paragraph((Piece("in "), Piece(text, "code"), Piece(" so"))),)))
    [line] = [token for token in MarkdownIt().parse(written) if token.type == "inline" and token.content != "x"]
    found = [(child.type, child.content) for child in line.children or ()]
    assert found == [("text", "in "), ("code_inline", plain(text)), ("text", " so")]
