"""Logistic regressions on named features, and the probabilities of the three labels that they make."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from harness.checker_en.probabilities import sigmoid, three
from harness.records import Probabilities


@dataclass(frozen=True, slots=True)
class Regression:
    """A logistic regression on features by name, in their own units."""

    bias: float
    weights: Mapping[str, float]

    def logit(self, features: Mapping[str, float]) -> float:
        return self.bias + sum(weight * features[name] for name, weight in self.weights.items())

    def probability(self, features: Mapping[str, float]) -> float:
        return sigmoid(self.logit(features))


@dataclass(frozen=True, slots=True)
class Regressions:
    """Two regressions that together give the three probabilities."""

    supported: Regression
    """P(supported)."""
    contradicted: Regression
    """P(contradicted | not supported)."""

    @classmethod
    def load(cls, path: Path) -> Self:
        """Those of a file of fitted weights."""
        data: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{name: Regression(**data[name]) for name in ("supported", "contradicted")})

    def probabilities(self, features: Mapping[str, float]) -> Probabilities:
        """The probabilities of the three labels, for the features of one hypothesis."""
        return three(self.supported.probability(features), self.contradicted.probability(features))
