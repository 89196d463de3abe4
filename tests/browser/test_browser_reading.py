"""Reading a report, comparing runs, pages that update themselves, accessibility, and hostile strings."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import hostile
import pytest
from filelock import FileLock
from playwright.sync_api import expect
from viewing import interrupt
from windows import Site

from harness.data.runs.results import RunFolder
from harness.view.background import Rescoring
from harness.view.context import link

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
    "/nowhere",
]


def test_pages_are_accessible_in_any_window(site: Site) -> None:
    for path in PAGES:
        site.window().visit(path).require_accessible()


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


# Hostile strings ------------------------------------------------------------------------------------------------------


def test_hostile_strings_do_not_run_on_any_linked_page(
    start_site: Callable[[Path], Site], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Follow every link from the list of runs, and use the mouse and the Tab key on each page."""
    site = start_site(hostile.make_project(tmp_path))
    monkeypatch.chdir(tmp_path)
    window = site.window()
    open_, seen = ["/", "/compare?run=" + link(hostile.NAME).removeprefix("/")], set[str]()
    while open_:
        path = open_.pop()
        if path in seen:
            continue
        seen.add(path)
        page = window.visit(path).page
        for _ in range(8):
            page.keyboard.press("Tab")
        page.mouse.move(300, 200)
        page.mouse.move(300, 600)
        assert page.url == site.address + ("/" if path == "/compare" else path), "without runs, Compare is the list"
        assert page.evaluate("window.ran") is None, path
        assert page.evaluate("document.querySelectorAll('img, iframe, base, object, [onload], [style]').length") == 0
        assert window.alarms == [], path
        found = page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.href)")
        assert not [address for address in found if not address.startswith((site.address, "data:"))]
        open_ += {address.removeprefix(site.address).partition("#")[0].partition("?")[0] for address in found}
    assert link("runs", hostile.NAME) + "/" in seen
    assert link("articles", hostile.NAME) in seen
    assert len(seen) > 6


# Pages that update themselves -----------------------------------------------------------------------------------------


@pytest.fixture
def unfinished_run(site: Site) -> Iterator[tuple[RunFolder, FileLock]]:
    """A run that has only its first summary, and its lock."""
    run = RunFolder(site.project / "results" / "small")
    interrupt(run)
    with FileLock(run.path / ".lock") as lock:
        yield run, lock


def test_progress_becomes_the_report(site: Site, project: Path, unfinished_run: tuple[RunFolder, FileLock]) -> None:
    window = site.window().visit("/runs/small/")
    (run, lock), whole, page = unfinished_run, RunFolder(project / "results" / "small"), window.page
    expect(page.locator(".stages")).to_contain_text("1 of 4")
    assert window.find_violations() == []
    run.summaries.append(list(whole.summaries)[1:])
    expect(page.locator(".stages")).to_contain_text("Summaries 4 of 4")
    run.checks.append(whole.checks)
    expect(page.locator(".stages")).to_contain_text("Verdicts 4 of 4")
    run.write_manifest(whole.manifest)
    lock.release()
    expect(page.get_by_role("heading", name="Leaderboard")).to_be_visible()
    assert window.alarms == []


@pytest.mark.usefixtures("unfinished_run")
def test_deleted_run_is_reported_on_its_page(site: Site) -> None:
    page = site.window().visit("/runs/small/").page
    expect(page.locator(".stages")).to_contain_text("1 of 4")
    shutil.rmtree(site.project / "results" / "small")
    expect(page.get_by_role("heading", name="Not found")).to_be_visible()


def test_list_reloads_after_rescoring_unless_in_use(site: Site) -> None:
    ended = threading.Event()

    def score(path: Path) -> list[str]:
        ended.wait()
        return []

    try:
        site.context.rescoring = Rescoring(score)
        site.context.rescoring.start(site.project / "results" / "small")
        watching, working = (site.window().visit("/") for _ in range(2))
        working.page.get_by_label("compare small").check()
        for window in (watching, working):
            expect(window.page.get_by_text("Scoring small again")).to_be_visible()
    finally:
        ended.set()
    expect(watching.page.locator("#live")).to_have_count(0)
    expect(working.page.get_by_role("link", name="Reload the page")).to_be_visible()
    expect(working.page.get_by_label("compare small")).to_be_checked()
    assert [*watching.alarms, *working.alarms] == []
