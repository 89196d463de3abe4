"""The list of runs, and the button that rescores stale ones."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from harness.data.runs.results import RunFolder
from harness.errors import HarnessError
from harness.view.background import Job
from harness.view.context import form_field, get_context, render
from harness.view.run_index import RunRow, status_of


@dataclass(frozen=True, slots=True)
class ListedRun:
    """A run in the list, and its current job."""

    row: RunRow
    status: str
    changes: str
    """Changes since it was scored; empty if it is up to date or being scored."""
    job: Job | None
    """The last job that rescored it since the app started."""


def list_runs(request: Request) -> Response:
    """Show all runs, the newest first; runs that cannot be read come last."""
    context = get_context(request)
    runs = context.run_index.runs()
    is_known = context.knows_changes(runs)
    listed = [_list_run(request, run, is_known) for run in runs]
    listed.sort(key=lambda each: each.row.started, reverse=True)
    return render(
        request,
        "runs.html.j2",
        folder=context.run_index.results,
        is_known=is_known,
        live=not is_known or any(each.job and not each.job.has_ended for each in listed),
        runs=listed,
        stale=[each.row.name for each in listed if each.changes],
    )


def _list_run(request: Request, run: RunFolder, is_known: bool) -> ListedRun:
    context = get_context(request)
    job = context.rescoring.job(run.path.name)
    # read the job before the row: if it ends in between, the next load shows its result
    is_active = job is not None and not job.has_ended
    row = context.run_index.row(run)
    status = row.status
    if status == "running":
        with suppress(HarnessError):  # it was removed meanwhile
            status = status_of(run)
    changes = context.run_index.changes(run) if is_known and status == "complete" and not is_active else ()
    return ListedRun(row, status, ", ".join(changes), job)


def rescore(request: Request) -> Response:
    """Score the named runs again if they are stale, in the background."""
    context, back = get_context(request), form_field(request, "back")
    for run in context.run_index.find_runs(form_field(request, "runs").split("/")):
        if context.run_index.changes(run) and not context.rescoring.active([run.path.name]):
            context.rescoring.start(run.path)
    return RedirectResponse(back if back.startswith(("/compare?", "/runs/")) else "/", 303)
