"""How far people agree with each other and with the verifier of a run; the verifier fitted to their labels."""

from __future__ import annotations

from functools import lru_cache, partial

import numpy as np
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from harness.data import labels
from harness.signature import kind_of
from harness.trust import agreement_report
from harness.trust.agreement import AnnotatorAgreement, Dispute, measure_agreement
from harness.trust.queue import list_tasks
from harness.view.context import context
from harness.view.page import link, not_yet, page
from harness.view.run_index import OpenedRun
from harness.view.session_address import SessionAddress

SHOWN = 200
"""Disputes on one page."""


def shown(request: Request) -> Response:
    """The page."""
    run = request.path_params["run"]
    run_index = context(request).run_index
    if waiting := not_yet(request, lambda: _agreement(run_index.opened(run))):
        return waiting
    opened = run_index.opened(run)
    annotators, warnings = _agreement(opened)
    return page(
        request,
        "agreement.html.j2",
        run=run,
        annotators=annotators,
        warnings=warnings,
        sentences=list(agreement_report.describe(annotators)),
        figures=agreement_report.tabulate_agreement(annotators),
        more=[
            *opened.report.estimates,
            *agreement_report.tabulate_confusions(annotators),
            *agreement_report.list_disputes(annotators, SHOWN, partial(_address, run)),
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


@lru_cache(maxsize=3)
def _agreement(opened: OpenedRun) -> tuple[AnnotatorAgreement, tuple[str, ...]]:
    """How far people agree on a run, and warnings. Its resamples take a second or more, and are the same until it is
    read anew."""
    results = opened.results
    rng = np.random.default_rng(results.manifest.seed)
    annotators = measure_agreement(list_tasks([results]), results.labels, rng)
    warnings = filter(None, [agreement_report.warn_of_fitted_labels(results)])
    return annotators, (*warnings, *map(str, labels.faults(results)))


def _address(run: str, dispute: Dispute) -> str:
    return SessionAddress(run, "", sight=True, pair=dispute.task.id).address()
