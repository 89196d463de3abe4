"""Pages that update themselves: a running run, and runs being rescored."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import expect
from windows import Site

from harness.data.runs.results import RunFolder
from harness.view.background import Rescoring

pytestmark = pytest.mark.slow


@pytest.fixture
def unfinished_run(site: Site) -> Iterator[tuple[RunFolder, FileLock]]:
    """A run that has only its first summary, and its lock."""
    run = RunFolder(site.project / "results" / "small")
    run.write_manifest(replace(run.manifest, status="running", finished=None))
    summaries = run.summaries.read()
    with run.summaries.rewriting() as write, run.checks.rewriting():
        write(summaries[:1])
    with FileLock(run.path / ".lock") as lock:
        yield run, lock


def test_progress_updates_and_becomes_the_report(
    site: Site, project: Path, unfinished_run: tuple[RunFolder, FileLock]
) -> None:
    window = site.window().visit("/runs/small/")
    (run, lock), whole, page = unfinished_run, RunFolder(project / "results" / "small"), window.page
    expect(page.locator(".stages")).to_contain_text("1 of 4")
    assert window.serious() == []
    run.summaries.append(whole.summaries.read()[1:])
    expect(page.locator(".stages")).to_contain_text("Summaries 4 of 4")
    run.checks.append(whole.checks.read())
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
