"""The list of runs, the pages of one run, the button that rescores stale runs, and the page that compares runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import get_args
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from harness.compare import comparison, stored
from harness.compare.comparison import ComparisonOptions
from harness.compare.report.document import document
from harness.compare.run_differences import MeasuredDifferentlyError
from harness.compare.sides import By
from harness.data.runs.results import RunFolder, find_status
from harness.document.blocks import Document
from harness.errors import HarnessError
from harness.records import Manifest
from harness.report import pages
from harness.report.article import Links
from harness.report.report import MAX_ARTICLES, Report
from harness.signature import kind_of
from harness.view.background import Job
from harness.view.context import Context, ListPage, get_context, link, read_field, render
from harness.view.run_index import NotFoundError


@dataclass(frozen=True, slots=True)
class ListedRun:
    name: str
    manifest: Manifest | None = None
    """None if the manifest cannot be read, because of ``problem``."""
    problem: str = ""
    status: str = ""
    changes: str = ""
    """What changed since the run was scored; empty if nothing did or the run is being rescored."""
    job: Job | None = None
    """The last job since the app started."""


def list_runs(request: Request) -> Response:
    """Show all runs, the newest first; runs that cannot be read come last."""
    context = get_context(request)
    runs = context.run_index.list_runs()
    changes_known = context.wait_for_changes(runs)
    listed = [_list_run(context, run, changes_known) for run in runs]
    listed.sort(key=lambda each: each.manifest.started if each.manifest else "", reverse=True)
    return render(
        request,
        "runs.html.j2",
        folder=context.run_index.results,
        changes_known=changes_known,
        kind_of=kind_of,
        live=not changes_known or any(each.job and not each.job.has_ended for each in listed),
        runs=listed,
        stale=[each.name for each in listed if each.changes],
    )


def _list_run(context: Context, run: RunFolder, changes_known: bool) -> ListedRun:
    name = run.path.name
    # find the job before reading the manifest: if the job ends in between, the next refresh shows the result
    job = context.rescoring.jobs.get(name)
    is_active = job is not None and not job.has_ended
    try:
        manifest = context.run_index.read_manifest(run)
    except HarnessError as error:
        return ListedRun(name, problem=str(error))
    changes = context.run_index.list_changes(run) if changes_known and not is_active else ()
    return ListedRun(name, manifest, "", find_status(manifest, run.path), ", ".join(changes), job)


def rescore(request: Request) -> Response:
    """Rescore, in the background, the stale runs among those that the form names."""
    context, back = get_context(request), read_field(request, "back")
    for run in context.run_index.find_runs(read_field(request, "runs").split("/")):
        if context.run_index.list_changes(run) and not context.rescoring.list_active([run.path.name]):
            context.rescoring.start(run.path)
    return RedirectResponse(back if back.startswith(("/compare?", "/runs/", "/articles/")) else "/", 303)


# One run --------------------------------------------------------------------------------------------------------------


def show_run(request: Request) -> Response:
    """Show the report, made from the files on disk, or the progress if the run is running."""
    name, context = request.path_params["run"], get_context(request)
    folder = context.run_index.find_run(name)
    manifest = folder.manifest
    if find_status(manifest, folder.path) == "running":
        total = len(manifest.systems) * len(manifest.articles)
        summarised = len({(summary.system, summary.article_id) for summary in folder.summaries})
        verified = len({(check.system, check.article_id) for check in folder.checks})
        values = {"started": manifest.started, "total": total, "summarised": summarised, "verified": verified}
        return render(request, "live.html.j2", live=True, run=name, **values)
    report = context.run_index.read_report(name)
    count = len(report.manifest.articles)
    page = ListPage.of(request, count, MAX_ARTICLES)
    if report.fits_one_page and count <= MAX_ARTICLES:
        values = pages.build_front(report, Links(judging_url=link("runs", name, "judge")))
    else:  # one line for each article, with a link to its page
        values = pages.build_front(replace(report, shown=range(count)[page.rows]), _make_links(name, report))
    return render(request, "run.html.j2", run=name, page=page, **context.find_stale([folder]), **values)


def show_article(request: Request) -> Response:
    name, article, context = request.path_params["run"], request.path_params["article"], get_context(request)
    folder, report = context.run_index.find_run(name), context.run_index.read_report(name)
    articles = list(report.manifest.articles)
    if article not in articles:
        raise NotFoundError(f"the run {name!r} has no article {article!r}")
    values = pages.build_article(report, articles.index(article), _make_links(name, report))
    return render(request, "run_article.html.j2", run=name, **context.find_stale([folder]), **values)


def _make_links(run: str, report: Report) -> Links:
    pages = tuple(link("runs", run, "articles", article) for article in report.manifest.articles)
    return Links(link("runs", run) + "/", pages, link("runs", run, "judge"))


# Comparing -----------------------------------------------------------------------------------------------------------


def compare_runs(request: Request) -> Response:
    """Compare the runs in the address; the reference is the oldest run unless the address names another."""
    context, asked = get_context(request), request.query_params
    names = list(dict.fromkeys(asked.getlist("run")))
    if not names:
        return RedirectResponse("/", 303)
    runs = context.run_index.find_runs(names)
    runs.sort(key=lambda run: (run.path.name != asked.get("reference"), run.manifest.started, run.path.name))
    by: By = next((way for way in get_args(By) if way == asked.get("by")), "run" if len(runs) > 1 else "system")
    shown, can_force = _compare(runs, ComparisonOptions(by, allow_different="different" in asked))
    return render(
        request,
        "compare.html.j2",
        document=shown,
        can_force=can_force,
        runs=runs,
        by=by,
        ways=[way for way in get_args(By) if way != "run" or len(runs) > 1],
        address=partial(_make_address, request),
        **context.find_stale(runs),
    )


def _compare(runs: list[RunFolder], options: ComparisonOptions) -> tuple[Document, bool]:
    """Compare the runs, or explain why that is impossible; the flag says whether ``allow_different`` would help."""
    try:
        return document(comparison.compare(stored.open_all([run.path for run in runs]), options)), False
    except MeasuredDifferentlyError as error:
        message = f"These runs were measured differently from {error.first}. Rescore them, or compare what they share."
        return Document("Not comparable", banners=(message, *error.differences), eyebrow="Comparison"), True
    except HarnessError as error:
        return Document("Not comparable", banners=tuple(str(error).splitlines()), eyebrow="Comparison"), False


def _make_address(request: Request, **changed: str) -> str:
    """Return this page's address with some parameters changed; an empty value removes a parameter."""
    kept = [(key, value) for key, value in request.query_params.multi_items() if key not in changed]
    added = [(key, value) for key, value in changed.items() if value]
    return f"/compare?{urlencode([*kept, *added], errors='replace')}"
