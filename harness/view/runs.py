"""The list of runs: found, sorted and filtered; scored again, noted, renamed, and put into the bin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from harness.data import upkeep
from harness.view import live, overview
from harness.view.context import context
from harness.view.page import page, sent
from harness.view.rescoring import Job
from harness.view.run_index import NotThereError

COLUMNS = {
    "name": "Run", "status": "Status", "best": "Best system", "score": "Score", "size": "Size", "verifier": "Verifier",
    "started": "Started",
}  # fmt: skip  # one table
NEWEST = "-started"
"""How runs are sorted where nothing is asked: a column, after a minus in falling order."""


@dataclass(frozen=True, slots=True)
class Row:
    """A run in the list, with what goes on with it."""

    line: overview.RunRow
    status: str
    changed: str
    """What changed since it was scored; empty where nothing did."""
    job: Job | None


def listed(request: Request) -> Response:
    """The runs that a search finds, the newest first unless another order is asked for."""
    run_index = context(request).run_index
    query, order = _asked(request.query_params)
    known = context(request).reading.done("stale", lambda: [run_index.stale(run.path.name) for run in run_index.runs()])
    every = [_row(request, line, known) for line in run_index.lines()]
    rows = _sorted([row for row in every if all(word in row.line.words for word in query.casefold().split())], order)
    return page(
        request,
        "runs.html.j2",
        rows=rows,
        total=len(every),
        stale=[row.line.name for row in every if row.changed and not _going(row)],
        known=known,
        busy=not known or any(_going(row) for row in every),
        query=query,
        headings=[(title, _turned(column, order, query), _arrow(column, order)) for column, title in COLUMNS.items()],
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
        job = context(request).rescoring.job(run.path.name)
        if run_index.stale(run.path.name).changes and (job is None or job.ended):
            context(request).rescoring.start(run.path)
    return RedirectResponse(back if back.startswith("/compare?") else "/", 303)


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
    upkeep.write_note(path, sent(request, "note"))
    if name != path.name:
        path = upkeep.rename(path, name)
    return RedirectResponse("/", 303)


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


def _row(request: Request, line: overview.RunRow, known: bool) -> Row:
    run_index = context(request).run_index
    status = line.status
    if status == "running":
        status = live.state(run_index.run(line.name))
    changes = run_index.stale(line.name).changes if known and status == "complete" else ()
    return Row(line, status, ", ".join(map(str, changes)), context(request).rescoring.job(line.name))


def _going(row: Row) -> bool:
    return row.job is not None and not row.job.ended


def _asked(given: Mapping[str, str]) -> tuple[str, str]:
    """(what is searched for, the order) as an address says it."""
    order = given.get("sort", "")
    return given.get("q", "").strip(), order if order.removeprefix("-") in COLUMNS else NEWEST


def _sorted(rows: list[Row], order: str) -> list[Row]:
    """By a column, then by name; a run that cannot be read has nothing in most columns and stands last."""
    column = order.removeprefix("-")
    rows = sorted(rows, key=lambda row: row.line.name)
    has = [row for row in rows if column in row.line.order]
    has.sort(key=lambda row: row.line.order[column], reverse=order.startswith("-"))
    return [*has, *(row for row in rows if column not in row.line.order)]


def _turned(column: str, order: str, query: str) -> str:
    """The address that sorts by a column, the other way round where it is sorted by it already."""
    falls = order == column if order.removeprefix("-") == column else column in ("score", "size", "started")
    asked = {"sort": f"-{column}" if falls else column, **({"q": query} if query else {})}
    return f"/?{urlencode(asked)}"


def _arrow(column: str, order: str) -> str:
    """How the list is sorted by a column, in the words of aria-sort; empty where it is not."""
    return "" if order.removeprefix("-") != column else "descending" if order.startswith("-") else "ascending"
