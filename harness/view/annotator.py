"""Who judges in a browser: a cookie holds the name until the browser is closed."""

from __future__ import annotations

from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import Response

_COOKIE = "harness-annotator"


def remembered(request: Request) -> str:
    """The name that was given last in this browser; empty where none was."""
    return unquote(request.cookies.get(_COOKIE, ""))


def remember(response: Response, name: str) -> Response:
    """The answer to a form that a person sent, with their name kept for the pages of runs."""
    response.set_cookie(_COOKIE, quote(name), path="/runs/", httponly=True, samesite="strict")
    return response
