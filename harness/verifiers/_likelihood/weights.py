"""What was fitted: two logistic regressions over the features, as they lie in ``weights.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.records import Probabilities
from harness.verifiers._lexical.weights import Regression


@dataclass(frozen=True, slots=True)
class Weights:
    """All that ``likelihood`` learned; ``benchmarks/fit_likelihood.py`` writes it, with a card of how it was made."""

    supported: Regression
    """P(supported)."""
    contradicted: Regression
    """P(contradicted | not supported)."""

    @classmethod
    def load(cls, path: Path) -> Weights:
        data: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{name: Regression(**data[name]) for name in ("supported", "contradicted")})

    def probabilities(self, features: Mapping[str, float]) -> Probabilities:
        """Of the three labels, for the features of one statement."""
        supported = self.supported.probability(features)
        contradicted = self.contradicted.probability(features)
        return Probabilities(supported, (1 - supported) * contradicted, (1 - supported) * (1 - contradicted))
