"""Processes killed at random moments: what was acknowledged is there, once, and nothing is left beside it."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import viewing
from viewing import BRIDGE

from benchmarks.reliability.tally import Tally
from harness import config, pipeline
from harness.data import labels
from harness.data.articles import read_folder
from harness.data.facts import FactEntry
from harness.data.facts import edit as facts_edit
from harness.data.runs import check as run_check
from harness.data.runs.results import RunFolder
from harness.errors import HarnessError
from harness.records import Annotation, Shown

Work = Callable[[], object]


def killed(work: Work, rng: random.Random, longest: float, group: bool = False) -> None:
    """Do work in a process that is killed within so many seconds, if it has not ended by then; ``group``: with all
    that it started."""
    process = os.fork()
    if process == 0:
        try:
            os.setpgid(0, 0)
            work()
        finally:
            os._exit(0)
    time.sleep(rng.random() * longest)
    with suppress(ProcessLookupError):  # it has no group of its own yet
        (os.killpg if group else os.kill)(process, signal.SIGKILL)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


def seconds(work: Work) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def project(folder: Path) -> Path:
    """Forty articles, two systems on them, and what they are judged by."""
    rows = [
        {"id": f"{n:03}", "text": BRIDGE.replace("12", str(n)), "facts": ["The bridge is closed."]} for n in range(40)
    ]
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    path = folder / "run.yaml"
    path.write_text(
        "articles: rows.jsonl\nmodels: {lead: {kind: lead}, textrank: {kind: textrank}}\nverifier: lexical\n"
        f"scorers: [fact_recall, faithfulness, length]\noutput: {folder / 'out'}\n",
        "utf-8",
    )
    return path


def runs(folder: Path, rng: random.Random, kills: int, until: float) -> Tally:
    """``harness run``, killed again and again, ten times each; then it may finish."""
    tally, path = Tally("kill: run"), project(folder)
    loaded, out = config.load(path), folder / "out"
    work: Work = lambda: pipeline.run(loaded, use_cache=False)  # noqa: E731  # handed over
    longest = seconds(work)
    while tally.tried < kills and time.monotonic() < until:
        for name in ("summaries.jsonl", "verdicts.jsonl", "scores.jsonl", "manifest.json"):
            (out / name).unlink(missing_ok=True)
        for _ in range(10):
            killed(work, rng, longest)
            tally.tried += 1
        work()
        whole_run(out, 80, tally)
    return tally


def scores(folder: Path, rng: random.Random, kills: int, until: float) -> Tally:
    """``harness score`` after a fact changed, killed; then it may finish."""
    tally, path = Tally("kill: score"), project(folder)
    pipeline.run(config.load(path), use_cache=False)
    out, rows = folder / "out", folder / "rows.jsonl"
    work: Work = lambda: pipeline.score(out)  # noqa: E731  # handed over
    longest = seconds(work)
    while tally.tried < kills and time.monotonic() < until:
        rows.write_text(rows.read_text("utf-8").replace("is closed", f"is closed {tally.tried}"), "utf-8")
        for _ in range(5):
            killed(work, rng, longest)
            tally.tried += 1
        work()
        whole_run(out, 80, tally)
    return tally


def whole_run(out: Path, summaries: int, tally: Tally) -> None:
    """Count what a finished run lacks, has twice, or has left over."""
    folder = RunFolder(out)
    places = Counter(summary.place for summary in folder.summaries.read())
    checks = Counter(check.identity for check in folder.checks.read())
    tally.lost += summaries - len(places)
    tally.doubled += sum(count - 1 for count in (*places.values(), *checks.values()))
    tally.left += left_over(out)
    tally.failed += len([problem for problem in run_check.examine(out) if "records of" not in problem.message])


def left_over(folder: Path) -> int:
    """Files below a folder that a process left half written."""
    return len(list(folder.rglob("*.part")))


def facts(folder: Path, rng: random.Random, kills: int, until: float) -> Tally:
    """Facts added one by one: the file is the old one or the new one, and reads."""
    tally = Tally("kill: facts")
    viewing.write_articles(folder)
    path = folder / "references" / "bridge" / "facts.yaml"
    article = read_folder(path.parent).require_article()
    added = 0
    while tally.tried < kills and time.monotonic() < until:
        entry = FactEntry(id=f"f{tally.tried}", statement=f"Statement number {tally.tried}.")
        killed(lambda entry=entry: facts_edit.add(path, entry, article), rng, 0.05)  # type: ignore[misc]  # bound now
        tally.tried += 1
        found = read_folder(path.parent)
        ids = Counter(fact.id for fact in found.facts.facts)
        if found.problems or len(ids) not in (2 + added, 3 + added):
            tally.lost += 1
        added = len(ids) - 2
        tally.doubled += sum(count - 1 for count in ids.values())
        tally.left += left_over(path.parent)
    return tally


def label(key: str) -> Annotation:
    return Annotation(
        key, "ada", "2026-11-26T20:00:00+00:00", "a", "coverage", "f", "It rains.", "0" * 16, "absent", Shown(True)
    )


def labelling(folder: Path, rng: random.Random, kills: int, until: float) -> Tally:
    """Labels given one by one and imported in three files; those acknowledged are there, once."""
    tally = Tally("kill: labels")
    files = [folder / name / "labels.jsonl" for name in "abc"]
    for file in files:
        file.parent.mkdir()
    known = folder / "acknowledged"
    known.touch()

    def give() -> None:
        for number in range(200):
            key = f"{tally.tried}-{number}"
            if number % 5:
                labels.append(files[0], [label(key)])
            else:
                labels.append_all({file: [label(f"{key}-{file.parent.name}")] for file in files})
                key = f"{key}-a"
            with known.open("a") as told:
                told.write(f"{key}\n")

    while tally.tried < kills and time.monotonic() < until:
        killed(give, rng, 0.4)
        tally.tried += 1
        try:
            there = Counter(each.id for file in files for each in labels.read(file))
        except HarnessError:
            tally.failed += 1
            continue
        tally.lost += sum(1 for key in known.read_text().splitlines() if key not in there)
        tally.doubled += sum(count - 1 for count in there.values())
        labels.append_all({file: [label(f"{tally.tried} after {file.parent.name}")] for file in files})
        tally.left += left_over(folder)  # by now: the next writing takes away what a killed one left
    return tally
