"""Turn the network's answer into calibrated probabilities: two logistic regressions for each length of premise.

The first gives P(supported), the second P(contradicted | not supported); both weigh the network's log-odds with the
conflicts that the value checks find (stacking: Wolpert 1992). A fact is checked against a summary, which is short, and
a claim against an article, which is long. Errors are not equally common in the two, so each has its own weights.
``benchmarks/training`` fits them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from harness.checker_en.findings import Findings
from harness.checker_en.probabilities import sigmoid, three
from harness.records import Probabilities

Length = Literal["short", "long"]
"""The length of a premise: a summary's or an article's."""
Step = Literal["supported", "contradicted"]
CONFLICTS = {"number": ("number",), "date": ("date",), "name": ("name",), "negation": ("negation", "antonym")}
"""Feature → the kinds of conflict that it measures."""
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
        return three(supported, contradicted)


def extract_features(
    read: Probabilities, near: Probabilities | None, findings: Findings, is_verbatim: bool
) -> dict[str, float]:
    """The features of a pair by name: log-odds in nats, conflicts and matching words from 0 to 1.

    ``read`` is the network's answer for the passage, ``near`` for the nearest sentence alone, if it was read.
    """
    near = near or read
    return {
        "supported": _log_ratio(read.supported, 1 - read.supported),
        "contradicted": _log_ratio(read.contradicted, read.absent),
        "near_supported": _log_ratio(near.supported, 1 - near.supported),
        "near_contradicted": _log_ratio(near.contradicted, near.absent),
        "alignment": findings.alignment,
        "coverage": findings.coverage,
        "order": findings.order,
        **{f"conflict_{name}": _strongest_conflict(findings, kinds) for name, kinds in CONFLICTS.items()},
        "missing": len(findings.of("missing")) / findings.words if findings.words else 0.0,
        "verbatim": float(is_verbatim),
    }


def _log_ratio(one: float, other: float) -> float:
    return math.log(max(one, _FLOOR)) - math.log(max(other, _FLOOR))


def _strongest_conflict(findings: Findings, kinds: Sequence[str]) -> float:
    """How well the clause around the strongest conflict of these kinds matches the premise; 0 without a conflict."""
    return max((slot.strength for slot in findings.of("conflict") if slot.type in kinds), default=0.0)
