"""Runs, or the systems of one run, side by side: the page of ``harness compare``, with links that change it."""

from __future__ import annotations

from typing import get_args
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from harness.compare import comparison, stored
from harness.compare.comparison import MeasuredDifferentlyError
from harness.compare.report.document import document
from harness.compare.result import ComparisonOptions
from harness.compare.sides import By
from harness.data.runs.results import RunFolder
from harness.document.blocks import Document
from harness.errors import HarnessError
from harness.view.context import get_context, render


def compare_runs(request: Request) -> Response:
    """Show the comparison in the address; the oldest run is the reference unless the address names another."""
    context, asked = get_context(request), request.query_params
    names = list(dict.fromkeys(asked.getlist("run")))
    if not names:
        return RedirectResponse("/", 303)
    runs = _sort_runs(context.run_index.find_runs(names), asked.get("reference", ""))
    by: By = next((way for way in get_args(By) if way == asked.get("by")), "run" if len(runs) > 1 else "system")
    jobs = context.rescoring.active(names)
    is_known = context.knows_changes(runs)
    changes = {run.path.name: ", ".join(context.run_index.changes(run)) for run in runs} if is_known else {}
    return render(
        request,
        "compare.html.j2",
        document=_compare(runs, ComparisonOptions(by, allow_different="different" in asked)),
        runs=[context.run_index.row(run) for run in runs],
        by=by,
        ways=get_args(By),
        address=lambda **changed: _address(request, **changed),
        here=_address(request),
        jobs=jobs,
        live=bool(jobs),
        stale={} if jobs else {name: changed for name, changed in changes.items() if changed},
    )


def _sort_runs(runs: list[RunFolder], reference: str) -> list[RunFolder]:
    """Put the reference first, then the others from oldest to newest: later runs are compared with earlier ones."""
    return sorted(runs, key=lambda run: (run.path.name != reference, run.manifest.started, run.path.name))


def _compare(runs: list[RunFolder], options: ComparisonOptions) -> Document:
    """Build the comparison, or a page that says why the runs cannot be compared."""
    try:
        return document(comparison.compare(stored.open_all([run.path for run in runs]), options))
    except MeasuredDifferentlyError as error:
        message = f"These runs were measured differently from {error.first}. Rescore them, or compare what they share."
        return Document("Not comparable", banners=(message, *error.differences), eyebrow="Comparison")
    except HarnessError as error:
        return Document("Not comparable", banners=tuple(str(error).splitlines()), eyebrow="Comparison")


def _address(request: Request, **changed: str) -> str:
    """Return this page's address with some parameters changed; an empty value removes a parameter."""
    kept = [(key, value) for key, value in request.query_params.multi_items() if key not in changed]
    added = [(key, value) for key, value in changed.items() if value]
    return f"/compare?{urlencode([*kept, *added], errors='replace')}"
