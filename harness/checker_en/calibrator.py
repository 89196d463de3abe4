"""Calibrate the probabilities of ``entailment`` and ``lexical`` with logistic regressions.

A ``Calibrator`` has two regressions for each length of premise: P(supported), and P(contradicted | not supported).
Facts are checked against short summaries, claims against long articles, and errors are not equally common in the two.
For ``entailment``, each regression has one feature, the network's log-odds (Platt 1999).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from harness.checker_en.passages import PASSAGE_WORDS
from harness.records import Pair, Probabilities

Length = Literal["short", "long"]
"""The length of a premise: ``short`` for summaries and other short texts, ``long`` for articles."""
Step = Literal["supported", "contradicted"]
"""The regression for P(supported), and the one for P(contradicted | not supported)."""
INTERCEPT = "intercept"
_FLOOR = 1e-4
"""Smaller probabilities are raised to this before their logarithm is taken."""


@dataclass(frozen=True, slots=True)
class Calibrator:
    """The weights of the four regressions, by length, step and feature."""

    weights: Mapping[Length, Mapping[Step, Mapping[str, float]]]

    @classmethod
    def load(cls, file: Path) -> Self:
        return cls(json.loads(file.read_text(encoding="utf-8"))["weights"])

    def calibrate(self, features: Mapping[str, float], length: Length) -> Probabilities:
        """Return the calibrated probabilities of a pair with these features."""
        steps = self.weights[length]
        return to_probabilities(_regress(steps["supported"], features), _regress(steps["contradicted"], features))


def classify_length(pair: Pair) -> Length:
    """Return ``long`` if the premise is longer than a passage and is not a summary."""
    return "long" if len(pair.premise.split()) > PASSAGE_WORDS and not pair.of_summary else "short"


def _regress(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    return sigmoid(sum(weight * (1.0 if name == INTERCEPT else features[name]) for name, weight in weights.items()))


def compute_log_odds(network: Probabilities) -> dict[str, float]:
    """Return the log-odds of supported to the rest, and of contradicted to absent: the features of ``entailment``."""
    return {
        "supported": _log_ratio(network.supported, 1 - network.supported),
        "contradicted": _log_ratio(network.contradicted, network.absent),
    }


def _log_ratio(one: float, other: float) -> float:
    return math.log(max(one, _FLOOR)) - math.log(max(other, _FLOOR))


def to_probabilities(supported: float, contradicted: float) -> Probabilities:
    """Combine P(supported) and P(contradicted | not supported)."""
    return Probabilities(supported, (1 - supported) * contradicted, (1 - supported) * (1 - contradicted))


def softmax(scores: Sequence[float]) -> Probabilities:
    """Turn log-scores of supported, contradicted and absent into probabilities."""
    top = max(scores)
    raised = [math.exp(score - top) for score in scores]
    total = sum(raised)
    return Probabilities(*(value / total for value in raised))


def sigmoid(logit: float) -> float:
    """Return 1 / (1 + exp(-logit)), without overflow."""
    return 0.5 * (1 + math.tanh(logit / 2))
