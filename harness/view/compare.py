"""Runs, or the systems of one, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import get_args
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from harness.compare import comparison as compare
from harness.compare import stored
from harness.compare.compared import Comparison, ComparisonOptions
from harness.compare.comparison import MeasuredDifferentlyError
from harness.compare.report.document import document
from harness.compare.sides import By
from harness.data.runs.results import RunFolder
from harness.errors import HarnessError
from harness.view.context import context
from harness.view.page import page
from harness.view.rewordings import MOST, Rewording, rewordings
from harness.view.run_index import NotThereError, RunIndex, records


@dataclass(frozen=True, slots=True)
class ComparisonAddress:
    """What the address of the page asks."""

    runs: tuple[str, ...]
    by: By
    against: str | None = None
    allow_different: bool = False

    @property
    def question(self) -> ComparisonOptions:
        return ComparisonOptions(self.by, against=self.against, allow_different=self.allow_different)


def side_by_side(request: Request) -> Response:
    """The comparison that is asked for under the form that asks for it; the form alone where no run is chosen."""
    run_index = context(request).run_index
    asked = _asked(request)
    form = {"asked": asked, "runs": [run.path.name for run in run_index.runs()], "ways": get_args(By)}
    form |= _staleness(request, [run_index.run(name).path.name for name in asked.runs])
    if not asked.runs:
        return page(request, "compare.html.j2", problem=(), **form)
    try:
        found = comparison(run_index, asked)
    except NotThereError:
        raise
    except MeasuredDifferentlyError as error:
        said = f"These runs were not measured as {error.first} was. Score them again, or compare what they share."
        return page(request, "compare.html.j2", 409, problem=(said, *error.differences), **form)
    except HarnessError as error:
        return page(request, "compare.html.j2", 409, problem=str(error).splitlines(), **form)
    return page(request, "compared.html.j2", **form, document=document(found))


@dataclass(frozen=True, slots=True)
class StaleRun:
    """A run that is compared and that something changed of since it was scored."""

    name: str
    changed: str
    of_facts: bool
    """Whether it is facts that changed."""
    facts: tuple[Rewording, ...]


def _staleness(request: Request, names: Sequence[str]) -> dict[str, object]:
    """What the page says of runs that are stale, and of those that are being scored again."""
    run_index, rescoring = context(request).run_index, context(request).rescoring
    known = context(request).reading.done(f"stale {names}", lambda: [run_index.stale(name) for name in names])
    jobs = [job for name in names if (job := rescoring.job(name)) and not job.fact]
    going = {job.run for job in jobs if not job.ended}
    stale = [_stale(run_index, name) for name in names if known and name not in going and run_index.stale(name).changes]
    here = f"/compare?{urlencode(request.query_params.multi_items(), errors='replace')}"
    return {"known": known, "jobs": jobs, "busy": bool(going) or not known, "stale": stale, "here": here}


def _stale(run_index: RunIndex, name: str) -> StaleRun:
    changes = run_index.stale(name).changes
    articles = [article for change in changes if change.what == "facts" for article in change.names]
    found = islice(rewordings(run_index, run_index.run(name), articles), MOST)
    return StaleRun(name, ", ".join(map(str, changes)), bool(articles), tuple(found))


def comparison(run_index: RunIndex, asked: ComparisonAddress) -> Comparison:
    """What is asked, from what lies on disk now."""
    folders = [run_index.run(name) for name in asked.runs]
    return run_index.compared.get(
        asked, lambda: _compare(folders, asked), lambda _: _files(folders, run_index.articles())
    )


def _asked(request: Request) -> ComparisonAddress:
    given = request.query_params
    runs = tuple(dict.fromkeys(given.getlist("run")))
    by: By = next((way for way in get_args(By) if way == given.get("by")), "run" if len(runs) > 1 else "system")
    return ComparisonAddress(runs, by, given.get("against") or None, "different" in given)


def _compare(folders: list[RunFolder], asked: ComparisonAddress) -> Comparison:
    return compare.compare(stored.open_all([folder.path for folder in folders]), asked.question)


def _files(folders: list[RunFolder], articles: list[Path]) -> list[Path]:
    """What a comparison is made from: the records, and how important the facts are today."""
    return [*(path for folder in folders for path in records(folder)), *(path / "facts.yaml" for path in articles)]
