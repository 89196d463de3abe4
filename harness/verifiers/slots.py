"""Judges by the slots of a statement: numbers, dates, names, quotations, negation, opposites, who does what to whom.

Deterministic checks on parsed sentences. A slot with another value in its place, on an otherwise matching clause, is a
contradiction; a missing one is absence. Two logistic regressions turn what the checks find into probabilities;
``benchmarks/fit_slots.py`` fits them and ``benchmarks/slots.md`` says how well they do, and what each check brings.
English; in other languages numbers and equal words still count.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path

from pydantic import Field

from harness import store
from harness.english import lists, syntax
from harness.records import Agreement, Pair, Probabilities
from harness.signature import file_digest
from harness.text import words
from harness.verifiers import model_card
from harness.verifiers._regressions import Regressions
from harness.verifiers._slots import judge
from harness.verifiers._slots.examine import Examiner
from harness.verifiers._slots.findings import Findings
from harness.verifiers.decide import UNEXPLAINED
from harness.verifiers.prediction import ENGLISH, Prediction, PredictiveVerifier

WEIGHTS = Path(__file__).parent / "_slots" / "weights.json"


class Slots(PredictiveVerifier):
    """Numbers, dates, names, quotations, negation and roles, each checked by rules on the packaged parser's output."""

    unexplained_whole_threshold: float = Field(UNEXPLAINED, ge=0.34, le=1)
    """The least probability of ``contradicted`` where no slot conflicts: words that are missing are not denied."""

    @property
    def languages(self) -> frozenset[str]:
        return ENGLISH

    def depends(self) -> Mapping[str, str]:
        return {
            "weights": file_digest(WEIGHTS)[:8],
            "lists": lists.checksum("antonyms", "nations", "opposites"),
            syntax.MODEL: store.checksum(syntax.MODEL)[:8],
            **{name: version(name) for name in ("spacy", "sentencex", "snowballstemmer", "num2words", "rapidfuzz")},
        }

    def measured(self) -> Agreement | None:
        card = json.loads(WEIGHTS.read_text(encoding="utf-8"))["card"]
        return model_card.agreement(card, "out of fold, from the card in its weights")

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        asked = [pair.bare(text) for pair in pairs for text in (pair.hypothesis, *pair.accepted, *pair.contrasts)]
        answers = iter(_examiner().findings(asked))
        return [self._prediction(pair, [next(answers) for _ in range(_texts(pair))]) for pair in pairs]

    def _prediction(self, pair: Pair, found: Sequence[Findings]) -> Prediction:
        if not words(pair.premise):
            return Prediction(Probabilities(0.0, 0.0, 1.0), reason="the premise has no words")
        wordings = 1 + len(pair.accepted)
        contrasts = dict(zip(pair.contrasts, found[wordings:], strict=True))
        return judge.predict(self._weights, found[:wordings], contrasts)

    @cached_property
    def _weights(self) -> Regressions:
        return Regressions.load(WEIGHTS)


def findings(pairs: Sequence[Pair]) -> list[Findings]:
    """What the checks find of each pair's hypothesis in its premise, in order; other wordings are not looked at."""
    return _examiner().findings(pairs)


@lru_cache(maxsize=1)
def _examiner() -> Examiner:
    """One for all, so that a premise is read once whoever asks."""
    return Examiner()


def _texts(pair: Pair) -> int:
    return 1 + len(pair.accepted) + len(pair.contrasts)
