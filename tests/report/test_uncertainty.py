"""Intervals and groups in the leaderboard, and what so few articles cannot show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from report_page import in_terminal, one_page

from harness.records import Article, Generation, Item, Metric, Results, Score, Summary
from harness.report.document import as_markdown
from harness.report.index import Index
from harness.report.leaderboard import MetricTable, headlines
from harness.report.uncertainty import uncertainty
from harness.stats.interval import mean_interval

RECALL = Metric("fact_recall", "Fact recall", headline=True)
GOOD: list[float] = [0.61, 0.7, 0.58, 0.66, 0.72, 0.64, 0.69, 0.55, 0.63, 0.67]


def run(results: Results, **systems: Sequence[float | None]) -> Results:
    """A run of baselines with these values, one an article."""
    count = max(map(len, systems.values()))
    made = tuple(replace(results.manifest.systems[0], name=name) for name in systems)
    scores = tuple(
        Score(name, f"n{number}", 0, "fact_recall", value, "s", None if value is not None else "refused")
        for name, values in systems.items()
        for number, value in enumerate(values)
    )
    summaries = tuple(
        Summary("k", name, f"n{number}", 0, Generation("r", "A summary."))
        for name in systems
        for number in range(count)
    )
    return Results(
        replace(results.manifest, systems=made, seed=0),
        tuple(Item(Article(f"n{number}", "text")) for number in range(count)),
        summaries, (), scores, (RECALL,),
    )  # fmt: skip  # one record


def board(given: Results) -> MetricTable:
    return headlines(Index(given))


def test_a_cell_has_the_interval_that_the_values_alone_have(results: Results) -> None:
    given = run(results, good=GOOD, bad=[value - 0.4 for value in GOOD])
    place = uncertainty(Index(given), [RECALL]).places["good", "fact_recall"]
    alone = mean_interval(GOOD, np.random.default_rng(1), "share")
    assert place.estimate.low == pytest.approx(alone.low, abs=0.01)
    assert place.estimate.high == pytest.approx(alone.high, abs=0.01)


def test_systems_that_differ_share_no_letter(results: Results) -> None:
    near = [value + step for value, step in zip(GOOD, [0.01, -0.01] * 5, strict=True)]
    given = run(results, good=GOOD, near=near, bad=[value - 0.4 for value in GOOD])
    places = uncertainty(Index(given), [RECALL]).places
    letters = {system: places[system, "fact_recall"].letters for system in ("good", "near", "bad")}
    assert letters == {"good": "a", "near": "a", "bad": "b"}


def test_below_eight_articles_there_is_no_interval_and_it_is_said(results: Results) -> None:
    found = uncertainty(Index(run(results, good=GOOD[:5], bad=[0.1] * 5)), [RECALL])
    assert {place.estimate.low for place in found.places.values()} == {None}
    assert {place.letters for place in found.places.values()} == {""}
    assert len(found.cautions) == 2
    assert found.cautions[0].startswith("With 5 articles the mean describes these articles.")
    assert found.cautions[1].startswith("With 5 shared articles no difference can be significant")


def test_enough_articles_need_no_caution(results: Results) -> None:
    assert uncertainty(Index(run(results, good=GOOD * 2, bad=[0.1, 0.2] * 10)), [RECALL]).cautions == ()


def test_a_number_that_is_not_finite_has_no_place_in_an_interval(results: Results) -> None:
    found = uncertainty(Index(run(results, good=[*GOOD, float("nan")], bad=[0.1, 0.2] * 5)), [RECALL])
    estimate = found.places["good", "fact_recall"].estimate
    assert (estimate.n, estimate.missing) == (10, 1)


def test_a_run_without_a_score_has_a_table_without_intervals(results: Results) -> None:
    found = board(replace(run(results, good=GOOD), scores=()))
    assert [(cell.interval, cell.letters) for row in found.rows for cell in row.cells] == [("", "")]


def test_a_run_of_one_system_has_intervals_and_no_letters(results: Results) -> None:
    (row,) = board(run(results, good=GOOD)).rows
    assert row.cells[0].interval.startswith("[0.6")
    assert row.cells[0].letters == ""


def test_the_caption_says_what_interval_and_letters_are(results: Results) -> None:
    caption = board(run(results, good=GOOD, bad=[value - 0.4 for value in GOOD])).caption
    assert "95% intervals (bootstrap over articles)" in caption
    assert "share a letter cannot be told apart" in caption
    assert "letter" not in board(run(results, good=GOOD[:3])).caption


def test_markdown_and_page_show_interval_and_letter(results: Results) -> None:
    given = run(results, good=GOOD, bad=[value - 0.4 for value in GOOD])
    (cell, *_) = (row.cells[0] for row in board(given).rows)
    assert f"{cell.form} \\{cell.interval[:-1]}\\] a |" in as_markdown(given)
    assert f'<span class="letters">a</span><span class="interval">{cell.interval}</span>' in one_page(given)


def test_in_a_terminal_values_stand_below_values_however_many_letters_they_have(results: Results) -> None:
    near = [value + step for value, step in zip(GOOD, [0.01, -0.01] * 5, strict=True)]
    lines = in_terminal(run(results, good=GOOD, near=near, bad=[0.1] * 10)).splitlines()
    rows = [line for line in lines if line[:4].rstrip() in ("good", "near", "bad") and "[" in line]
    assert len({(row.index("["), row.index("]")) for row in rows[:3]}) == 1
