"""The report file in a real browser: from disk, with and without scripts, by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import hostile
import memory_run
import pytest
from playwright.sync_api import Browser, expect
from windows import Window

from harness import pipeline
from harness.records import Metric, Score
from harness.report import pages

pytestmark = pytest.mark.slow

Opening = Callable[..., Window]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of three systems on one article of four facts."""
    made = memory_run.run(
        {
            "one": {"a": ["supported", "supported", "absent", "uncertain"]},
            "two": {"a": ["supported", "contradicted", "absent", "supported"]},
            "three": {"a": ["absent", "supported", "supported", "absent"]},
        },
        ("essential", "essential", "supporting", "detail"),
        claims={"one": {"a": ["supported"]}, "two": {"a": ["contradicted"]}, "three": {"a": ["absent"]}},
    )
    folder = tmp_path_factory.mktemp("report")
    metrics = (
        Metric("fact_recall", "Fact recall", headline=True),
        Metric("seconds", "Seconds", "lower", "seconds", True),
        Metric("margin", "Margin", "higher", "number", True),
    )
    values = {"one": (0.5, 12.0, -0.5), "two": (0.5, 3.5, -0.25), "three": (0.25, None, 0.1)}
    scores = [
        Score(system, "a", 0, metric.name, value, "s", reason=None if value is not None else "not timed")
        for system, row in values.items()
        for metric, value in zip(metrics, row, strict=True)
    ]
    pages.write(replace(made, metrics=metrics, scores=scores), folder)
    return folder / "report.html"


