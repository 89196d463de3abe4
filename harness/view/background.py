"""Rescore runs in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from harness import pipeline, progress
from harness.errors import HarnessError
from harness.seams import Verifier


@dataclass(slots=True)
class Job:
    """One run being rescored."""

    run: str
    state: Literal["waiting", "running", "done", "failed"] = "waiting"
    done: int = 0
    """Steps of the present stage so far: pairs to verify, then articles to score."""
    total: int = 0
    """Steps of the present stage; 0 until the first stage starts."""
    problems: tuple[str, ...] = ()
    """Why the job failed, or the problems that the run reports."""

    @property
    def has_ended(self) -> bool:
        return self.state in ("done", "failed")


class Rescoring:
    """Rescores runs one after the other; ``jobs`` has the last job of each."""

    def __init__(self, score: Callable[[Path], Sequence[str]] | None = None) -> None:
        """``score`` takes a run's folder and returns its problems; by default it runs the pipeline."""
        loaded: dict[str, Verifier] = {}  # kept, so that weights are loaded once
        self._score = score or (lambda path: pipeline.score(path, loaded=loaded).results.manifest.problems)
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="rescoring")
        self.jobs: dict[str, Job] = {}
        self._stopped = threading.Event()

    def start(self, path: Path) -> None:
        """Queue a job for the run in this folder."""
        job = self.jobs[path.name] = Job(path.name)
        self._worker.submit(self._run_job, job, path)

    def list_active(self, runs: Iterable[str]) -> list[Job]:
        """List the jobs of these runs that have not ended."""
        return [job for run in runs if (job := self.jobs.get(run)) and not job.has_ended]

    def stop(self) -> list[str]:
        """Cancel the waiting jobs and end the running one at its next step; return the names of runs being scored."""
        self._stopped.set()
        self._worker.shutdown(wait=False, cancel_futures=True)
        return [run for run, job in self.jobs.items() if job.state == "running"]

    def wait(self) -> None:
        self._worker.shutdown()

    def _run_job(self, job: Job, path: Path) -> None:
        def watch(done: int, total: int) -> None:
            job.done, job.total = done, total
            if self._stopped.is_set():
                raise KeyboardInterrupt

        job.state = "running"
        try:
            with progress.report_to(watch):
                problems = self._score(path)
        except HarnessError as error:
            job.problems, job.state = tuple(str(error).splitlines()), "failed"
        except KeyboardInterrupt:
            job.problems, job.state = ("stopped",), "failed"
        except Exception as error:
            job.problems, job.state = (f"{type(error).__name__}: {error}",), "failed"
            raise
        else:
            job.problems, job.state = tuple(problems), "done"
