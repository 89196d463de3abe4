"""Verifiers fitted to people's labels: in the background, one after the other, watched from a page."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from harness import config as configs
from harness.document.blocks import Document
from harness.errors import UsageError
from harness.files import portable, show, write_text
from harness.seams import Verifier
from harness.trust import calibrate as stage
from harness.trust import calibrate_report as report
from harness.trust.labelling import build_corpus
from harness.view.background import Job, Jobs
from harness.view.run_index import OpenedRun

FILE = "calibration.json"
"""In the run's folder."""
_UNCERTAIN_COST = 0.4
"""The default of ``harness calibrate``."""


@dataclass(slots=True)
class Fit(Job):
    """The verifier of a run, which is to be fitted to the labels of that run."""

    run: str
    kind: str = ""
    document: Document | None = None
    """What the fit is worth, once it is done."""
    file: str = ""
    """Where it was written, as the user would type it."""
    named: str = ""
    """Its path in the words of the run's config."""
    config: str = ""
    """That config."""


class Fits(Jobs[Fit]):
    """The last of each run, of one start of the app."""

    def __init__(self) -> None:
        super().__init__("fitting")

    def fit(self, run: str, opened: OpenedRun) -> None:
        """Fit the verifier of a run, unless that is being done already."""
        fit = Fit(run)
        self.start(run, fit, partial(_fit, fit, opened), unless_going=True)


def _fit(fit: Fit, opened: OpenedRun) -> None:
    corpus = build_corpus(opened.results)
    if not corpus.judgements:
        raise UsageError("nobody has labelled a verdict of this run yet; judge some first")
    path = opened.folder.path / FILE
    if not os.access(path.parent, os.W_OK):
        raise _unwritten(path, os.strerror(errno.EACCES))  # before the minute that the fit takes
    judge = stage.require_calibratable(_uncalibrated(opened))
    calibrated = stage.calibrate(judge, [corpus], opened.results.manifest.seed, _UNCERTAIN_COST)
    try:
        write_text(path, calibrated.file.model_dump_json(indent=1) + "\n")
    except OSError as error:
        raise _unwritten(path, error.strerror) from None
    config = opened.folder.manifest.config_file
    fit.config, fit.named = config, portable(path, Path(config).parent)
    fit.kind, fit.file, fit.document = judge.kind(), show(path), report.document(judge.kind(), calibrated)


def _unwritten(path: Path, why: str | None) -> UsageError:
    return UsageError(f"{show(path)} cannot be written: {why}; write it elsewhere: harness calibrate -o FILE")


def _uncalibrated(opened: OpenedRun) -> Verifier:
    """The verifier of a run, as its manifest has it, without the calibration that it may have."""
    folder = opened.folder
    verifier = configs.load_judging(folder.manifest, folder.path).verifier
    takes_calibration = "calibration" in type(verifier).model_fields
    return verifier.model_copy(update={"calibration": None}) if takes_calibration else verifier
