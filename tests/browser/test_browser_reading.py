"""Reading a report and comparing runs, by mouse and keyboard, and accessibility of the pages."""

from __future__ import annotations

import json
import shutil

import pytest
from playwright.sync_api import expect
from windows import Site

pytestmark = pytest.mark.slow

PAGES = [
    "/",
    "/search?q=bridge",
    "/runs/small/",
    "/runs/small/articles/bridge",
    "/compare?run=small",
    "/articles",
    "/articles/bridge?suggest=1",
    "/articles/bridge/facts/crack-size",
    "/review",
    "/nowhere",
]


@pytest.mark.parametrize("path", PAGES)
def test_page_is_accessible_in_any_window(site: Site, path: str) -> None:
    """axe-core finds no serious violation in light or dark mode, and nothing is wider than the window."""
    window = site.window().visit(path)
    for scheme in ("light", "dark"):
        # Without motion, as a fading colour has another contrast.
        window.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert window.serious() == []
    for width in (1400, 800, 390):
        window.page.set_viewport_size({"width": width, "height": 900})
        assert window.page.evaluate("document.documentElement.scrollWidth") <= width
    assert window.alarms == []


def test_evidence_is_reached_by_keyboard(site: Site) -> None:
    window = site.window().visit("/")
    page = window.page
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.get_by_role("link", name="small", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Leaderboard")).to_be_visible()
    page.locator("details.article > summary").first.focus()
    page.keyboard.press("Enter")
    fact = page.locator("tr.fact .cell").first
    fact.focus()
    page.keyboard.press("Enter")
    expect(page.locator(":target")).to_be_visible()
    assert window.alarms == []


def test_two_ticked_runs_are_compared(site: Site) -> None:
    run = site.project / "results" / "small"
    shutil.copytree(run, run.with_name("newer"))
    manifest = run.with_name("newer") / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text("utf-8")) | {"started": "2031-01-01T10:00:00+00:00"}))
    window = site.window().visit("/")
    page = window.page
    for name in ("newer", "small"):
        page.get_by_label(f"compare {name}").check()
    page.get_by_role("button", name="Compare the ticked runs").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("small → newer")
    page.get_by_role("link", name="make it the reference").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("newer → small")
    page.get_by_role("link", name="systems", exact=True).click()
    expect(page.get_by_role("link", name="systems", exact=True)).to_have_attribute("aria-current", "true")
    assert window.alarms == []
