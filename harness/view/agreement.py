"""How far people agree with each other and with the verifier of a run; the verifier fitted to their labels."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from harness.analysis.accord import Dispute
from harness.reports import accord as told
from harness.view.context import context
from harness.view.judge import questions_of
from harness.view.page import link, page
from harness.view.sitting import Sitting

SHOWN = 200
"""Disputes on one page."""


def shown(request: Request) -> Response:
    """The page."""
    run = request.path_params["run"]
    opened = context(request).shelf.opened(run)
    agreement = context(request).agreements.of(run, opened, questions_of(context(request), run).tasks)
    found = agreement.found
    return page(
        request,
        "agreement.html.j2",
        run=run,
        agreement=agreement,
        estimates=opened.report.estimates,
        sentences=list(told.sentences(found)),
        grids=[grid for grid in (told.between(found), told.among(found)) if grid.rows],
        confusions=[told.confusion(each) for each in found.confusions],
        disputes=found.disputes[:SHOWN],
        judging=lambda dispute: _address(run, dispute),
        verifier=opened.folder.manifest.verifier.partition("|")[0],
    )


def calibrate(request: Request) -> Response:
    """Fit the run's verifier to the labels of the run, in the background."""
    run = request.path_params["run"]
    context(request).fits.start(run, context(request).shelf.opened(run))
    return RedirectResponse(link("runs", run, "calibrate"), 303)


def calibrated(request: Request) -> Response:
    """How far that is, and what it is worth."""
    run = request.path_params["run"]
    fit = context(request).fits.of(run)
    if fit is None:
        return RedirectResponse(link("runs", run, "agreement"), 303)
    return page(request, "calibrated.html.j2", run=run, fit=fit)


def _address(run: str, dispute: Dispute) -> str:
    return Sitting(run, "", sight=True, pair=dispute.task.id).address()
