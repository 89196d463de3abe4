"""The pages of a run that only show: its report, its articles, and how far it is while it still goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from harness.data.runs.results import RunFolder
from harness.document import labels
from harness.document.plain import visible
from harness.errors import HarnessError
from harness.report import html
from harness.report.links import Links
from harness.report.report import PAGES
from harness.view import live
from harness.view.context import context
from harness.view.lists import Part
from harness.view.page import link, not_yet, page
from harness.view.run_index import NotThereError, OpenedRun


def run(request: Request) -> Response:
    """A run's report, made from what lies on disk now; its progress while it still goes on."""
    name, run_index = request.path_params["run"], context(request).run_index
    folder = run_index.run(name)
    if live.state(folder) == "running":
        return page(request, "live.html.j2", run=name, started=folder.manifest.started)
    if waiting := not_yet(request, lambda: run_index.opened(name)):
        return waiting
    opened = run_index.opened(name)
    part = Part.of(request, len(opened.articles), PAGES)
    values = front(opened, part.rows)
    return page(request, "run.html.j2", run=name, part=part, changed=_changed(request, opened.folder), **values)


def _changed(request: Request, folder: RunFolder) -> str:
    """What changed since the run was scored; empty where nothing did, or it is being scored, or is not known yet."""
    job = context(request).rescoring.of(folder.path.name)
    if (job and not job.ended) or not context(request).stale_is_read([folder]):
        return ""
    return ", ".join(map(str, context(request).run_index.stale(folder).changes))


def front(opened: OpenedRun, rows: slice) -> dict[str, Any]:
    """What the page of a run shows: its report, and of many articles a line of each of these."""
    name, run_report = opened.folder.path.name, opened.report
    if run_report.together and len(opened.articles) <= PAGES:
        return html.front(run_report, Links(judging_url=link("runs", name, "judge")))
    return html.front(replace(run_report, items=tuple(opened.results.items[rows])), _links(opened), rows.start)


def article(request: Request) -> Response:
    """One article of a run, with all its summaries."""
    name, wanted, run_index = request.path_params["run"], request.path_params["article"], context(request).run_index
    if waiting := not_yet(request, lambda: run_index.opened(name)):
        return waiting
    opened = run_index.opened(name)
    if wanted not in opened.articles:
        raise NotThereError(f"the run {name!r} has no article {wanted!r}")
    values = html.article(opened.report, opened.articles.index(wanted), _links(opened))
    return page(request, "run_article.html.j2", run=name, changed=_changed(request, opened.folder), **values)


def _links(opened: OpenedRun) -> Links:
    """The addresses of the run's pages here, of every article one."""
    run = opened.folder.path.name
    pages = tuple(link("runs", run, "articles", each) for each in opened.articles)
    return Links(link("runs", run) + "/", pages, link("runs", run, "judge"))


def progress(request: Request) -> Response:
    """How far a run is, for the script of its page."""
    name = request.path_params["run"]
    run_index = context(request).run_index
    try:
        folder = run_index.run(name)
        state = live.state(folder)
        so_far = run_index.follower(name).look(folder.manifest)
    except HarnessError as error:
        return JSONResponse({"problem": visible(str(error))})
    return JSONResponse(
        {
            "state": state,
            "cells": so_far.cells,
            "summarised": so_far.summarised,
            "verified": so_far.verified,
            "rows": [_row(name, row) for row in so_far.rows],
        }
    )


def _row(run: str, row: live.Row) -> dict[str, object]:
    return {
        "system": visible(row.place.system),
        "article": visible(row.place.article_id),
        "address": link("runs", run, "articles", row.place.article_id),
        "text": visible(row.text),
        "made": row.made,
        "facts": labels.spread(row.facts, "coverage"),
        "claims": labels.spread(row.claims, "grounding"),
    }
