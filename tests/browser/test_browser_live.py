"""A run that goes on is followed on its page, to its end or to its disappearance."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import expect
from windows import Served

from harness.data.runs.results import RunFolder
from harness.records import Manifest

pytestmark = pytest.mark.slow


class Going:
    """A run that writes when it is told to."""

    def __init__(self, path: Path) -> None:
        self.run = RunFolder(path)
        self.lock = FileLock(path / ".lock")
        self.whole: Manifest = self.run.manifest
        self.summaries, self.checks = self.run.summaries.read(), self.run.checks.read()
        self.run.write_manifest(replace(self.whole, status="running", finished=None))
        with self.run.summaries.rewriting() as write, self.run.checks.rewriting():
            write(self.summaries[:1])
        self.lock.acquire()

    def end(self) -> None:
        self.run.write_manifest(self.whole)
        self.lock.release()


@pytest.fixture
def going(served: Served) -> Iterator[Going]:
    made = Going(served.project / "results" / "small")
    yield made
    made.lock.release()


def test_rows_come_and_then_the_report(served: Served, going: Going) -> None:
    window = served.window().visit("/runs/small/")
    page = window.page
    expect(page.locator("#summarised-said")).to_have_text("1 of 4")
    assert window.serious() == []
    going.run.summaries.append(going.summaries[1:])
    expect(page.locator("#summarised-said")).to_have_text("4 of 4")
    expect(page.locator("#rows tr")).to_have_count(4)
    going.run.checks.append(going.checks)
    expect(page.locator("#verified-said")).to_have_text("4 of 4")
    expect(page.locator("#rows")).to_contain_text("supported")
    going.end()
    expect(page.get_by_role("heading", name="Leaderboard")).to_be_visible()
    assert window.alarms == []


def test_a_run_that_is_deleted_while_it_is_watched_is_told(served: Served, going: Going) -> None:
    window = served.window().visit("/runs/small/")
    expect(window.page.locator("#summarised-said")).to_have_text("1 of 4")
    shutil.rmtree(served.project / "results" / "small")
    expect(window.page.locator("#state")).to_contain_text("it may have been removed")


def test_a_run_that_is_killed_gives_way_to_what_it_made(served: Served, going: Going) -> None:
    window = served.window().visit("/runs/small/")
    expect(window.page.locator("#summarised-said")).to_have_text("1 of 4")
    going.lock.release()
    expect(window.page.get_by_text("Partial: the run was interrupted")).to_be_visible()
