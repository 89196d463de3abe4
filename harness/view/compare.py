"""Runs, or the systems of one run, side by side: the page that ``harness compare`` writes, with links to change it."""

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
    """The comparison that the address asks for, the oldest run as the reference unless another one is named."""
    context, asked = get_context(request), request.query_params
    names = list(dict.fromkeys(asked.getlist("run")))
    if not names:
        return RedirectResponse("/", 303)
    runs = _in_order(context.run_index.find_runs(names), asked.get("reference", ""))
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


def _in_order(runs: list[RunFolder], reference: str) -> list[RunFolder]:
    """The reference, then the others from oldest to newest, because later runs are compared with earlier ones."""
    return sorted(runs, key=lambda run: (run.path.name != reference, run.manifest.started, run.path.name))


def _compare(runs: list[RunFolder], options: ComparisonOptions) -> Document:
    """The comparison, or a page that says why the runs cannot be compared."""
    try:
        return document(comparison.compare(stored.open_all([run.path for run in runs]), options))
    except MeasuredDifferentlyError as error:
        message = f"These runs were not measured as {error.first} was. Score them again, or compare what they share."
        return Document("Not comparable", banners=(message, *error.differences), eyebrow="Comparison")
    except HarnessError as error:
        return Document("Not comparable", banners=tuple(str(error).splitlines()), eyebrow="Comparison")


def _address(request: Request, **changed: str) -> str:
    """This page's address with some parameters changed; an empty value removes one."""
    kept = [(key, value) for key, value in request.query_params.multi_items() if key not in changed]
    added = [(key, value) for key, value in changed.items() if value]
    return f"/compare?{urlencode([*kept, *added], errors='replace')}"
