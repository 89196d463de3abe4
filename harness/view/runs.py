"""The list of runs: found, sorted and filtered; scored again, noted, renamed, and put into the bin."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from harness.data.runs import upkeep
from harness.data.runs.results import RunFolder
from harness.errors import HarnessError, RunFolderError
from harness.view import live, overview
from harness.view.context import context
from harness.view.lists import Columns, Sorting
from harness.view.page import link, page, sent
from harness.view.rescoring import Scoring
from harness.view.run_index import NotThereError

COLUMNS = Columns(
    {
        "name": "Run", "status": "Status", "best": "Best system", "score": "Score", "size": "Size",
        "verifier": "Verifier", "started": "Started",
    },
    falling=("score", "size", "started"),
    default="-started",
)  # fmt: skip  # one table


@dataclass(frozen=True, slots=True)
class Row:
    """A run in the list, with what goes on with it."""

    line: overview.RunRow
    status: str
    changed: str
    """What changed since it was scored; empty where nothing did."""
    job: Scoring | None
    going: bool
    """Whether it was being scored again when it was looked at."""


def listed(request: Request) -> Response:
    """The runs that a search finds, the newest first unless another order is asked for."""
    run_index = context(request).run_index
    sorting, query = Sorting.of(request, COLUMNS), request.query_params.get("q", "").strip()
    runs = run_index.runs()
    is_read = context(request).stale_is_read(runs)
    every = [_row(request, run, is_read) for run in runs]
    matching = [row for row in every if all(word in row.line.words for word in query.casefold().split())]
    return page(
        request,
        "runs.html.j2",
        rows=sorting.rows(matching, lambda row, column: row.line.order.get(column)),
        total=len(every),
        stale=[row.line.name for row in every if row.changed and not row.going],
        is_read=is_read,
        busy=not is_read or any(row.going for row in every),
        sorting=sorting,
        folder=run_index.results,
        gone=request.query_params.get("gone", ""),
        binned=len(upkeep.put_away_runs(run_index.results)),
    )


def score_stale(request: Request) -> Response:
    """Score the stale runs again, or those of them that are named, one after the other, in the background."""
    run_index, only, back = context(request).run_index, sent(request, "only"), sent(request, "back")
    for run in run_index.runs():
        if only and run.path.name not in only.split("/"):
            continue
        job = context(request).rescoring.of(run.path.name)
        if run_index.stale(run).changes and (job is None or job.ended):
            context(request).rescoring.score(run.path)
    return RedirectResponse(back if back.startswith(("/compare?", "/runs/")) else "/", 303)


def scoring(request: Request) -> Response:
    """How far the runs that a page shows are scored, for its script; all of them where its address names none."""
    run_index, names = context(request).run_index, request.query_params.getlist("run")
    try:
        runs = run_index.named(names) if names else run_index.runs()
    except NotThereError:  # the page, loaded again, says so
        return JSONResponse({"busy": False, "runs": {}})
    is_read = context(request).stale_is_read(runs)
    jobs = [job for run in runs if (job := context(request).rescoring.of(run.path.name))]
    busy = not is_read or any(not job.ended for job in jobs)
    return JSONResponse({"busy": busy, "runs": {link("runs", job.run): job.so_far for job in jobs}})


def manage(request: Request) -> Response:
    """The page of a run's name and note, and of putting it away."""
    run = context(request).run_index.run(request.path_params["run"])
    return page(
        request,
        "manage.html.j2",
        run=run.path.name,
        note=upkeep.note(run.path),
    )


def managed(request: Request) -> Response:
    """Keep a name and a note, or put the run into the bin, as the button says."""
    run = context(request).run_index.run(request.path_params["run"])
    if sent(request, "do") == "put-away":
        return RedirectResponse(f"/?{urlencode({'gone': upkeep.put_away(run.path).name})}", 303)
    name, path = sent(request, "name").strip(), run.path
    note, before = (_as_kept(sent(request, field)) for field in ("note", "before"))
    if note != before and _as_kept(upkeep.note(path)) not in (before, note):
        raise RunFolderError("the note was changed meanwhile; load the page again, and add to it")
    if name != path.name:
        path = upkeep.rename(path, name)
    if note != before:
        upkeep.write_note(path, note)
    return RedirectResponse("/", 303)


def _as_kept(note: str) -> str:
    """A note without what forms do to line ends."""
    return note.replace("\r\n", "\n").strip()


def bin_(request: Request) -> Response:
    """The runs that were put away."""
    folder = context(request).run_index.results
    return page(request, "bin.html.j2", runs=[run.path.name for run in upkeep.put_away_runs(folder)], folder=folder)


def put_back(request: Request) -> Response:
    """Take a run out of the bin."""
    folder, name = context(request).run_index.results, sent(request, "run")
    if name not in [run.path.name for run in upkeep.put_away_runs(folder)]:
        raise NotThereError(f"there is no run {name!r} in the bin")
    upkeep.put_back(folder, name)
    return RedirectResponse("/", 303)


def _row(request: Request, run: RunFolder, is_read: bool) -> Row:
    run_index, job = context(request).run_index, context(request).rescoring.of(run.path.name)
    # Asked before the run is looked at: what ends meanwhile is looked at again.
    going = job is not None and not job.ended
    line = run_index.line(run)
    status = line.status
    if status == "running":
        with suppress(HarnessError):  # it was removed since
            status = live.state(run)
    changes = run_index.stale(run).changes if is_read and status == "complete" else ()
    return Row(line, status, ", ".join(map(str, changes)), job, going)
