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

from harness.records import Probabilities

Length = Literal["short", "long"]
"""Of a premise: that of a summary, or of an article."""


@dataclass(frozen=True, slots=True)
class Calibrator:
    """Weights that were fitted by ``benchmarks/training/calibrate.py``."""

    names: tuple[str, ...]
    """Of the features, in order."""
    weights: Mapping[Length, Sequence[Sequence[float]]]
    """For supported, contradicted and absent: the intercept, then one weight a feature."""
    card: Mapping[str, object]

    @classmethod
    def load(cls, file: Path) -> Self:
        written = json.loads(file.read_text(encoding="utf-8"))
        return cls(tuple(written["features"]), written["weights"], written["card"])

    def probabilities(self, features: Mapping[str, float], length: Length) -> Probabilities:
        """P(label) of a pair with these features."""
        values = [1.0, *(features[name] for name in self.names)]
        scores = [
            sum(weight * value for weight, value in zip(row, values, strict=True)) for row in self.weights[length]
        ]
        top = max(scores)
        raised = [math.exp(score - top) for score in scores]
        return Probabilities(*(value / sum(raised) for value in raised))
