"""The Markdown report, read back by an independent parser (markdown-it)."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from harness.document.markdown import escape
from harness.document.plain import plain
from harness.records import Results
from harness.report.derived import DERIVED
from harness.report.document import as_markdown

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OURS = re.compile(r"</?(?:details|summary|b)>")


@pytest.fixture(scope="module")
def page(results: Results) -> str:
    return as_markdown(results)


marks = st.text("<>&*_`~|[](){}#+-=.!@$\\:/\"' \n\t12ab\u05d0", max_size=25)


@given(marks | st.text(max_size=25))
@example("1. first")
@example("# head")
@example("===")
@example("- [x] done")
@example("![a](http://b.example/c.png)")
@example("<!-- hidden -->")
@example("&lt;b&gt; &amp;amp; &#60;")
@example("***")
@example("ends in a backslash \\")
def test_escaped_text_is_read_back_as_it_was(text: str) -> None:
    tokens = READER.parse(escape(text))
    read = "".join(child.content for token in tokens for child in token.children or ())
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    assert {child.type for token in tokens for child in token.children or ()} <= {"text", "text_special"}
    assert read.replace("\N{WORD JOINER}", "") == plain(text).replace("\N{WORD JOINER}", "")


@given(marks)
def test_escaped_text_keeps_to_its_cell(text: str) -> None:
    rows = READER.parse(f"| a | b |\n| --- | --- |\n| {escape(text)} | end |")
    cells = [token.content for token, before in zip(rows[1:], rows, strict=False) if before.type == "td_open"]
    assert cells[-1] == "end"
    assert len(cells) == 2


def test_a_mention_calls_nobody() -> None:
    assert escape("thanks @octocat") == "thanks @\N{WORD JOINER}octocat"
    assert escape("https://evil.example") == "https://\N{WORD JOINER}evil.example"
    assert escape("www.evil.example, a/b#3") == "www\N{WORD JOINER}.evil.example, a/b#\N{WORD JOINER}3"
    assert escape("a @ b") == "a @ b"


def test_no_html_but_ours_is_in_the_report(page: str) -> None:
    tokens = READER.parse(page)
    found = [token.content for token in tokens if token.type == "html_block"]
    found += [child.content for token in tokens for child in token.children or () if child.type == "html_inline"]
    assert found
    assert not re.search(r"[<>]", OURS.sub("", re.sub(r"(?<=<summary>).*(?=</summary>)", "", "".join(found))))
    assert "\x1b" not in page
    assert "\u202e" not in page
    page.encode("utf-8")


def test_there_are_no_images_links_or_code(page: str) -> None:
    types = {child.type for token in READER.parse(page) for child in token.children or ()}
    assert types <= {
        "text",
        "text_special",
        "html_inline",
        "em_open",
        "em_close",
        "strong_open",
        "strong_close",
        "softbreak",
    }


def test_tables_are_counts_leaderboard_matrices_and_all_metrics(page: str, results: Results) -> None:
    tokens = READER.parse(page)
    types = [token.type for token in tokens]
    rows = types.count("tr_open")
    names = {metric.name for metric in results.metrics}
    derived = [each for each in DERIVED if names.issuperset(each.of)]
    systems, metrics = len(results.manifest.systems), len(names) + len(derived)
    facts = sum(len(item.facts) for item in results.items)
    assert types.count("table_open") == 6
    assert rows == 3 * (1 + 3 + systems) + (1 + metrics) + (2 + facts)


def test_missing_values_have_a_note_and_missing_verdicts_a_reason(page: str) -> None:
    assert "| 0.50¹ | 0.00¹ | 0¹ |" in page
    assert "\n¹ n = 1 of 2 articles, 1 missing: the model gave nothing but white space" in page
    assert "- – broken/&lt;script&gt;alert(1)&lt;/script&gt;: the model gave nothing but white space" in page


def test_the_matrix_shows_symbol_and_letter_and_of_several_samples_the_share(page: str) -> None:
    assert (
        "| 1\\. The minerals agreement was not signed. (essential, event) | · L | ✗ C | · L | · L | ✓ K | 1/3 |" in page
    )
    assert "| · L | ✓ K | · L | ✓ K | · L | · 0/3 |" in page


def test_unsupported_sentences_are_marked_and_explained(page: str) -> None:
    assert "> <b>The minerals agreement was signed on Friday.</b> ✗1" in page
    assert "- ✗1 wrong (0.80): the article says otherwise; the article: “Talks end without a deal”" in page
    assert "- ✗ fact 1 contradicted (0.80): The minerals agreement was not signed.; the summary: “The" in page
    assert "- ? undecided facts, each with the probability that it is kept: 2 (0.40)" in page


def test_a_list_in_a_summary_stays_text(page: str) -> None:
    assert "> \\- The talks ended early.\n>\n> \\- Starmer promised \\| \\`support\\` \\*now\\*." in page


def test_an_interrupted_run_has_a_banner(results: Results) -> None:
    stopped = replace(results, manifest=replace(results.manifest, status="interrupted"))
    assert "> **Partial: the run was interrupted." in as_markdown(stopped)


@pytest.mark.parametrize("lacking", ["items", "summaries", "checks", "scores", "metrics"])
def test_a_run_that_lacks_something_still_has_a_report(results: Results, lacking: str) -> None:
    changes: dict[str, tuple[()]] = {lacking: ()}
    assert as_markdown(replace(results, **changes)).startswith("# base")  # type: ignore[arg-type]  # each of these fields is a tuple
