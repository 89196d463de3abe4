"""How far people agree with each other and with the verifier of a run; the verifier fitted to their labels."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from harness import config as configs
from harness.analysis import labelled_run
from harness.analysis.accord import Dispute
from harness.data.results import RunFolder
from harness.errors import UsageError
from harness.files import show, write_text
from harness.reports import accord as told
from harness.reports import calibrate as fitted
from harness.seams import Verifier
from harness.stages import calibrate as fitting
from harness.view.context import context
from harness.view.page import page
from harness.view.sitting import Sitting

SHOWN = 200
"""Disputes on one page."""
CALIBRATION = "calibration.json"
_UNCERTAIN_COST = 0.4
"""As ``harness calibrate`` has it."""


def shown(request: Request) -> Response:
    """The page."""
    run = request.path_params["run"]
    opened = context(request).shelf.opened(run)
    agreement = context(request).agreements.of(run, opened.results)
    found = agreement.found
    return page(
        request, "agreement.html.j2", run=run, agreement=agreement, found=found, sentences=list(told.sentences(found)),
        grids=[grid for grid in (told.between(found), told.among(found)) if grid.rows],
        confusions=[told.confusion(each) for each in found.confusions], disputes=found.disputes[:SHOWN],
        judging=lambda dispute: _address(run, dispute), verifier=_kind(opened.folder),
    )  # fmt: skip  # one call


def calibrated(request: Request) -> Response:
    """The run's verifier fitted to the labels of the run; UsageError, with what to do, where they are too few."""
    run = request.path_params["run"]
    opened = context(request).shelf.opened(run)
    corpus = labelled_run.corpus(opened.results)
    if not corpus.judgements:
        raise UsageError("nobody has labelled a verdict of this run yet; judge some first")
    judge = fitting.calibratable(_uncalibrated(opened.folder))
    found = fitting.calibrate(judge, [corpus], opened.results.manifest.seed, _UNCERTAIN_COST)
    path = opened.folder.path / CALIBRATION
    _write(path, found.file.model_dump_json(indent=1) + "\n")
    section = fitted.section(judge.kind(), found)
    return page(request, "calibrated.html.j2", run=run, section=section, file=show(path), kind=judge.kind())


def _address(run: str, dispute: Dispute) -> str:
    return Sitting(run, "", sight=True, pair=dispute.task.id).address()


def _kind(folder: RunFolder) -> str:
    return folder.manifest.verifier.partition("|")[0]


def _uncalibrated(folder: RunFolder) -> Verifier:
    """The verifier of a run, as its manifest has it, without the calibration that it may have."""
    manifest = folder.manifest
    verifier = configs.load_judging(manifest.config, folder.path, show(folder.path / "manifest.json")).verifier
    return (
        verifier.model_copy(update={"calibration": None}) if "calibration" in type(verifier).model_fields else verifier
    )


def _write(path: Path, text: str) -> None:
    try:
        write_text(path, text)
    except OSError as error:
        raise UsageError(f"{show(path)} cannot be written: {error.strerror}; use harness calibrate with -o") from None
