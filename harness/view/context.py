"""The state of the app, and how handlers read requests and render pages."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from harness import files
from harness.data.runs.results import RunFolder
from harness.document import format as fmt
from harness.report import pages
from harness.trust.labelling import AnnotationQueue
from harness.view.background import Rescoring
from harness.view.run_index import FileCache, RunIndex

_ANNOTATOR = "harness-annotator"
"""The cookie with the annotator's name."""


@dataclass(frozen=True, slots=True)
class FactsEdit:
    """A change to a facts.yaml. The user can undo it until the file changes again."""

    path: Path
    before: bytes
    version: str
    """A hash of the file's content after the change."""
    description: str
    """For the user, e.g. ``removed crack-size``."""


@dataclass
class Context:
    run_index: RunIndex
    names: tuple[str, ...] = ()
    """Host names of this machine besides localhost; empty if the server listens only on localhost."""
    patience: float = 0.7
    """Seconds that a page waits for the search for stale runs; then it is shown without the result."""
    login: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """Login token, printed in the start-up URL and then kept in a cookie."""
    rescoring: Rescoring = field(default_factory=Rescoring)
    edits: list[FactsEdit] = field(default_factory=list)
    """The changes to facts.yaml files, newest last."""
    queues: FileCache[AnnotationQueue] = field(default_factory=lambda: FileCache(5))
    """Annotation queues by run."""
    _worker: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(thread_name_prefix="reading"))

    def wait_for_changes(self, runs: Sequence[RunFolder]) -> bool:
        """Look for stale runs in background threads; return True if they finish within ``patience``."""
        return not wait([self._worker.submit(self.run_index.list_changes, run) for run in runs], self.patience).not_done

    def find_stale(self, runs: Sequence[RunFolder]) -> dict[str, Any]:
        """Return values for a template: the jobs that are rescoring the runs, or else the changes to each stale run."""
        jobs, stale = self.rescoring.list_active([run.path.name for run in runs]), dict[str, str]()
        if not jobs and self.wait_for_changes(runs):
            changes = {run.path.name: ", ".join(self.run_index.list_changes(run)) for run in runs}
            stale = {run: changed for run, changed in changes.items() if changed}
        return {"jobs": jobs, "live": bool(jobs), "stale": stale}


def get_context(request: Request) -> Context:
    context: Context = request.app.state.context
    return context


def link(*parts: object, **parameters: object) -> str:
    """Build an address, escaping its parts: ``link("runs", "base", skip=2, pair="")`` → ``/runs/base?skip=2``."""
    path = "/" + "/".join(quote(str(part), safe="", errors="replace") for part in parts)
    given = {key: value for key, value in parameters.items() if value}
    return f"{path}?{urlencode(given, errors='replace')}" if given else path


def read_path(request: Request) -> str:
    """Return the path as sent, still escaped, with one leading slash: ``//evil.example`` would be another host."""
    path: bytes = request.scope.get("raw_path") or request.url.path.encode()
    return "/" + path.decode("latin-1").partition("?")[0].lstrip("/\\")


def read_field(request: Request, name: str) -> str:
    """Return a field of the submitted form, or '' if it is missing."""
    return str(request.state.form.get(name, ""))


def parse_count(text: str) -> int:
    """Parse a whole number from an address or a form; return 0 for any other text."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def read_annotator(request: Request) -> str:
    """Return the annotator's name from the cookie, or '' without a cookie."""
    return unquote(request.cookies.get(_ANNOTATOR, ""))


def remember_annotator(response: Response, name: str) -> Response:
    response.set_cookie(_ANNOTATOR, quote(name), path="/runs/", httponly=True, samesite="strict")
    return response


def render(request: Request, template: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """Render a template of the app, the report or the documents as a page."""
    given = {
        "annotator": read_annotator(request),
        "is_part": "x-part" in request.headers,  # leave out styles and scripts: a script asked for the page
        "live": False,
        "nonce": request.state.nonce,
        "path": read_path(request),
        "query": request.query_params.get("q", "").strip(),
        "run": "",
        "script": "",
    }
    return HTMLResponse(_make_environment().get_template(template).render({**given, **values}), status)


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of a long list."""

    number: int
    """From 1."""
    last: int
    rows: slice

    @classmethod
    def of(cls, request: Request, count: int, size: int) -> ListPage:
        """Return the page that ``?page=`` names, or the nearest one. The list has ``count`` rows, ``size`` per page."""
        last = max(1, -(-count // size))
        number = min(last, max(1, parse_count(request.query_params.get("page", "1"))))
        return cls(number, last, slice(size * (number - 1), min(count, size * number)))


@cache
def _make_environment() -> Environment:
    """Look for templates in the app, then in the report, then in documents.

    All pages therefore extend the app's ``base.html.j2``, which extends ``document/base.html.j2``, the base of reports
    on disk.
    """
    packages = [PackageLoader(f"harness.{room}") for room in ("view", "report", "document")]
    jinja = pages.make_environment().overlay(loader=ChoiceLoader([*packages, PrefixLoader({"document": packages[-1]})]))
    jinja.globals = {**jinja.globals, "link": link, "moment": fmt.moment, "show_path": files.show}
    return jinja
