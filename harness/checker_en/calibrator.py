"""Turn features into calibrated probabilities: two logistic regressions for each length of premise.

The first gives P(supported), the second P(contradicted | not supported). A fact is checked against a summary, which is
short, and a claim against an article, which is long. Errors are not equally common in the two, so each has its own
regressions. For ``entailment``, each has one feature, the network's log-odds (Platt 1999).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from harness.checker_en.probabilities import sigmoid, to_probabilities
from harness.records import Probabilities

Length = Literal["short", "long"]
"""The length of a premise: a summary's or an article's."""
Step = Literal["supported", "contradicted"]
INTERCEPT = "intercept"
_FLOOR = 1e-4
"""Lower limit of a probability whose logarithm is taken."""


@dataclass(frozen=True, slots=True)
class Calibrator:
    """The weights of the four regressions, by length, step and feature."""

    weights: Mapping[Length, Mapping[Step, Mapping[str, float]]]

    @classmethod
    def load(cls, file: Path) -> Self:
        return cls(json.loads(file.read_text(encoding="utf-8"))["weights"])

    def probabilities(self, features: Mapping[str, float], length: Length) -> Probabilities:
        """P(supported), P(contradicted) and P(absent) of a pair with these features."""
        steps = self.weights[length]
        return to_probabilities(*(_apply(steps[step], features) for step in ("supported", "contradicted")))


def _apply(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    return sigmoid(sum(weight * (1.0 if name == INTERCEPT else features[name]) for name, weight in weights.items()))


def find_log_odds(read: Probabilities) -> dict[str, float]:
    """The features of a network's answer, in nats: supported against the rest, and contradicted against absent."""
    return {
        "supported": _log_ratio(read.supported, 1 - read.supported),
        "contradicted": _log_ratio(read.contradicted, read.absent),
    }


def _log_ratio(one: float, other: float) -> float:
    return math.log(max(one, _FLOOR)) - math.log(max(other, _FLOOR))
