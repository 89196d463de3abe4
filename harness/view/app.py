"""The routes and the error pages."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from harness.errors import HarnessError
from harness.view import articles, judge, runs, search
from harness.view.context import Context, render
from harness.view.run_index import NotFoundError
from harness.view.security import Guard


def make_app(context: Context) -> Starlette:
    """Make the app. The handlers are plain functions, so starlette runs each request in a thread."""
    app = Starlette(
        routes=[
            Route("/", runs.list_runs),
            Route("/rescore", runs.rescore, methods=["POST"]),
            Route("/compare", runs.compare_runs),
            Route("/runs/{run}/", runs.show_run),
            Route("/runs/{run}/articles/{article:path}", runs.show_article),
            Route("/runs/{run}/judge", judge.show_pair),
            Route("/runs/{run}/judge", judge.submit_label, methods=["POST"]),
            Route("/runs/{run}/agreement", judge.show_agreement),
            Route("/articles", articles.list_articles),
            Route("/articles/{article}", articles.show_article),
            Route("/articles/{article}", articles.submit_fact, methods=["POST"]),
            Route("/articles/{article}/facts/{fact}", articles.show_article),
            Route("/review", articles.show_suggestion),
            Route("/review", articles.submit_review, methods=["POST"]),
            Route("/search", search.search),
            Mount("/static", StaticFiles(directory=Path(__file__).with_name("static"))),
        ],
        middleware=[Middleware(Guard, context=context)],
        exception_handlers={
            HarnessError: _show_harness_error,
            OSError: _show_os_error,
            HTTPException: _show_http_error,
        },
    )
    app.state.context = context
    return app


def _show_harness_error(request: Request, error: Exception) -> Response:
    """Show the message that the command line would print."""
    status, title = (404, "Not found") if isinstance(error, NotFoundError) else (409, "This did not work")
    return render(request, "error.html.j2", status, title=title, lines=str(error).splitlines())


def _show_os_error(request: Request, error: Exception) -> Response:
    name, reason = getattr(error, "filename", None) or "a file", getattr(error, "strerror", None) or error
    lines = [f"{name} cannot be read: {reason}; reload the page"]
    return render(request, "error.html.j2", 409, title="This cannot be shown", lines=lines)


def _show_http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    missing = status == 404
    path = request.url.path
    line = f"there is no page {path}" if missing else f"{path} does not support {request.method}"
    title = "Not found" if missing else "This cannot be done"
    return render(request, "error.html.j2", status, title=title, lines=[f"{line}; start from the list of runs"])
