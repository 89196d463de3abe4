"""The report as a file in a real browser: opened from disk, with scripts and without, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import hostile
import judged_run
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from windows import Window

from harness import pipeline
from harness.records import Check, Difference, Metric, Score, Span
from harness.report import pages

pytestmark = pytest.mark.slow

Opening = Callable[..., Window]
GROUND = "element => getComputedStyle(element).backgroundColor"
NONE = "rgba(0, 0, 0, 0)"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of three systems on one article of four facts."""
    made = judged_run.run(
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
    )
    values = {"one": (0.5, 12.0), "two": (0.5, 3.5), "three": (0.25, None)}
    scores = [
        Score(system, "a", 0, metric.name, value, "s", reason=None if value is not None else "not timed")
        for system, row in values.items()
        for metric, value in zip(metrics, row, strict=True)
    ]
    checks = [_with_evidence(check) for check in made.checks]
    pages.write(replace(made, checks=checks, metrics=metrics, scores=scores), folder)
    return folder / "report.html"


def _with_evidence(check: Check) -> Check:
    """``Summary`` is evidence for the facts, the article's second sentence for the claims, of which a name differs."""
    bridge = Span(22, 38, "It has a bridge.")
    found = Span(0, 7, "Summary") if check.use == "coverage" else bridge
    differences = (Difference("name", "Lyd", Span(22, 24, "It")),) if check.use == "grounding" else ()
    return replace(check, verdict=replace(check.verdict, evidence=found, differences=differences))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of 25 systems with long names on 9 facts."""
    systems: judged_run.Verdicts = {
        f"meta-llama/model-{number}-instruct/only-the-article": {"a": ["supported"] * 9} for number in range(25)
    }
    folder = tmp_path_factory.mktemp("many")
    pages.write(judged_run.run(systems, ("essential",) * 9), folder)
    return folder / "report.html"


@pytest.fixture
def opening(browser: Browser) -> Iterator[Opening]:
    """Opens a file in a window of its own."""
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


def box(page: Page, name: str) -> Locator:
    return page.get_by_role("checkbox", name=name, exact=True)


def test_everyone_can_read_it_in_any_window_and_the_leaderboard_is_on_the_first_screen(
    opening: Opening, file: Path
) -> None:
    window = opening(file)
    expect(window.page.get_by_role("table").first.locator("tbody tr").last).to_be_in_viewport()
    for scheme in ("light", "dark"):
        window.page.emulate_media(color_scheme=scheme)
        assert window.serious() == []
    for width in (1400, 800, 390):
        window.page.set_viewport_size({"width": width, "height": 900})
        assert window.page.evaluate("document.documentElement.scrollWidth") <= width
    assert window.alarms == []


def test_without_a_script_filters_narrow_and_systems_can_be_picked(opening: Opening, file: Path) -> None:
    page = opening(file, java_script_enabled=False).page
    facts, heads = page.locator("tr.fact"), page.locator(".matrix thead th")
    for filtered, count in (
        ("essential", 2),
        ("✗ contradicted or wrong", 1),
        ("? undecided", 1),
        ("different between systems", 4),
    ):
        box(page, filtered).check()
        expect(facts.filter(visible=True)).to_have_count(count)
        page.get_by_role("button", name="Show all").click()
    box(page, "one").check()
    box(page, "three").check()
    expect(heads.filter(visible=True)).to_have_text(["Fact", "one", "three"])
    expect(page.locator(".card:visible h4")).to_have_text(["one", "three"])


def test_what_is_pointed_at_or_tabbed_to_shows_its_partners(opening: Opening, file: Path) -> None:
    """Claim 1 of ``two`` rests on the article's second sentence, and its own place in the summary is ``S``."""
    page = opening(file, java_script_enabled=False).page
    box(page, "all in full").check()
    claim, place = page.locator("#a0s1k0k1"), page.locator("#a0s1 .told span.k1")
    passage, other = page.locator(".source .cited"), page.locator("#a0s2 .told span.k1")
    assert passage.evaluate(GROUND) == NONE
    claim.hover()
    lit = passage.evaluate(GROUND)
    assert lit != NONE
    assert [each.evaluate(GROUND) for each in (claim, place, other)] == [lit, lit, other.evaluate(GROUND)]
    assert other.evaluate(GROUND) != lit
    page.mouse.move(0, 0)
    page.locator("#a0s1 .told a.k1").focus()
    assert [each.evaluate(GROUND) for each in (claim, place)] == [lit, lit]
    expect(claim).to_contain_text("summary says “Lyd” / article says “It”")


