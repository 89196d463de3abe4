"""The pages that only show: runs, a run and its articles, a run that still goes on."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from harness.errors import HarnessError
from harness.reports import html, labels
from harness.reports.links import Links
from harness.reports.plain import visible
from harness.reports.report import Report
from harness.view import live
from harness.view.context import Context, context
from harness.view.page import link, page
from harness.view.shelf import NotThereError


def runs(request: Request) -> Response:
    """All runs."""
    shelf = context(request).shelf
    lines = shelf.lines()
    going = {line.name: live.state(shelf.run(line.name)) for line in lines if line.status == "running"}
    return page(request, "runs.html.j2", lines=lines, going=going, folder=shelf.results)


def run(request: Request) -> Response:
    """A run's report, made from what lies on disk now; its progress while it still goes on."""
    name = request.path_params["run"]
    folder = context(request).shelf.run(name)
    if live.state(folder) == "running":
        return page(request, "live.html.j2", run=name, started=folder.manifest.started)
    return page(request, "run.html.j2", run=name, **report_of(context(request), name))


def report_of(context: Context, name: str) -> dict[str, Any]:
    """What the page of a run shows."""
    found = context.shelf.opened(name).report
    links = Links(judge=link("runs", name, "judge")) if found.together else _links(name, found)
    return html.front(found, links)


def article(request: Request) -> Response:
    """One article of a run, with all its summaries."""
    name, wanted = request.path_params["run"], request.path_params["article"]
    found = context(request).shelf.opened(name).report
    ids = [item.article.id for item in found.items]
    if wanted not in ids:
        raise NotThereError(f"the run {name!r} shows no article {wanted!r}")
    values = html.article(found, ids.index(wanted), _links(name, found))
    return page(request, "run_article.html.j2", run=name, **values)


def _links(run: str, found: Report) -> Links:
    """The addresses of the run's pages here."""
    pages = tuple(link("runs", run, "articles", item.article.id) for item in found.items)
    return Links(link("runs", run) + "/", pages, link("runs", run, "judge"))


def progress(request: Request) -> Response:
    """How far a run is, for the script of its page."""
    name = request.path_params["run"]
    shelf = context(request).shelf
    try:
        folder = shelf.run(name)
        state = live.state(folder)
        found = shelf.follower(name).look(folder.manifest)
    except HarnessError as error:
        return JSONResponse({"problem": visible(str(error))})
    return JSONResponse(
        {
            "state": state,
            "cells": found.cells,
            "summarised": found.summarised,
            "verified": found.verified,
            "rows": [_row(name, row) for row in found.rows],
        }
    )


def _row(run: str, row: live.Row) -> dict[str, object]:
    return {
        "system": visible(row.place.system),
        "article": visible(row.place.article_id),
        "address": link("runs", run, "articles", row.place.article_id),
        "text": visible(row.text),
        "made": row.made,
        "facts": labels.spread(row.facts),
        "claims": labels.spread(row.claims),
    }
