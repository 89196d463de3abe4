"""What the app knows: the folders that it shows, and its secrets."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from starlette.requests import Request

from harness.data.runs.results import RunFolder
from harness.trust.labelling import AnnotationQueue
from harness.view.background import BackgroundReader
from harness.view.file_cache import FileCache
from harness.view.fits import Fits
from harness.view.rescoring import Rescoring
from harness.view.run_index import RunIndex


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A suggested fact that somebody accepted or dropped."""

    article: str
    fact: str
    statement: str
    removed: object
    """What dropping it took out of the file; None where it was accepted."""


@dataclass(frozen=True)
class Context:
    """One start of the app."""

    results: Path
    """The folder that the runs are in."""
    references: tuple[Path, ...]
    """Folders that articles are in, whose facts can be edited; those that the runs name are found beside them."""
    names: tuple[str, ...] = ()
    """What the server may be called beside the names of the loopback; none where only that is listened on."""
    login: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """Who shows it may come in: it stands in the address that the start prints, and then in a cookie of the browser."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """Who sends it has read a page of ours, and may write: it stands in each page."""

    address: str = ""
    """What a browser on this machine opens, without a slash at its end; empty where nothing listens."""
    patience: float = 0.7
    """Seconds that a page waits for a run to be read, before it says that it is being read."""

    removed: dict[tuple[Path, str], object] = field(default_factory=dict)
    """The facts that were removed since the start, by file and id, for whoever wants them back."""
    reviewed: list[Reviewed] = field(default_factory=list)
    """The suggested facts that were accepted or dropped since the start, the last one last."""

    @property
    def open_to_others(self) -> bool:
        """Whether other machines can reach the app."""
        return bool(self.names)

    @cached_property
    def run_index(self) -> RunIndex:
        """The runs and articles of the folders."""
        return RunIndex(self.results, self.references)

    @cached_property
    def reading(self) -> BackgroundReader:
        """What is being read for pages that wait for it."""
        return BackgroundReader(self.patience)

    def stale_is_read(self, runs: Sequence[RunFolder]) -> bool:
        """Whether it is known of these runs whether they are stale; what is not known is read in the background."""
        names = [run.path.name for run in runs]
        return self.reading.done(f"stale {names}", lambda: [self.run_index.stale(run) for run in runs])

    @cached_property
    def questions(self) -> FileCache[AnnotationQueue]:
        """What people can be asked of the runs that they judge."""
        return FileCache(most=5)

    @cached_property
    def fits(self) -> Fits:
        """The verifiers that are fitted to their labels."""
        return Fits()

    @cached_property
    def rescoring(self) -> Rescoring:
        """The runs that are scored again because a fact changed."""
        return Rescoring(self.address)


def context(request: Request) -> Context:
    """The context of the app that answers the request."""
    app_context: Context = request.app.state.context
    return app_context
