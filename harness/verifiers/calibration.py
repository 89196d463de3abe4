"""The file that ``harness calibrate`` fits to people's labels, and how it changes a verifier's probabilities.

The option ``calibration`` of any ``PredictiveVerifier`` names this file. It recalibrates the three probabilities, or
only P(supported) and the sum of the other two, with softmax(weight × log p + bias) (vector scaling: Guo et al. 2017).
Its ``Band`` then replaces the verifier's own. ``trust/calibrate`` makes the file.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from harness.checker_en.calibrator import sigmoid, softmax, to_probabilities
from harness.errors import ConfigError, DataError, explain_invalid
from harness.files import read_text, show
from harness.records import Agreement, Probabilities
from harness.signature import file_digest, kind_of, parts_of
from harness.verifiers.decide import BAND_OPTIONS, Band

FLOOR = 1e-6
"""Smaller probabilities are raised to this before their logarithm is taken."""
OTHER_CODE = (
    "The verifier's code has changed since it was calibrated, so the numbers may no longer hold: "
    "run harness calibrate again."
)

Method = Literal["temperature", "two-way", "vector"]

_log = logging.getLogger(__name__)


class Scaling(BaseModel):
    """A weight, or a bias, for each label."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    supported: float
    contradicted: float
    absent: float


class Recalibration(BaseModel):
    """The parameters of softmax(weight × log p + bias); weights of 1 and biases of 0 change nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: Method
    """``temperature``: one weight, and no bias. ``two-way``: contradicted and absent share a weight and a bias.
    ``vector``: each label has its own. Only ``vector`` changes the ratio of contradicted to absent."""
    weights: Scaling
    biases: Scaling

    def apply(self, probabilities: Probabilities) -> Probabilities:
        if self.method == "vector":
            return softmax([self._score(label, getattr(probabilities, label)) for label in Scaling.model_fields])
        rest = probabilities.contradicted + probabilities.absent
        supported = sigmoid(self._score("supported", probabilities.supported) - self._score("absent", rest))
        return to_probabilities(supported, probabilities.contradicted / rest if rest else 0.0)

    def _score(self, label: str, probability: float) -> float:
        weight, bias = (getattr(scaling, label) for scaling in (self.weights, self.biases))
        return float(weight * math.log(max(probability, FLOOR)) + bias)


class File(BaseModel):
    """A calibration on disk."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    made_by: str
    verifier: str
    """Signature of the verifier, without a calibration."""
    recalibration: Recalibration
    decision: Band
    agreement: Agreement
    """Agreement with people, measured out of fold after recalibration."""
    groups: tuple[str, ...]
    """The groups of labels, usually articles, that the calibration was fitted on."""
    report: Mapping[str, Any]
    """The report of ``harness calibrate``; harness does not read it."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A calibration file, checked against the verifier that names it."""

    file: File
    digest: str
    """8 hex digits of the file's SHA-256."""
    caution: str
    """A warning if the verifier's code has changed since the calibration, else empty."""


def load_calibration(path: Path, signature: str) -> Calibration:
    """Read a calibration for the verifier with this ``signature``, which does not include a calibration.

    Raise ConfigError if the file is unusable, or was made for other options, weights or libraries. If only the code
    has changed, log a warning and set ``caution``.
    """
    file = _read(path)
    fitted, now = _read_parts(file.verifier), _read_parts(signature)
    differing = [name for name in {**fitted, **now} if fitted.get(name) != now.get(name)]
    if differing and differing != ["code"]:
        options = ", ".join(f"{name} {fitted.get(name, 'none')} (here {now.get(name, 'none')})" for name in differing)
        remedy = "restore these options, or run harness calibrate for this verifier"
        raise ConfigError.at(show(path), f"was made for another verifier: {options}; {remedy}", key="verifier")
    if differing:
        _log.warning("harness: %s: %s", show(path), OTHER_CODE)
    return Calibration(file, file_digest(path)[:8], OTHER_CODE if differing else "")


def _read(path: Path) -> File:
    try:
        return File.model_validate_json(read_text(path))
    except DataError as error:
        raise ConfigError.of(error.problems) from None
    except ValidationError as error:
        message = f"{explain_invalid(error)}; create the file with harness calibrate LABELS.jsonl -o FILE"
        raise ConfigError.at(show(path), message) from None


def _read_parts(signature: str) -> dict[str, str]:
    """Return a signature's parts by name, except for the options that a calibration replaces."""
    parts = {"kind": kind_of(signature), **parts_of(signature)}
    return {name: value for name, value in parts.items() if name not in BAND_OPTIONS}
