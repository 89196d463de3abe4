"""The network's probabilities weighed with what words and values tell: one calibration for each use.

A multinomial logistic regression over the network's log-odds and ``features`` (stacking: Wolpert 1992).
A fact is looked for in a summary, which is short; a claim is held against an article, which is long. The two differ in
how often the answer is yes and in what a shared word is worth, so each length has weights of its own.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from harness.checker_en.findings import Findings
from harness.checker_en.probabilities import softmax
from harness.records import Probabilities

_CONFLICTS = ("number", "date", "name", "quote", "negation", "antonym", "role")
"""The conflicts that calibrators have weights for."""
_FLOOR = 1e-4
"""The least probability whose logarithm is taken."""

Length = Literal["short", "long"]
"""The length of a premise: that of a summary, or of an article."""


@dataclass(frozen=True, slots=True)
class Calibrator:
    """Weights that were fitted by ``benchmarks/training/calibrate.py``."""

    names: Mapping[Length, Sequence[str]]
    """The features that are weighed, in order."""
    weights: Mapping[Length, Sequence[Sequence[float]]]
    """For supported, contradicted and absent: the intercept, then one weight a feature."""

    @classmethod
    def load(cls, file: Path) -> Self:
        written = json.loads(file.read_text(encoding="utf-8"))
        return cls(written["features"], written["weights"])

    def probabilities(self, features: Mapping[str, float], length: Length) -> Probabilities:
        """P(label) of a pair with these features."""
        values = [1.0, *(features[name] for name in self.names[length])]
        scores = [
            sum(weight * value for weight, value in zip(row, values, strict=True)) for row in self.weights[length]
        ]
        return softmax(scores)


def features(read: Probabilities, read_near: Probabilities, findings: Findings, verbatim: bool) -> dict[str, float]:
    """What the network, words and values tell, as numbers by name, always the same ones in the same order."""
    return {
        "supported": _log_odds(read.supported, read.absent),
        "contradicted": _log_odds(read.contradicted, read.absent),
        "near_supported": _log_odds(read_near.supported, read_near.absent),
        "near_contradicted": _log_odds(read_near.contradicted, read_near.absent),
        "alignment": findings.alignment,
        "coverage": findings.coverage,
        "coverage_squared": findings.coverage**2,
        "order": findings.order,
        "log_words": math.log1p(min(findings.words, 60)),
        "missing": len(findings.of("missing")) / findings.words if findings.words else 0.0,
        **{f"conflict_{kind}": _strongest(findings, kind) for kind in _CONFLICTS},
        "verbatim": float(verbatim),
    }


def _log_odds(one: float, other: float) -> float:
    """The logarithm of the ratio of two probabilities, in nats."""
    return math.log(max(one, _FLOOR)) - math.log(max(other, _FLOOR))


def _strongest(findings: Findings, kind: str) -> float:
    """How well the clause around the strongest conflict of a kind matches; 0 where there is none."""
    return max((slot.strength for slot in findings.of("conflict") if slot.type == kind), default=0.0)
