"""Answers: a template of the app or of the report as a page, with what every page needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import quote, unquote

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from harness import files
from harness.document import format as fmt
from harness.report import html
from harness.view.context import context
from harness.view.security import path_of

_ANNOTATOR = "harness-annotator"
"""The cookie."""


def page(request: Request, template: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """The template as a page. Every template has ``nonce`` for its scripts, ``csrf_field`` for its forms."""
    given = {
        "style": html.style(),
        "script": "",
        "nonce": request.state.nonce,
        "csrf": context(request).token,
        "csrf_field": lambda: Markup('<input type="hidden" name="csrf" value="{}">').format(context(request).token),
        "path": path_of(request),
        "annotator": annotator(request),
        "query": request.query_params.get("q", "").strip(),
    }
    rendered = environment().get_template(template).render(**{**given, **values})
    return HTMLResponse(rendered.encode("utf-8", "replace"), status)


def not_yet(request: Request, read: Callable[[], object]) -> Response | None:
    """The page that says what is being read and asks again; None where ``read``, which keeps it, has ended."""
    if context(request).reading.done(path_of(request), read):
        return None
    return page(request, "reading.html.j2", 202, run=request.path_params.get("run"))


def sent(request: Request, field: str) -> str:
    """A field of the form or of the JSON object that was sent, as text; empty where it is missing."""
    value = request.state.sent.get(field, "")
    return value if isinstance(value, str) else ""


def count(text: str) -> int:
    """A number that an address or a form has; 0 where it is none, or too long to be one."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def annotator(request: Request) -> str:
    """The name that was given last in this browser, which a cookie holds until that is closed; empty where none was."""
    return unquote(request.cookies.get(_ANNOTATOR, ""))


def remember_annotator(response: Response, name: str) -> Response:
    """The answer to a form that a person sent, with their name kept for the pages of runs."""
    response.set_cookie(_ANNOTATOR, quote(name), path="/runs/", httponly=True, samesite="strict")
    return response


def link(*parts: object) -> str:
    """``link("runs", "base")`` → ``/runs/base``, whatever characters the parts have."""
    return "/" + "/".join(quote(str(part), safe="", errors="replace") for part in parts)


@cache
def environment() -> Environment:
    """The templates of the app, of reports and of comparisons, with the app's ``base.html.j2`` around them.

    The base of pages that open from disk is ``document/base.html.j2`` here.
    """
    packages = [PackageLoader(f"harness.{room}") for room in ("view", "report", "document")]
    jinja = html.environment().overlay(loader=ChoiceLoader([*packages, PrefixLoader({"document": packages[-1]})]))
    jinja.globals = {**jinja.globals, "link": link, "moment": fmt.moment, "shown": files.show}
    return jinja
