"""Turn the network's answer into calibrated probabilities: two logistic regressions for each length of premise.

The first gives P(supported), the second P(contradicted | not supported); both start from the network's log-odds (Platt
1999). A fact is checked against a summary, which is short, and a claim against an article, which is long. Errors are
not equally common in the two, so each has its own weights.
``benchmarks/training`` fits them.
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
"""Probabilities are raised to this before their logarithm is taken."""


@dataclass(frozen=True, slots=True)
class Calibrator:
    """The weights of both regressions, by length, step and feature."""

    weights: Mapping[Length, Mapping[Step, Mapping[str, float]]]

    @classmethod
    def load(cls, file: Path) -> Self:
        return cls(json.loads(file.read_text(encoding="utf-8"))["weights"])

    def probabilities(self, features: Mapping[str, float], length: Length) -> Probabilities:
        """P(supported), P(contradicted) and P(absent) of a pair with these features."""
        supported, contradicted = (
            sigmoid(sum(weight * (1.0 if name == INTERCEPT else features[name]) for name, weight in weights.items()))
            for weights in (self.weights[length]["supported"], self.weights[length]["contradicted"])
        )
        return to_probabilities(supported, contradicted)


def extract_features(
    read: Probabilities, near: Probabilities | None, coverage: float, is_verbatim: bool
) -> dict[str, float]:
    """The features of a pair by name: log-odds in nats, the others from 0 to 1.

    ``read`` is the network's answer for the passage, ``near`` for the nearest sentence alone, if it was read;
    ``coverage`` is the share of the hypothesis's words that the premise has.
    """
    near = near or read
    return {
        "supported": _log_ratio(read.supported, 1 - read.supported),
        "contradicted": _log_ratio(read.contradicted, read.absent),
        "near_supported": _log_ratio(near.supported, 1 - near.supported),
        "near_contradicted": _log_ratio(near.contradicted, near.absent),
        "coverage": coverage,
        "verbatim": float(is_verbatim),
    }


def _log_ratio(one: float, other: float) -> float:
    return math.log(max(one, _FLOOR)) - math.log(max(other, _FLOOR))
