"""Runs, or the systems of one, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import get_args
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from harness.compare import comparison as compare
from harness.compare import stored
from harness.compare.comparison import MeasuredDifferentlyError
from harness.compare.report.diff import diff
from harness.compare.report.document import document
from harness.compare.result import Comparison, ComparisonOptions
from harness.compare.sides import By
from harness.data.runs.results import RunFolder
from harness.document.blocks import Piece
from harness.errors import HarnessError
from harness.view.context import context
from harness.view.page import page
from harness.view.run_index import NotThereError, RunIndex, records

MOST = 50
"""Changed facts that are shown of a run, of the first articles whose facts changed."""


@dataclass(frozen=True, slots=True)
class ComparisonAddress:
    """What the address of the page asks."""

    runs: tuple[str, ...]
    options: ComparisonOptions


def side_by_side(request: Request) -> Response:
    """The comparison that is asked for under the form that asks for it; the form alone where no run is chosen."""
    run_index = context(request).run_index
    address = _address(request)
    form = {"address": address, "runs": [run.path.name for run in run_index.runs()], "ways": get_args(By)}
    form |= {"chosen_way": request.query_params.get("by", "")} | _staleness(request, run_index.named(address.runs))
    if not address.runs:
        return page(request, "compare.html.j2", problem=(), **form)
    try:
        compared = comparison(run_index, address)
    except NotThereError:
        raise
    except MeasuredDifferentlyError as error:
        message = f"These runs were not measured as {error.first} was. Score them again, or compare what they share."
        return page(request, "compare.html.j2", 409, problem=(message, *error.differences), **form)
    except HarnessError as error:
        return page(request, "compare.html.j2", 409, problem=str(error).splitlines(), **form)
    return page(request, "compared.html.j2", **form, document=document(compared))


@dataclass(frozen=True, slots=True)
class Rewording:
    """A fact whose statement is another than the one that was judged; all of it is new, or gone, where it is."""

    article: str
    fact: str
    words: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class StaleRun:
    """A run that is compared and that something changed of since it was scored."""

    name: str
    changed: str
    of_facts: bool
    """Whether it is facts that changed."""
    facts: tuple[Rewording, ...]


def _staleness(request: Request, runs: Sequence[RunFolder]) -> dict[str, object]:
    """What the page says of runs that are stale, and of those that are being scored again."""
    run_index, rescoring = context(request).run_index, context(request).rescoring
    is_read = context(request).stale_is_read(runs)
    jobs = [job for run in runs if (job := rescoring.of(run.path.name)) and not job.fact]
    going = {job.run for job in jobs if not job.ended}
    settled = [run for run in runs if is_read and run.path.name not in going]
    return {
        "is_read": is_read,
        "jobs": jobs,
        "busy": bool(going) or not is_read,
        "stale": [_stale(run_index, run) for run in settled if run_index.stale(run).changes],
        "here": f"/compare?{urlencode(request.query_params.multi_items(), errors='replace')}",
        "scoring": f"/scoring?{urlencode([('run', run.path.name) for run in runs], errors='replace')}",
    }


def _stale(run_index: RunIndex, run: RunFolder) -> StaleRun:
    changes = run_index.stale(run).changes
    articles = [article for change in changes if change.what == "facts" for article in change.names]
    facts = islice(_rewordings(run_index, run, articles), MOST)
    return StaleRun(run.path.name, ", ".join(map(str, changes)), bool(articles), tuple(facts))


def _rewordings(run_index: RunIndex, run: RunFolder, articles: Iterable[str]) -> Iterator[Rewording]:
    """The facts of these articles whose statement changed, came or went since the run was judged."""
    folders = {path.name: path for path in run_index.articles()}
    for article in articles:
        if article in folders:
            facts = run_index.article_at(folders[article]).facts.facts
            now = {fact.id: fact.statement for fact in facts}
            then = {check.target: check.hypothesis for check in run.checks.of([article]) if check.use == "coverage"}
            for fact in {**then, **now}:
                if then.get(fact) != now.get(fact):
                    yield Rewording(article, fact, diff(then.get(fact, ""), now.get(fact, "")))


def comparison(run_index: RunIndex, address: ComparisonAddress) -> Comparison:
    """What the address asks, from what lies on disk now."""
    folders = run_index.named(address.runs)
    return run_index.compared.get(
        address,
        lambda: compare.compare(stored.open_all([folder.path for folder in folders]), address.options),
        lambda _: _files(folders, run_index.articles()),
    )


def _address(request: Request) -> ComparisonAddress:
    given = request.query_params
    runs = tuple(dict.fromkeys(given.getlist("run")))
    by: By = next((way for way in get_args(By) if way == given.get("by")), "run" if len(runs) > 1 else "system")
    against = given.get("against") or None
    return ComparisonAddress(runs, ComparisonOptions(by, against=against, allow_different="different" in given))


def _files(folders: list[RunFolder], articles: list[Path]) -> list[Path]:
    """What a comparison is made from: the records, and how important the facts are today."""
    return [*(path for folder in folders for path in records(folder)), *(path / "facts.yaml" for path in articles)]
