"""How far people agree with each other and with the verifier of a run; the verifier fitted to their labels."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from harness.checker.agreement import report as told
from harness.checker.agreement.agreement import Dispute
from harness.signature import kind_of
from harness.view.agreements import Agreement
from harness.view.context import Context, context
from harness.view.judge import questions_of
from harness.view.page import link, not_yet, page
from harness.view.run_index import OpenedRun
from harness.view.session_address import SessionAddress

SHOWN = 200
"""Disputes on one page."""


def shown(request: Request) -> Response:
    """The page."""
    run = request.path_params["run"]
    if waiting := not_yet(request, lambda: _made(context(request), run)):
        return waiting
    opened, agreement = _made(context(request), run)
    annotators = agreement.annotators
    return page(
        request,
        "agreement.html.j2",
        run=run,
        agreement=agreement,
        sentences=list(told.in_words(annotators)),
        figures=told.figures(annotators),
        more=[
            *opened.report.estimates,
            *told.confusions(annotators),
            *told.disputes(annotators, SHOWN, partial(_address, run)),
        ],
        verifier=kind_of(opened.folder.manifest.verifier),
    )


def calibrate(request: Request) -> Response:
    """Fit the run's verifier to the labels of the run, in the background."""
    run = request.path_params["run"]
    context(request).fits.fit(run, context(request).run_index.opened(run))
    return RedirectResponse(link("runs", run, "calibrate"), 303)


def calibrated(request: Request) -> Response:
    """How far that is, and what it is worth."""
    run = request.path_params["run"]
    fit = context(request).fits.of(run)
    if fit is None:
        return RedirectResponse(link("runs", run, "agreement"), 303)
    return page(request, "calibrated.html.j2", run=run, fit=fit)


def _made(context: Context, run: str) -> tuple[OpenedRun, Agreement]:
    opened = context.run_index.opened(run)
    return opened, context.agreements.of(run, opened, questions_of(context, run).tasks)


def _address(run: str, dispute: Dispute) -> str:
    return SessionAddress(run, "", sight=True, pair=dispute.task.id).address()
