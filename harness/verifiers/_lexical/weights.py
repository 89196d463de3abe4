"""What was fitted: word weights and three logistic regressions, as they lie in ``weights.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.verifiers._regressions import Regression


@dataclass(frozen=True, slots=True)
class Lexicon:
    """How much each word says: inverse document frequency over the sentences of news articles."""

    words: Mapping[str, float]
    """Key → weight. Names are left out, so a word that is missing is rare, or a name."""
    unknown: float
    """Weight of a word that the table lacks: the largest there is."""

    def weight(self, key: str) -> float:
        return self.words.get(key, self.unknown)


@dataclass(frozen=True, slots=True)
class Weights:
    """All that ``lexical`` learned; ``benchmarks/fit_lexical.py`` writes it, with a card of how it was made."""

    lexicon: Lexicon
    supported: Regression
    """P(supported)."""
    contradicted: Regression
    """P(contradicted | not supported)."""
    choice: Regression
    """P(the statement rather than its false version | the premise speaks of one of them), on feature differences."""

    @classmethod
    def load(cls, path: Path) -> Weights:
        data: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        parts = {name: Regression(**data[name]) for name in ("supported", "contradicted", "choice")}
        return cls(Lexicon(**data["lexicon"]), **parts)
