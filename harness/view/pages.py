"""The pages that only show: runs, a run, articles."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from harness import pipeline
from harness.reports import html
from harness.reports.report import report
from harness.view.context import context
from harness.view.page import page


def runs(request: Request) -> Response:
    """All runs."""
    return page(request, "runs.html.j2", runs=context(request).shelf.runs())


def run(request: Request) -> Response:
    """A run's report, made from what lies on disk now."""
    folder = context(request).shelf.run(request.path_params["run"])
    found = report(pipeline.read(folder.path))
    style = html.environment().get_template("style.css.j2").render(reach=html._reach(found.pages))
    return page(request, "run.html.j2", report=found, style=style, open=True)