def test_with_a_script_only_the_systems_picked_are_compared(opening: Opening, file: Path) -> None:
    """``one`` and ``three`` agree on the second fact, and of the fourth ``one`` is undecided; all three do not."""
    window = opening(file)
    page = window.page
    shown = page.locator("tr.fact").filter(visible=True)
    box(page, "different between systems").check()
    expect(shown).to_have_count(4)
    box(page, "one").check()
    box(page, "three").check()
    expect(shown).to_have_count(2)
    page.get_by_role("radio", name="side by side").check()
    first, second = (page.locator(f"#a0s{place} .card").bounding_box() for place in (0, 2))
    assert first
    assert second
    assert (first["y"], first["x"] + first["width"] <= second["x"]) == (second["y"], True)
    page.get_by_role("button", name="Show all").click()
    expect(shown).to_have_count(4)
    assert window.alarms == []


def test_systems_picked_agree_where_a_person_gave_one_the_label_that_the_verifier_gave_the_other(
    opening: Opening, tmp_path: Path
) -> None:
    """Of the only fact the verifier is undecided for ``one``; ada says that it is kept, as ``two`` and not ``three``
    keeps it."""
    made = judged_run.run(
        {"one": {"a": ["uncertain"]}, "two": {"a": ["supported"]}, "three": {"a": ["absent"]}}, ("essential",)
    )
    pair = judged_run.questions(made)["one", "a", "f0"]
    pages.write(replace(made, labels=(judged_run.annotation(pair, "supported"),)), tmp_path)
    page = opening(tmp_path / "report.html").page
    fact = page.locator("tr.fact.differing")
    expect(fact).to_have_count(1)
    box(page, "one").check()
    box(page, "two").check()
    expect(fact).to_have_count(0)
    box(page, "three").check()
    expect(fact).to_have_count(1)


def test_a_summary_is_folded_to_its_first_words_and_what_is_wrong_in_it(opening: Opening, file: Path) -> None:
    page = opening(file, java_script_enabled=False).page
    card = page.locator("#a0s1k0")
    wrong = card.get_by_role("link", name="Claim 0 of two on a.")
    expect(card.get_by_text("Summary of a by two.").first).to_be_visible()
    expect(card.locator(".told.text")).to_be_hidden()
    expect(card.locator(".says")).to_be_hidden()
    wrong.click()
    expect(card.locator("#a0s1k0k1")).to_be_in_viewport()
    expect(wrong).to_be_hidden()
    expect(page.locator(".told.text:visible")).to_have_count(1)
    box(page, "all in full").check()
    expect(page.locator(".told.text:visible")).to_have_count(3)


def test_every_number_of_the_leaderboard_leads_to_what_it_stands_on(opening: Opening, file: Path) -> None:
    page = opening(file, java_script_enabled=False).page
    numbers = page.locator("#leaderboard td").filter(has_not_text="–")
    assert numbers.count() == numbers.locator("a").count() == 5
    page.locator("#leaderboard tr", has_text="two").locator("td a").first.click()
    expect(page.locator("#a0s1k0f1")).to_be_in_viewport()


def test_a_click_on_a_head_sorts_the_leaderboard(opening: Opening, file: Path) -> None:
    """The better end comes first, at the next click the other; what has no value comes last in both."""
    window = opening(file)
    names = window.page.locator("#leaderboard tbody th[scope=row]")
    expect(names).to_have_text(["one", "two", "three"])
    for head, order in (
        ("Seconds ↓", ["two", "one", "three"]),
        ("Seconds ↓", ["one", "two", "three"]),
        ("Fact recall ↑", ["one", "two", "three"]),
        ("Fact recall ↑", ["three", "one", "two"]),
        ("System", ["one", "three", "two"]),
    ):
        window.page.locator("#leaderboard").get_by_role(
            "button", name=head.partition(" ↑")[0].partition(" ↓")[0]
        ).click()
        expect(names).to_have_text(order)
    expect(window.page.locator("#leaderboard th[aria-sort]")).to_have_text(["System"])
    assert window.serious() == []
    assert window.alarms == []


