"""Runs that are scored again, after a fact was saved for one: in the background, in turn, watched from a page."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from harness import pipeline, progress
from harness.errors import HarnessError
from harness.seams import Verifier
from harness.view.fact_changes import Changes, changes, standing

State = Literal["waiting", "running", "done", "failed"]


@dataclass(slots=True)
class Job:
    """A run that is to be scored again, because of one fact of one article where they are named."""

    run: str
    article: str = ""
    fact: str = ""
    state: State = "waiting"
    done: int = 0
    """Questions answered."""
    total: int = 0
    seconds: float = 0.0
    """What it took, once it is done."""
    changes: Changes | None = None
    problems: tuple[str, ...] = ()
    """Why it failed, or what a run that was scored says went wrong."""

    @property
    def ended(self) -> bool:
        return self.state in ("done", "failed")


class Rescoring:
    """The jobs of one start of the app, the last of each run.

    The reports that they write lead from each verdict to the page of the app at ``address`` that corrects it.
    """

    def __init__(self, address: str = "") -> None:
        self._address = address
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="rescoring")
        self._jobs: dict[str, Job] = {}
        self._loaded: dict[str, Verifier] = {}  # with their weights: the second time takes what the new questions take
        self._lock = threading.Lock()

    def start(self, path: Path, article: str = "", fact: str = "") -> Job:
        """Score the run at a path again, as soon as those before it are done."""
        job = Job(path.name, article, fact)
        with self._lock:
            self._jobs[job.run] = job
        judge = f"{self._address}/runs/{quote(path.name, safe='')}/judge" if self._address else ""
        self._worker.submit(_run, job, path, self._loaded, judge)
        return job

    def job(self, run: str) -> Job | None:
        """The last job of a run of this name."""
        with self._lock:
            return self._jobs.get(run)


def _run(job: Job, path: Path, loaded: dict[str, Verifier], judge: str) -> None:
    job.state = "running"
    started = time.monotonic()
    try:
        was = standing(pipeline.read(path), job.article, job.fact) if job.fact else None
        with progress.watched(_watcher(job)):
            outcome = pipeline.score(path, loaded=loaded, judge=judge)
    except HarnessError as error:
        job.problems = tuple(str(error).splitlines())
        job.state = "failed"
    except Exception as error:
        job.problems = (f"{type(error).__name__}: {error}",)
        job.state = "failed"
        raise
    else:
        job.seconds = time.monotonic() - started
        if was is not None:
            job.changes = changes(was, standing(outcome.results, job.article, job.fact))
        job.problems = outcome.results.manifest.problems
        job.state = "done"


def _watcher(job: Job) -> Callable[[int, int], None]:
    def watch(done: int, total: int) -> None:
        job.done, job.total = done, total

    return watch
