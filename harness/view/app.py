"""The app: its table of routes, what stands before it, and what an error looks like."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from importlib.resources import files

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from harness.errors import HarnessError
from harness.view import agreement, articles, compare, connections, facts, judge, review, run_pages, runs, search
from harness.view.context import Context
from harness.view.page import page
from harness.view.run_index import NotThereError
from harness.view.security import Guard

_KINDS = {"css": "text/css", "js": "text/javascript"}


def make(context: Context) -> Starlette:
    """The app over these folders."""
    app = Starlette(
        lifespan=_quiet,
        routes=routes(),
        middleware=[Middleware(Guard, context=context)],
        exception_handlers={HarnessError: problem, OSError: gone, HTTPException: refused},
    )
    app.state.context = context
    return app


@asynccontextmanager
async def _quiet(app: Starlette) -> AsyncIterator[None]:
    asyncio.get_running_loop().set_exception_handler(connections.LoopErrors())
    yield


def routes() -> list[Route]:
    """Every address. Handlers are plain functions: each runs in a thread of its own."""
    return [
        Route("/", runs.listed),
        Route("/stale", runs.score_stale, methods=["POST"]),
        Route("/scoring", runs.scoring),
        Route("/bin", runs.bin_),
        Route("/bin", runs.put_back, methods=["POST"]),
        Route("/runs/{run}/", run_pages.run),
        Route("/runs/{run}/progress", run_pages.progress),
        Route("/runs/{run}/articles/{article:path}", run_pages.article),
        Route("/runs/{run}/manage", runs.manage),
        Route("/runs/{run}/manage", runs.managed, methods=["POST"]),
        Route("/runs/{run}/judge", judge.next_pair),
        Route("/runs/{run}/judge", judge.answer, methods=["POST"]),
        Route("/runs/{run}/agreement", agreement.shown),
        Route("/runs/{run}/calibrate", agreement.calibrated),
        Route("/runs/{run}/calibrate", agreement.calibrate, methods=["POST"]),
        Route("/review", review.next_suggestion),
        Route("/review", review.answer, methods=["POST"]),
        Route("/search", search.searched),
        Route("/compare", compare.side_by_side),
        Route("/articles", articles.listed),
        Route("/articles/{article}", articles.article),
        Route("/articles/{article}/facts", facts.listed),
        Route("/articles/{article}/facts", facts.sent_form, methods=["POST"]),
        Route("/articles/{article}/check", facts.checked, methods=["POST"]),
        Route("/articles/{article}/scoring", facts.scoring),
        Route("/articles/{article}/facts/{fact}", facts.opened),
        Route("/articles/{article}/facts/{fact}/remove", facts.to_remove),
        Route("/articles/{article}/facts/{fact}/remove", facts.removed, methods=["POST"]),
        Route("/articles/{article}/facts/{fact}/undo", facts.undone, methods=["POST"]),
        Route("/static/{name}", static),
    ]


def problem(request: Request, error: Exception) -> Response:
    """What is wrong with a file, as the command line says it."""
    status, title = (404, "Not there") if isinstance(error, NotThereError) else (409, "This cannot be shown")
    return page(request, "error.html.j2", status, title=title, lines=str(error).splitlines())


def gone(request: Request, error: Exception) -> Response:
    """A file that went, or was locked away, while a page was made of it."""
    assert isinstance(error, OSError)  # noqa: S101  # it is what this handler is for
    if error.errno in (errno.EMFILE, errno.ENFILE):  # a page would have to open its template
        return PlainTextResponse("harness view has no file left to open; load the page again in a while\n", 503)
    line = f"{error.filename or 'a file'} cannot be read: {error.strerror}; load the page again"
    return page(request, "error.html.j2", 409, title="This cannot be shown", lines=[line])


def refused(request: Request, error: Exception) -> Response:
    """An address or a method that there is not."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    message = (
        f"there is no page {request.url.path}" if status == 404 else f"{request.url.path} takes no {request.method}"
    )
    title = "Not there" if status == 404 else "This cannot be done"
    response = page(request, "error.html.j2", status, title=title, lines=[f"{message}; start from the list of runs"])
    response.headers.update((error.headers if isinstance(error, HTTPException) else None) or {})
    return response


def static(request: Request) -> Response:
    """A script or a style of the app."""
    name = request.path_params["name"]
    if name not in _static():
        raise HTTPException(404)
    return Response(_static()[name], media_type=_KINDS[name.rpartition(".")[2]])


@cache
def _static() -> dict[str, bytes]:
    """All of them by name, read once."""
    folder = files("harness.view") / "static"
    return {file.name: file.read_bytes() for file in folder.iterdir()}
