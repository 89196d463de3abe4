"""The report in a terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report_page import in_terminal
from rich.cells import cell_len

from harness.records import Results


@pytest.mark.parametrize("width", [40, 80, 120])
def test_it_keeps_to_the_width_of_the_terminal(results: Results, width: int) -> None:
    assert max(cell_len(line) for line in in_terminal(results, width).splitlines()) <= width


def test_the_table_is_readable_at_eighty_columns(results: Results) -> None:
    lines = [" ".join(line.split()) for line in in_terminal(results).splitlines()]
    assert "smollm2/plain 0.50 0.10 1" in lines
    assert "broken/<script>alert(1)</script> 0.50¹ 0.00¹ 0¹" in lines
    assert lines.index("Systems") < lines.index("Floor") < lines.index("Ceiling") < lines.index("human 0.50 0.38 0")
    assert (
        "The verdicts are those of the checker lexical. Nobody has measured how often this verifier is right"
        in " ".join(lines[: lines.index("Systems")])
    )


def test_columns_that_do_not_fit_go_to_a_further_table_and_none_is_lost(results: Results) -> None:
    metrics = tuple(replace(metric, headline=True) for metric in results.metrics)
    text = in_terminal(replace(results, metrics=metrics), width=48)
    board = text[text.index("ROUGE-1") :]
    assert board.count("human ") == 3
    for word in ("ROUGE-1 ↑", "recall ↑", "contradicted ↓", "Words", "Seconds ↓"):
        assert word in text


def test_control_characters_and_markup_are_shown_not_obeyed(results: Results) -> None:
    named = replace(results, manifest=replace(results.manifest, name="[red]x[/red]\x1b[31m\u202e\ud800\nz"))
    text = in_terminal(named)
    assert text.splitlines()[0] == r"[red]x[/red]\x1b[31m\u202e\ud800 z"
    text.encode("utf-8")
    assert not [character for character in text if ord(character) < 32 and character != "\n"]


def test_what_is_missing_has_its_reason_below_the_table(results: Results) -> None:
    assert "¹ n = 1 of 2 articles, 1 missing: the model gave nothing but white space" in " ".join(
        in_terminal(results).split()
    )


def test_what_is_wrong_or_lost_stands_as_sentences(results: Results) -> None:
    text = " ".join(in_terminal(results).split())
    assert (
        "smollm2/plain: 2 claims wrong, 2 claims not in the article, 1 claim undecided, 2 essential facts "
        "contradicted, 1 essential fact lost ✗ wrong: “The minerals agreement was signed on Friday.” "
        "The article: “Talks end without a deal” "
    ) in text
    assert "· lost: The Kremlin called it a failure <script>alert(1)</script>." in text


def test_a_partial_run_says_so_at_the_top(results: Results) -> None:
    stopped = replace(results, manifest=replace(results.manifest, status="interrupted"))
    assert in_terminal(stopped).splitlines()[2].startswith("! Partial: the run was interrupted.")


@pytest.mark.parametrize("lacking", ["items", "summaries", "checks", "scores", "metrics"])
def test_a_run_that_lacks_something_is_still_in_terminal(results: Results, lacking: str) -> None:
    changes: dict[str, tuple[()]] = {lacking: ()}
    assert in_terminal(replace(results, **changes)).startswith("base")  # type: ignore[arg-type]  # each of these fields is a tuple
