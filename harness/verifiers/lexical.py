"""Judges by the words that premise and hypothesis share: the floor, fast and without a model.

Words weighted by how rare they are, numbers, dates and names compared after normalisation, word order, negation, and
the false versions where there are some. Two logistic regressions turn these into probabilities, a third weighs a
statement against its false version; ``benchmarks/fit_lexical.py`` fits them and ``benchmarks/lexical.md`` says how well
they do. English; in other languages the numbers and the equal words still count, the probabilities are not calibrated.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar

from harness.english import lists
from harness.records import Agreement, Label, Pair
from harness.signature import file_digest
from harness.verifiers import model_card
from harness.verifiers._lexical.predictor import Predictor, Weights
from harness.verifiers.prediction import ENGLISH, Prediction, PredictiveVerifier

_CAUTION = (
    "It only compares words, so false sentences that use the article's words often pass. The verifier entailment is "
    "right more often."
)
WEIGHTS = Path(__file__).parent / "_lexical" / "weights.json"


class Lexical(PredictiveVerifier):
    """Word overlap, numbers, dates and names, calibrated on human judgements; needs no model."""

    conclusive: ClassVar[frozenset[Label]] = frozenset({"absent"})
    """By their words alone a statement and its denial are alike: only that the words are missing is conclusive."""

    @property
    def languages(self) -> frozenset[str]:
        return ENGLISH

    def depends(self) -> Mapping[str, str]:
        return {
            "weights": file_digest(WEIGHTS)[:8],
            "lists": lists.checksum("nations"),
            **{name: version(name) for name in ("sentencex", "snowballstemmer", "num2words")},
        }

    def measured(self) -> Agreement | None:
        card = json.loads(WEIGHTS.read_text(encoding="utf-8"))["card"]
        return model_card.agreement({**card, "caution": _CAUTION}, "the card in its weights")

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        return [self._predictor.predict(pair) for pair in pairs]

    @cached_property
    def _predictor(self) -> Predictor:
        return Predictor(Weights.load(WEIGHTS))
