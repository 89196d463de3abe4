"""Runs that are scored again, after a fact was saved for one: in the background, in turn, watched from a page."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

from harness import pipeline
from harness.seams import Verifier
from harness.view.background import Job, Jobs
from harness.view.fact_changes import Changes, article_state, changes


@dataclass(slots=True)
class Scoring(Job):
    """A run that is to be scored again, because of one fact of one article where they are named."""

    run: str
    article: str = ""
    fact: str = ""
    seconds: float = 0.0
    """What it took, once it is done."""
    changes: Changes | None = None


class Rescoring(Jobs[Scoring]):
    """The jobs of one start of the app, the last of each run.

    The reports that they write lead from each verdict to the page of the app at ``address`` that corrects it.
    """

    def __init__(self, address: str = "") -> None:
        super().__init__("rescoring")
        self._address = address
        self._loaded: dict[str, Verifier] = {}  # with their weights: the second time takes what the new questions take

    def score(self, path: Path, article: str = "", fact: str = "") -> None:
        """Score the run at a path again, as soon as those before it are done."""
        job = Scoring(path.name, article, fact)
        judging_url = f"{self._address}/runs/{quote(path.name, safe='')}/judge" if self._address else ""
        self.start(job.run, job, partial(_score, job, path, self._loaded, judging_url))


def _score(job: Scoring, path: Path, loaded: dict[str, Verifier], judging_url: str) -> None:
    started = time.monotonic()
    before = article_state(pipeline.read(path), job.article, job.fact) if job.fact else None
    outcome = pipeline.score(path, loaded=loaded, judging_url=judging_url)
    job.seconds = time.monotonic() - started
    if before is not None:
        job.changes = changes(before, article_state(outcome.results, job.article, job.fact))
    job.problems = outcome.results.manifest.problems
