"""Shared by the handlers: folders, caches, the login token and rendering pages."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from harness import files
from harness.data.runs.results import RunFolder
from harness.document import format as fmt
from harness.report import pages
from harness.trust.labelling import AnnotationQueue
from harness.view.background import BackgroundReader, Rescoring
from harness.view.run_index import FileCache, RunIndex

_ANNOTATOR = "harness-annotator"
"""The cookie with the annotator's name."""


@dataclass(frozen=True, slots=True)
class FactsEdit:
    """A change to a file of facts; it can be undone until the file changes again."""

    path: Path
    before: bytes
    after: bytes
    done: str
    """What was done, in words: ``removed crack-size``."""


@dataclass
class Context:
    """The state of the running app, shared by all handlers."""

    results: Path
    """The folder of runs."""
    references: tuple[Path, ...]
    """Folders of articles; those that the runs name are added."""
    names: tuple[str, ...] = ()
    """Host names of this machine besides localhost; empty if the server listens only on localhost."""
    patience: float = 0.7
    """Seconds that a page waits for a run to be read before it shows a waiting page instead."""
    login: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """Login token, printed in the start-up URL and then kept in a cookie."""
    rescoring: Rescoring = field(default_factory=Rescoring)
    edits: list[FactsEdit] = field(default_factory=list)
    """The changes to facts that can be undone, newest last."""

    def __post_init__(self) -> None:
        self.run_index = RunIndex(self.results, self.references)
        self.reader = BackgroundReader(self.patience)
        self.queues: FileCache[AnnotationQueue] = FileCache(5)

    def knows_changes(self, runs: Sequence[RunFolder]) -> bool:
        """True if it is known which of these runs are stale; if not, a background thread finds out."""
        names = [run.path.name for run in runs]
        return self.reader.is_done(f"changes {names}", lambda: [self.run_index.changes(run) for run in runs])


def get_context(request: Request) -> Context:
    """Return the context of the app that received the request."""
    context: Context = request.app.state.context
    return context


def link(*parts: object) -> str:
    """Build an address from its parts, each escaped: ``link("runs", "base")`` → ``/runs/base``."""
    return "/" + "/".join(quote(str(part), safe="", errors="replace") for part in parts)


def raw_path(request: Request) -> str:
    """Return the path as sent, still escaped, with one leading slash: ``//evil.example`` would be another host."""
    path: bytes = request.scope.get("raw_path") or request.url.path.encode()
    return "/" + path.decode("latin-1").partition("?")[0].lstrip("/\\")


def form_field(request: Request, name: str) -> str:
    """Return a field of the submitted form; empty if it is missing."""
    value: str = request.state.form.get(name, "")
    return value


def parse_count(text: str) -> int:
    """Parse a whole number from an address or a form; 0 if it is not one."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def annotator_of(request: Request) -> str:
    """Return the annotator's name from the session cookie; empty if there is none."""
    return unquote(request.cookies.get(_ANNOTATOR, ""))


def remember_annotator(response: Response, name: str) -> Response:
    response.set_cookie(_ANNOTATOR, quote(name), path="/runs/", httponly=True, samesite="strict")
    return response


def render(request: Request, template: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """Render a template of the app, the report or the documents as a page."""
    given = {
        "annotator": annotator_of(request),
        "is_part": "x-part"
        in request.headers,  # for a script that needs only parts of the page: leave out styles and scripts
        "live": False,
        "nonce": request.state.nonce,
        "path": raw_path(request),
        "query": request.query_params.get("q", "").strip(),
        "script": "",
    }
    page = _environment().get_template(template).render({**given, **values})
    return HTMLResponse(page.encode("utf-8", "replace"), status)


def reading_page(request: Request, read: Callable[[], object]) -> Response | None:
    """Render a page that says what is being read; None if ``read``, which caches its result, has ended."""
    if get_context(request).reader.is_done(raw_path(request), read):
        return None
    return render(request, "reading.html.j2", 202, live=True, run=request.path_params.get("run", ""))


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of a long list: its number, counted from 1, how many there are, and its rows."""

    number: int
    last: int
    rows: slice

    @classmethod
    def of(cls, request: Request, count: int, size: int) -> ListPage:
        """Find the page that ``?page=`` asks for, or the nearest one, of ``count`` rows with ``size`` rows per page."""
        last = max(1, -(-count // size))
        number = min(last, max(1, parse_count(request.query_params.get("page", "1"))))
        return cls(number, last, slice(size * (number - 1), min(count, size * number)))


@cache
def _environment() -> Environment:
    """Return an environment that looks for templates first in the app, then in the report and in documents.

    All pages therefore extend the app's ``base.html.j2``; the base of pages on disk is ``document/base.html.j2``.
    """
    packages = [PackageLoader(f"harness.{room}") for room in ("view", "report", "document")]
    jinja = pages.make_environment().overlay(loader=ChoiceLoader([*packages, PrefixLoader({"document": packages[-1]})]))
    jinja.globals = {**jinja.globals, "link": link, "moment": fmt.moment, "show_path": files.show}
    return jinja
