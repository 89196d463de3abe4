"""From what the words, the slots and the network say of a pair to one set of probabilities.

Boosted trees weigh the features of words and slots; logistic regressions weigh what the trees and the network say. All
of it is in ``blend.json``, which ``benchmarks/fit_entailment.py`` writes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.records import Probabilities
from harness.verifiers._entailment.trees import Trees
from harness.verifiers._regressions import Regression, sigmoid, three


@dataclass(frozen=True, slots=True)
class Words:
    """What words and slots say by themselves."""

    supported: Trees
    """P(supported)."""
    contradicted: Trees
    """P(contradicted | not supported)."""
    conflicts: Regression
    """What conflicts that are named take from the log-odds of supported: people's labels hold too few negations and
    exchanged roles for the trees to learn what they mean."""

    def logits(self, features: Mapping[str, float]) -> dict[str, float]:
        return {
            "words_supported": self.supported.logit(features) + self.conflicts.logit(features),
            "words_contradicted": self.contradicted.logit(features),
        }


@dataclass(frozen=True, slots=True)
class Blend:
    """All that was fitted beside the network."""

    words: Words
    supported: Regression
    """P(supported), on the logits of the words and of the network."""
    contradicted: Regression
    """P(contradicted | not supported), on the same."""
    grounded: Regression
    """P(supported) by an article, on two of them."""
    rival: Regression
    """P(the statement rather than its false version | the premise speaks of one), on the difference of log-odds."""
    card: Mapping[str, Any]
    """How it was made, and how well it does."""

    @classmethod
    def load(cls, path: Path) -> Blend:
        data = json.loads(path.read_text(encoding="utf-8"))
        words = Words(
            Trees.of(data["words"]["supported"]),
            Trees.of(data["words"]["contradicted"]),
            Regression(**data["words"]["conflicts"]),
        )
        names = ("supported", "contradicted", "grounded", "rival")
        return cls(words, **{name: Regression(**data[name]) for name in names}, card=data["card"])

    def probabilities(
        self, features: Mapping[str, float], read: Probabilities, by_article: bool = False
    ) -> Probabilities:
        """``features`` are those of words and slots, ``read`` is what the network says.

        ``by_article``: whether the premise is an article, not a summary.
        """
        logits = {**self.words.logits(features), **read_logits(read)}
        supported = self.grounded if by_article else self.supported
        return three(supported.probability(logits), self.contradicted.probability(logits))

    def share(self, statement: Probabilities, contrast: Probabilities) -> float:
        """How far the premise is on the statement's side against a false version of it, 0 to 1."""
        return sigmoid(self.rival.logit({"log_odds": log_odds(statement.supported) - log_odds(contrast.supported)}))


def read_logits(read: Probabilities) -> dict[str, float]:
    return {
        "read_supported": log_odds(read.supported),
        "read_contradicted": log_odds(read.contradicted),
        "read_absent": log_odds(read.absent),
    }


def log_odds(probability: float, least: float = 1e-6) -> float:
    """ln(p / (1 - p)), with p kept off 0 and 1."""
    kept = min(max(probability, least), 1 - least)
    return math.log(kept / (1 - kept))
