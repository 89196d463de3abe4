"""A disk that fills up under each command: one clear message, and with room again it goes on as if nothing had been."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import viewing

from benchmarks.reliability.kills import label, left_over, project, whole_run
from benchmarks.reliability.tally import Tally
from harness import config, pipeline
from harness.data import labels
from harness.data.articles import read_folder
from harness.data.facts import FactEntry
from harness.data.facts import edit as facts_edit
from harness.errors import HarnessError


def campaign(folder: Path, rng: random.Random, count: int, until: float) -> Tally:
    """Each of the commands on a disk with a few kilobytes left, at most so many."""
    tally = Tally("a full disk")
    disk = folder / "disk"
    disk.mkdir()
    if not _mounted(disk, "size=8m"):
        tally.notes.append("not run: only root can mount a small disk")
        return tally
    try:
        while tally.tried < count and time.monotonic() < until:
            for work in (_run, _score, _facts, _labels):
                for left in disk.iterdir():
                    shutil.rmtree(left)
                work(disk / "work", rng, tally)
                tally.tried += 1
    finally:
        subprocess.run([_tool("umount"), "--lazy", str(disk)], check=False)  # noqa: S603  # the system's own
    return tally


def _run(folder: Path, rng: random.Random, tally: Tally) -> None:
    loaded = config.load(project(_made(folder)))
    _filled(folder, rng, tally, lambda: pipeline.run(loaded, use_cache=False))
    pipeline.run(loaded, use_cache=False)
    whole_run(folder / "out", 80, tally)
    tally.left += left_over(folder)


def _score(folder: Path, rng: random.Random, tally: Tally) -> None:
    pipeline.run(config.load(project(_made(folder))), use_cache=False)
    rows = folder / "rows.jsonl"
    rows.write_text(rows.read_text("utf-8").replace("is closed", "is shut"), "utf-8")
    _filled(folder, rng, tally, lambda: pipeline.score(folder / "out"))
    pipeline.score(folder / "out")
    whole_run(folder / "out", 80, tally)
    tally.left += left_over(folder)


def _facts(folder: Path, rng: random.Random, tally: Tally) -> None:
    viewing.write_articles(_made(folder))
    path = folder / "references" / "bridge" / "facts.yaml"
    article = read_folder(path.parent).require_article()
    saved = list[str]()

    def add() -> None:
        for number in range(60):
            entry = FactEntry(id=f"f{number}", statement=f"The statement has number {number}.")
            facts_edit.add(path, [entry], article)
            saved.append(f"f{number}")

    _filled(folder, rng, tally, add)
    found = read_folder(path.parent)
    ids = [fact.id for fact in found.facts.facts]
    tally.failed += len(found.problems)
    tally.lost += len({*saved, "bridge-closed", "crack-size"} - {*ids})
    tally.left += left_over(folder)


def _labels(folder: Path, rng: random.Random, tally: Tally) -> None:
    files = [folder / name / "labels.jsonl" for name in "ab"]
    for file in files:
        file.parent.mkdir(parents=True)
    saved = list[str]()

    def give() -> None:
        for number in range(2000):
            if number % 5:
                labels.append(files[0], [label(str(number))])
            else:
                labels.append_all({file: [label(str(number))] for file in files})
            saved.append(str(number))

    _filled(folder, rng, tally, give)
    for file in files:
        there = [each.id for each in labels.read(file)]
        tally.lost += len({each for each in saved if file == files[0] or not int(each) % 5} - {*there})
        tally.doubled += len(there) - len({*there})
    tally.left += left_over(folder)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _filled(folder: Path, rng: random.Random, tally: Tally, work: Callable[[], object]) -> None:
    """Do work with a few pages left; what it says of a full disk is to be an error with a message."""
    filler = folder.parent / "filler"
    free = shutil.disk_usage(folder).free
    with suppress(OSError), filler.open("wb") as file:
        file.write(bytes(free - 4096 * rng.randrange(30)))
    try:
        work()
    except HarnessError as error:
        if "No space left on device" not in str(error):
            tally.fail(f"does not say that the disk is full: {error}")
    except Exception as error:  # noqa: BLE001  # what is counted
        tally.fail(f"{type(error).__name__}: {error}")
    finally:
        filler.unlink()


def _mounted(folder: Path, size: str) -> bool:
    if sys.platform != "linux" or os.getuid() != 0:
        return False
    command = [_tool("mount"), "-t", "tmpfs", "-o", size, "tmpfs", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603  # the system's own


def _tool(name: str) -> str:
    return shutil.which(name) or f"/bin/{name}"