def test_the_number_of_a_note_is_no_part_of_the_value_that_is_sorted(opening: Opening, tmp_path: Path) -> None:
    """``one`` has 8 tokens and a note, as it has no value on the second article; 8 is less than ``two``'s 10."""
    made = judged_run.run({name: {"a": ["supported"], "b": ["supported"]} for name in ("one", "two")})
    metric = Metric("tokens", "Tokens", "lower", "count", True)
    values = {("one", "a"): 8.0, ("one", "b"): None, ("two", "a"): 10.0, ("two", "b"): 10.0}
    scores = [
        Score(system, article, 0, metric.name, value, "s", reason=None if value is not None else "not counted")
        for (system, article), value in values.items()
    ]
    pages.write(replace(made, metrics=(metric,), scores=scores), tmp_path)
    page = opening(tmp_path / "report.html").page
    expect(page.locator("#leaderboard tbody sup")).to_have_text(["1"])
    page.locator("#leaderboard").get_by_role("button", name="Tokens").click()
    expect(page.locator("#leaderboard tbody th[scope=row]")).to_have_text(["one", "two"])


def test_on_paper_everything_stands_there(opening: Opening, file: Path) -> None:
    page = opening(file, java_script_enabled=False).page
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="The article", exact=True)).to_be_visible()
    expect(page.locator(".controls")).to_be_hidden()
    for hidden_on_screen in (".told.text", "li.claim", "li.fact", "figure table"):
        every = page.locator(hidden_on_screen)
        assert every.count() == every.filter(visible=True).count() > 0, hidden_on_screen


def test_nothing_hostile_runs_in_a_file(opening: Opening, tmp_path: Path) -> None:
    run = hostile.make_project(tmp_path) / "results" / hostile.NAME
    pages.write(pipeline.read(run), run)
    window = opening(run / "report.html")
    for element in window.page.locator("summary").all():
        element.click()
    assert window.page.evaluate("window.ran") is None
    assert window.alarms == []


def test_the_matrix_heading_stays_in_sight_with_its_rows(opening: Opening, file: Path) -> None:
    """Where the matrix has room it scrolls with the page, below the page's contents."""
    page = opening(file).page
    page.set_viewport_size({"width": 1400, "height": 330})
    _heading_stays_above_the_last_row(page)


def test_a_matrix_of_25_systems_has_room(opening: Opening, many: Path) -> None:
    """Their names stand on end, so that all columns fit beside the facts."""
    page = opening(many, width=1280).page
    page.set_viewport_size({"width": 1280, "height": 450})
    _heading_stays_above_the_last_row(page)
    expect(page.locator(".matrix thead th").last).to_be_in_viewport(ratio=0.9)


def test_a_matrix_without_room_scrolls_both_ways_under_its_headings(opening: Opening, many: Path) -> None:
    page = opening(many, width=390).page
    page.set_viewport_size({"width": 390, "height": 450})
    matrix = page.locator(".scroll:has(> .matrix)")
    matrix.evaluate("box => { box.scrollTo(9999, 9999); box.scrollIntoView({block: 'end'}); }")
    for cell in (matrix.locator("thead th").last, matrix.locator("tr.fact th").last, matrix.locator("td").last):
        expect(cell).to_be_in_viewport(ratio=0.9)


def _heading_stays_above_the_last_row(page: Page) -> None:
    height = page.evaluate("window.innerHeight")
    last = page.locator("tr.fact").last
    last.evaluate("row => window.scrollBy(0, row.getBoundingClientRect().top - window.innerHeight + 110)")
    bar, head, row = (
        each.bounding_box() for each in (page.locator(".contents"), page.locator(".matrix thead th").first, last)
    )
    assert bar
    assert head
    assert row
    assert head["y"] <= bar["y"] + bar["height"] <= head["y"] + 8
    assert head["y"] + head["height"] < row["y"] < height


def test_in_a_narrow_window_no_heading_is_half_hidden(opening: Opening, file: Path) -> None:
    page = opening(file, width=390).page
    matrix = page.locator(".scroll:has(> .matrix)")
    matrix.evaluate("box => box.scrollTo(30, 0)")
    edge = matrix.locator("thead th").first.evaluate("head => head.getBoundingClientRect().right")
    lefts = matrix.locator("thead th:not(:first-child)").evaluate_all(
        "heads => heads.map(head => head.getBoundingClientRect().left)"
    )
    assert min(abs(left - edge) for left in lefts) < 2
