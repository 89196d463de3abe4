"""The pages of a run: the report, the articles, and the progress of a running run."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import islice

from starlette.requests import Request
from starlette.responses import Response

from harness.data.runs.results import RunFolder
from harness.document import format as fmt
from harness.records import Label, Place
from harness.report import pages
from harness.report.links import Links
from harness.report.report import PAGES
from harness.view.context import ListPage, get_context, link, render, render_waiting_page
from harness.view.run_index import NotFoundError, OpenedRun, find_status

SHOWN = 50
"""Maximum number of summaries on the page of a running run."""
_EXCERPT = 200
"""Maximum number of characters shown of each summary."""


def show_run(request: Request) -> Response:
    """Show the report, made from the files on disk, or the progress if the run is running."""
    name, run_index = request.path_params["run"], get_context(request).run_index
    folder = run_index.find_run(name)
    if find_status(folder) == "running":
        progress = read_progress(folder)
        return render(request, "live.html.j2", live=True, run=name, started=folder.manifest.started, progress=progress)
    if waiting := render_waiting_page(request, lambda: run_index.open_run(name)):
        return waiting
    run = run_index.open_run(name)
    page = ListPage.of(request, len(run.articles), PAGES)
    if run.report.fits_one_page and len(run.articles) <= PAGES:
        values = pages.build_front(run.report, Links(judging_url=link("runs", name, "judge")))
    else:  # a line for each article, with links to their pages
        items = tuple(run.results.items[page.rows])
        values = pages.build_front(replace(run.report, items=items), _links(run), page.rows.start)
    return render(request, "run.html.j2", run=name, page=page, **_staleness(request, folder), **values)


def show_article(request: Request) -> Response:
    name, article = request.path_params["run"], request.path_params["article"]
    run_index = get_context(request).run_index
    if waiting := render_waiting_page(request, lambda: run_index.open_run(name)):
        return waiting
    run = run_index.open_run(name)
    if article not in run.articles:
        raise NotFoundError(f"the run {name!r} has no article {article!r}")
    values = pages.build_article(run.report, run.articles.index(article), _links(run))
    return render(request, "run_article.html.j2", run=name, **_staleness(request, run.folder), **values)


def _links(run: OpenedRun) -> Links:
    pages = tuple(link("runs", run.name, "articles", article) for article in run.articles)
    return Links(link("runs", run.name) + "/", pages, link("runs", run.name, "judge"))


def _staleness(request: Request, folder: RunFolder) -> dict[str, object]:
    """Return values for the template: the job that is rescoring the run, or else the changes since it was scored."""
    context = get_context(request)
    jobs = context.rescoring.list_active([folder.path.name])
    is_known = not jobs and context.knows_changes([folder])
    changes = ", ".join(context.run_index.list_changes(folder)) if is_known else ""
    return {"changes": changes, "jobs": jobs, "live": bool(jobs)}


@dataclass
class LiveSummary:
    """A summary of a running run, and the verdicts so far."""

    place: Place
    text: str
    """The first words, or the reason why there is no summary."""
    is_made: bool
    facts: Counter[Label] = field(default_factory=Counter)
    claims: Counter[Label] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a run in cells, i.e. pairs of a system and an article."""

    cells: int
    summarised: int
    verified: int
    latest: tuple[LiveSummary, ...]
    """The summaries that changed last, at most ``SHOWN``."""


def read_progress(run: RunFolder) -> Progress:
    """Read the progress of a run; RunFolderError, with file and line, if a record cannot be read."""
    summaries: dict[Place, LiveSummary] = {}
    summarised: set[tuple[str, str]] = set()
    verified: set[tuple[str, str]] = set()
    for summary in run.summaries.read():
        text = fmt.cut_end(summary.text, _EXCERPT) if summary.text is not None else summary.reason or ""
        summaries[summary.place] = LiveSummary(summary.place, text, summary.text is not None)
        summarised.add((summary.system, summary.article_id))
    for check in run.checks.read():
        verified.add((check.system, check.article_id))
        if row := summaries.pop(check.place, None):
            (row.facts if check.use == "coverage" else row.claims)[check.verdict.label] += 1
            summaries[check.place] = row  # at the end, because this summary changed last
    return Progress(
        cells=len(run.manifest.systems) * len(run.manifest.articles),
        summarised=len(summarised),
        verified=len(verified),
        latest=tuple(islice(reversed(summaries.values()), SHOWN)),
    )
