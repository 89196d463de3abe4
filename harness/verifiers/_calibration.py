"""What ``harness calibrate`` learned from people's labels, as a small file that a config names; applied without numpy.

The probabilities are recalibrated by vector scaling (Guo et al. 2017): softmax(weight × log p + bias), label by label.
Then P(supported) decides: ``supported`` from ``high`` on, not supported below ``low``, uncertain between the two. An
accusation takes as much as without a calibration.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from harness.errors import ConfigError, DataError, HarnessError, Problem
from harness.files import read_text, show
from harness.records import Agreement, Label, Probabilities
from harness.signature import file_digest

FORMAT = 1
"""Version of the file; a reader refuses a newer one."""
FLOOR = 1e-6
"""The least probability whose logarithm is taken."""

Method = Literal["temperature", "two-way", "vector"]

_log = logging.getLogger(__name__)


class Scaling(BaseModel):
    """One number a label."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    supported: float
    contradicted: float
    absent: float


class Recalibration(BaseModel):
    """softmax(weight × log p + bias). Weights of 1 and biases of 0 change nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: Method
    """One weight for all labels and no bias; the contradicted and absent alike; six numbers."""
    weights: Scaling
    biases: Scaling

    def apply(self, found: Probabilities) -> Probabilities:
        """The recalibrated probabilities."""
        scores = [
            getattr(self.weights, label) * math.log(max(getattr(found, label), FLOOR)) + getattr(self.biases, label)
            for label in ("supported", "contradicted", "absent")
        ]
        top = max(scores)
        raised = [math.exp(score - top) for score in scores]
        total = sum(raised)
        return Probabilities(*(value / total for value in raised))


class Decision(BaseModel):
    """Where P(supported) decides, and where it does not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: float = Field(ge=0, le=1)
    """Below it the hypothesis is not supported."""
    threshold: float = Field(ge=0, le=1)
    """Where it would be cut if every verdict had to decide."""
    high: float = Field(ge=0, le=1)
    """From here on it is supported."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.threshold <= self.high:
            raise ValueError("low, threshold and high must stand in this order")
        return self

    def label(self, found: Probabilities, accuse: float) -> Label:
        """The verdict; between contradicted and absent the likelier one decides, of equals absent.

        ``accuse``: the least probability of a contradiction that is called one.
        """
        if found.supported >= self.high:
            return "supported"
        if found.supported >= self.low:
            return "uncertain"
        if found.contradicted > found.absent:
            return "contradicted" if found.contradicted >= accuse else "uncertain"
        return "absent"


class File(BaseModel):
    """A calibration as it lies on disk."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    made_by: str
    verifier: str
    """Signature of the verifier without a calibration."""
    recalibration: Recalibration
    decision: Decision
    agreement: Agreement
    """Out of fold, recalibrated."""
    groups: tuple[str, ...]
    """The groups that it was fitted on."""
    report: Mapping[str, Any]
    """What ``harness calibrate`` said, for people."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A calibration that has been read, and found to be made for the verifier that names it."""

    file: File
    digest: str
    """8 hex digits of the file's SHA-256."""
    caution: str
    """Set where the verifier's code has changed since."""

    def label(self, found: Probabilities, accuse: float) -> tuple[Label, str | None]:
        """The verdict on recalibrated probabilities; where it is uncertain, with the reason."""
        decision = self.file.decision
        label = decision.label(found, accuse)
        if label != "uncertain":
            return label, None
        if found.supported < decision.low:
            return label, f"not supported, and contradicted, at {found.contradicted:.2f}, does not reach {accuse:g}"
        band = f"{decision.low:.2f} to {decision.high:.2f}"
        return label, f"P(supported) is {found.supported:.2f}; from {band} people's labels bear out neither answer"


OTHER_CODE = (
    "The verifier's code has changed since it was calibrated, so the numbers may no longer hold: "
    "run harness calibrate again."
)


def load(path: Path, signature: str) -> Calibration:
    """The calibration in a file, for the verifier of this signature (taken without a calibration).

    ConfigError where the file cannot be used, or was made for a verifier with other options, weights or libraries.
    Where only the code has changed, that is said on standard error, and in ``caution``.
    """
    file = _read(path)
    differing = _differing(file.verifier, signature)
    if differing and differing != ["code"]:
        made, now = _parts(file.verifier), _parts(signature)
        said = ", ".join(f"{name} {made.get(name, 'none')} (here {now.get(name, 'none')})" for name in differing)
        message = (
            f"was made for another verifier: {said}; set back what differs, or make one for this: harness calibrate"
        )
        raise ConfigError.of([Problem(show(path), None, "verifier", message)])
    if differing:
        _log.warning("harness: %s: %s", show(path), OTHER_CODE)
    return Calibration(file, file_digest(path)[:8], OTHER_CODE if differing else "")


def _read(path: Path) -> File:
    try:
        data = json.loads(read_text(path))
    except DataError as error:
        raise ConfigError.of(error.problems) from None
    except (ValueError, RecursionError) as error:
        raise _unusable(path, "", f"is not JSON ({error})") from None
    version = data.get("format") if isinstance(data, dict) else None
    if not isinstance(version, int):
        raise _unusable(path, "format", "is missing, so this is no calibration")
    if version > FORMAT:
        message = f"is {version} and this harness reads up to {FORMAT}; update harness, or calibrate again"
        raise ConfigError.of([Problem(show(path), None, "format", message)])
    try:
        return File.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise _unusable(path, ".".join(map(str, first["loc"])), first["msg"]) from None


def _differing(made: str, now: str) -> list[str]:
    first, second = _parts(made), _parts(now)
    return [name for name in {**first, **second} if first.get(name) != second.get(name)]


def _unusable(path: Path, key: str, message: str) -> HarnessError:
    made = "; make the file with harness calibrate LABELS.jsonl -o FILE"
    return ConfigError.of([Problem(show(path), None, key, message + made)])


def _parts(signature: str) -> dict[str, str]:
    """The parts of a signature by name; ``decide`` is not among them, as a calibration decides in its place."""
    kind, *options = signature.split("|")
    parts = {"kind": kind, **dict(option.partition(":")[::2] for option in options)}
    parts.pop("decide", None)
    return parts