@pytest.fixture(scope="module")
def wide_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of 25 systems with long names on 9 facts."""
    systems: memory_run.Verdicts = {
        f"meta-llama/model-{number}-instruct/only-the-article": {"a": ["supported"] * 9} for number in range(25)
    }
    folder = tmp_path_factory.mktemp("many")
    pages.write(memory_run.run(systems, ("essential",) * 9), folder)
    return folder / "report.html"


@pytest.fixture
def open_window(browser: Browser) -> Iterator[Opening]:
    """A function that opens a file in a new window."""
    contexts = []

    def open_file(path: Path, width: int = 1400, place: str = "", **options: Any) -> Window:
        contexts.append(
            browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce", **options)
        )
        window = Window(contexts[-1].new_page(), "file://")
        window.page.goto(path.as_uri() + place)
        return window

    yield open_file
    for context in contexts:
        context.close()


def test_report_is_accessible_and_starts_with_the_leaderboard(open_window: Opening, file: Path) -> None:
    window = open_window(file)
    expect(window.page.get_by_role("table").first.locator("tbody tr").last).to_be_in_viewport()
    window.require_accessible()


def test_filters_work_without_scripts(open_window: Opening, file: Path) -> None:
    page = open_window(file, java_script_enabled=False).page
    page.locator("details.article > summary").click()
    facts = page.locator("tr.fact")
    for filtered, count in (
        ("essential", 2),
        ("✗ contradicted or wrong", 1),
        ("? undecided", 1),
        ("different between systems", 4),
    ):
        box = page.get_by_role("checkbox", name=filtered, exact=True)
        box.check()
        expect(facts.filter(visible=True)).to_have_count(count)
        box.uncheck()


def test_links_lead_from_the_error_counts_to_the_claim_and_unfold_it(open_window: Opening, file: Path) -> None:
    page = open_window(file, java_script_enabled=False).page
    claim = page.locator("li.claim", has_text="Claim 0 of two on a.")
    error = page.locator("#errors").get_by_role("link", name="“Claim 0 of two on a.”")
    page.locator("#systems tr", has_text="two").locator("td a").first.click()
    expect(error).to_be_in_viewport()
    expect(claim).to_be_hidden()
    error.click()
    expect(claim).to_be_in_viewport()


def test_click_on_a_heading_sorts_the_leaderboard(open_window: Opening, file: Path) -> None:
    """Better values come first, or last after a second click; missing values always come last."""
    window = open_window(file)
    names = window.page.locator("#leaderboard tbody th[scope=row]")
    expect(names).to_have_text(["one", "two", "three"])
    for head, order in (
        ("Seconds", ["two", "one", "three"]),
        ("Seconds", ["one", "two", "three"]),
        ("Fact recall", ["one", "two", "three"]),
        ("Fact recall", ["three", "one", "two"]),
        ("Margin", ["three", "two", "one"]),
        ("System", ["one", "three", "two"]),
    ):
        window.page.locator("#leaderboard").get_by_role("button", name=head).click()
        expect(names).to_have_text(order)
    expect(window.page.locator("#leaderboard th[aria-sort]")).to_have_text(["System"])
    assert window.find_violations() == []
    assert window.alarms == []


def test_note_numbers_do_not_affect_sorting(open_window: Opening, tmp_path: Path) -> None:
    """``one`` has 8 tokens and a note, because its second value is missing; ``two`` has 10."""
    made = memory_run.run({name: {"a": ["supported"], "b": ["supported"]} for name in ("one", "two")})
    metric = Metric("tokens", "Tokens", "lower", "count", True)
    values = {("one", "a"): 8.0, ("one", "b"): None, ("two", "a"): 10.0, ("two", "b"): 10.0}
    scores = [
        Score(system, article, 0, metric.name, value, "s", reason=None if value is not None else "not counted")
        for (system, article), value in values.items()
    ]
    pages.write(replace(made, metrics=(metric,), scores=scores), tmp_path)
    page = open_window(tmp_path / "report.html").page
    expect(page.locator("#leaderboard tbody sup")).to_have_text(["1"])
    page.locator("#leaderboard").get_by_role("button", name="Tokens").click()
    expect(page.locator("#leaderboard tbody th[scope=row]")).to_have_text(["one", "two"])


def test_print_shows_everything(open_window: Opening, file: Path) -> None:
    page = open_window(file, java_script_enabled=False).page
    page.emulate_media(media="print")
    expect(page.locator(".controls")).to_be_hidden()
    for hidden_on_screen in (".card .text", "li.claim", "li.fact"):
        every = page.locator(hidden_on_screen)
        assert every.count() == every.filter(visible=True).count() > 0, hidden_on_screen


def test_hostile_strings_do_not_run_in_a_file(open_window: Opening, tmp_path: Path) -> None:
    run = hostile.make_project(tmp_path) / "results" / hostile.NAME
    pages.write(pipeline.read(run), run)
    window = open_window(run / "report.html")
    for element in window.page.locator("summary").all():
        element.click()
    assert window.page.evaluate("window.ran") is None
    assert window.alarms == []


def test_matrix_heading_stays_visible_below_the_contents(open_window: Opening, file: Path) -> None:
    page = open_window(file).page
    page.locator("details.article > summary").click()
    page.set_viewport_size({"width": 1400, "height": 330})
    last = page.locator("tr.fact").last
    last.evaluate("row => window.scrollBy(0, row.getBoundingClientRect().top - window.innerHeight + 110)")
    bar, head, row = (
        each.bounding_box() for each in (page.locator(".contents"), page.locator(".matrix thead th").first, last)
    )
    assert bar
    assert head
    assert row
    assert head["y"] <= bar["y"] + bar["height"] <= head["y"] + 8
    assert head["y"] + head["height"] < row["y"] < 330


@pytest.mark.parametrize("width", [1280, 390])
def test_matrix_of_25_systems_scrolls_sideways_only(open_window: Opening, wide_report: Path, width: int) -> None:
    page = open_window(wide_report, width=width).page
    page.locator("details.article > summary").click()
    matrix = page.locator(".scroll:has(> .matrix)")
    assert matrix.evaluate("box => box.scrollHeight <= box.clientHeight + 1")
    matrix.evaluate("box => { box.scrollTo(9999, 0); box.scrollIntoView({block: 'end'}); }")
    expect(matrix.locator("td").last).to_be_in_viewport(ratio=0.9)
