"""Turn the network's answer into calibrated probabilities: two logistic regressions for each length of premise.

The first gives P(supported), the second P(contradicted | not supported), each from one of the network's log-odds (Platt
1999). A fact is checked against a summary, which is short, and a claim against an article, which is long. Errors are
not equally common in the two, so each has its own regressions.
``benchmarks/training`` fits them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, Self

from harness.checker_en.probabilities import sigmoid, to_probabilities
from harness.records import Probabilities

Length = Literal["short", "long"]
"""The length of a premise: a summary's or an article's."""
Step = Literal["supported", "contradicted"]
_FLOOR = 1e-4
"""Probabilities are raised to this before their logarithm is taken."""


class Regression(NamedTuple):
    """A logistic regression on one number."""

    intercept: float
    slope: float

    def probability(self, log_odds: float) -> float:
        return sigmoid(self.intercept + self.slope * log_odds)


@dataclass(frozen=True, slots=True)
class Calibrator:
    """The four regressions, by length and step."""

    regressions: Mapping[Length, Mapping[Step, Regression]]

    @classmethod
    def load(cls, file: Path) -> Self:
        fitted = json.loads(file.read_text(encoding="utf-8"))["regressions"]
        return cls({of: {step: Regression(**each) for step, each in steps.items()} for of, steps in fitted.items()})

    def probabilities(self, read: Probabilities, length: Length) -> Probabilities:
        """P(supported), P(contradicted) and P(absent) of a pair that the network reads like this."""
        steps, log_odds = self.regressions[length], find_log_odds(read)
        return to_probabilities(*(steps[step].probability(log_odds[step]) for step in ("supported", "contradicted")))


def find_log_odds(read: Probabilities) -> dict[Step, float]:
    """What each regression starts from, in nats: supported against the rest, and contradicted against absent."""
    return {
        "supported": _log_ratio(read.supported, 1 - read.supported),
        "contradicted": _log_ratio(read.contradicted, read.absent),
    }


def _log_ratio(one: float, other: float) -> float:
    return math.log(max(one, _FLOOR)) - math.log(max(other, _FLOOR))
