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
from windows import Served

from harness.data.runs.results import RunFolder
from harness.records import Manifest
from harness.view.background import Rescoring

pytestmark = pytest.mark.slow


class RunningRun:
    """A run whose files the test writes."""

    def __init__(self, path: Path) -> None:
        self.run = RunFolder(path)
        self.lock = FileLock(path / ".lock")
        self.whole: Manifest = self.run.manifest
        self.summaries, self.checks = self.run.summaries.read(), self.run.checks.read()
        self.run.write_manifest(replace(self.whole, status="running", finished=None))
        with self.run.summaries.rewriting() as write, self.run.checks.rewriting():
            write(self.summaries[:1])
        self.lock.acquire()


@pytest.fixture
def running(served: Served) -> Iterator[RunningRun]:
    run = RunningRun(served.project / "results" / "small")
    yield run
    run.lock.release()


def test_progress_updates_and_becomes_the_report(served: Served, running: RunningRun) -> None:
    window = served.window().visit("/runs/small/")
    page = window.page
    expect(page.locator(".stages")).to_contain_text("1 of 4")
    assert window.serious() == []
    running.run.summaries.append(running.summaries[1:])
    expect(page.locator(".stages")).to_contain_text("Summaries 4 of 4")
    running.run.checks.append(running.checks)
    expect(page.locator(".stages")).to_contain_text("Verdicts 4 of 4")
    running.run.write_manifest(running.whole)
    running.lock.release()
    expect(page.get_by_role("heading", name="Leaderboard")).to_be_visible()
    assert window.alarms == []


def test_deleted_run_is_reported_on_its_page(served: Served, running: RunningRun) -> None:
    page = served.window().visit("/runs/small/").page
    expect(page.locator(".stages")).to_contain_text("1 of 4")
    shutil.rmtree(served.project / "results" / "small")
    expect(page.get_by_role("heading", name="Not found")).to_be_visible()


def test_list_reloads_after_rescoring_unless_in_use(served: Served) -> None:
    ended = threading.Event()

    def score(path: Path) -> list[str]:
        ended.wait()
        return []

    try:
        served.context.rescoring = Rescoring(score)
        served.context.rescoring.start(served.project / "results" / "small")
        watching, working = (served.window().visit("/") for _ in range(2))
        working.page.get_by_label("compare small").check()
        for window in (watching, working):
            expect(window.page.get_by_text("Scoring small again")).to_be_visible()
    finally:
        ended.set()
    expect(watching.page.locator("#live")).to_have_count(0)
    expect(working.page.get_by_role("link", name="Reload the page")).to_be_visible()
    expect(working.page.get_by_label("compare small")).to_be_checked()
    assert [*watching.alarms, *working.alarms] == []
