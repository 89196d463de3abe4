"""Read a report, filter it, compare runs: with a mouse, a keyboard and a screen reader's eyes."""

from __future__ import annotations

import re
import shutil
import threading
from typing import Literal

import pytest
from playwright.sync_api import expect
from windows import Served

from harness.view.rescoring import Scoring

pytestmark = pytest.mark.slow

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PAGES = [
    "/",
    "/?gone=small",
    "/bin",
    "/search",
    "/search?q=bridge",
    "/runs/small/manage",
    "/runs/small/judge",
    "/runs/small/agreement",
    "/runs/small/",
    "/runs/small/articles/bridge",
    "/compare",
    "/compare?run=small",
    "/articles",
    "/articles/bridge",
    "/articles/bridge/facts",
    "/review",
    "/nowhere",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_can_be_read_by_everyone_in_any_window(served: Served, path: str) -> None:
    """axe-core finds nothing serious in light and dark; nothing is wider than the window; nothing is refused."""
    window = served.window().visit(path)
    for scheme in SCHEMES:
        # Without motion: a colour that is still fading has another contrast.
        window.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert window.serious() == []
    for width in (1400, 800, 390):
        window.page.set_viewport_size({"width": width, "height": 900})
        assert window.page.evaluate("document.documentElement.scrollWidth") <= width
    assert window.alarms == []


def test_from_the_list_of_runs_to_the_evidence_by_keyboard(served: Served) -> None:
    window = served.window().visit("/")
    page = window.page
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the report")
    page.get_by_role("link", name="small", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Leaderboard")).to_be_visible()
    fact = page.locator("tr.fact .cell").first
    fact.focus()
    page.keyboard.press("Enter")
    expect(page.locator(":target")).to_be_visible()
    assert window.alarms == []


def test_a_filter_narrows_the_facts_and_show_all_brings_them_back(served: Served) -> None:
    """Of bridge's two facts one is essential."""
    window = served.window().visit("/runs/small/articles/bridge")
    facts = window.page.locator("tr.fact")
    expect(facts.filter(visible=True)).to_have_count(2)
    window.page.get_by_label("essential", exact=True).check()
    expect(facts.filter(visible=True)).to_have_count(1)
    window.page.get_by_role("button", name="Show all").click()
    expect(facts.filter(visible=True)).to_have_count(2)
    assert window.alarms == []


def test_two_runs_are_chosen_in_the_list_and_compared(served: Served) -> None:
    run = served.project / "results" / "small"
    shutil.copytree(run, run.with_name("second"))
    window = served.window().visit("/")
    page = window.page
    page.get_by_label("compare small").check()
    page.get_by_label("compare second").check()
    page.get_by_role("button", name="Compare the chosen runs").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("second → small")
    page.get_by_role("combobox").select_option("system")
    page.get_by_label("second", exact=True).uncheck()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("small, by system")
    assert window.alarms == []


def test_what_is_typed_while_a_run_is_scored_again_stays(served: Served) -> None:
    """Who only watches sees the end of it at once; who is at work in the page is given a link."""
    ended = threading.Event()

    def score() -> None:
        ended.wait()

    try:
        served.context.rescoring.start("small", job := Scoring("small", done=1, total=4), score)
        watching, typing = (served.window().visit("/") for _ in range(2))
        typing.page.get_by_label("Find runs").fill("sma")
        job.done = 2
        for window in (watching, typing):
            expect(window.page.locator(".badge")).to_have_text("scoring 2 of 4")
    finally:
        ended.set()
    expect(watching.page.locator(".badge")).to_have_count(0)
    expect(typing.page.get_by_role("link", name="Load the page again")).to_be_visible()
    expect(typing.page.get_by_label("Find runs")).to_have_value("sma")
    assert [*watching.alarms, *typing.alarms] == []


def test_a_run_is_chosen_on_a_phone(served: Served) -> None:
    page = served.window(390).visit("/").page
    box = page.get_by_label("compare small").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) > 10


def test_compare_shows_what_changed_in_a_fact_and_scores_the_run_again(served: Served) -> None:
    facts = served.project / "references" / "bridge" / "facts.yaml"
    facts.write_text(facts.read_text("utf-8").replace("was 12 centimetres", "was 12 cm"), "utf-8")
    window = served.window().visit("/compare?run=small")
    page = window.page
    expect(page.locator("del")).to_have_text("centimetres.")
    expect(page.locator("ins")).to_have_text("cm.")
    assert window.serious() == []
    page.get_by_role("button", name="Score it again").click()
    expect(page.get_by_text("Changed since they were scored")).to_have_count(0)
    expect(page.get_by_text(re.compile("^Scoring"))).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("small, by system")
    assert window.alarms == []
