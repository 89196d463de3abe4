"""Judges by the slots of a statement: numbers, dates, names, quotations, negation, opposites, who does what to whom.

Deterministic checks on parsed sentences. A slot with another value in its place, on an otherwise matching clause, is a
contradiction; a missing one is absence. Two logistic regressions turn what the checks find into probabilities;
``benchmarks/fit_slots.py`` fits them and ``benchmarks/slots.md`` says how well they do, and what each check brings.
English; in other languages numbers and equal words still count.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from harness import store
from harness.english import lists, syntax
from harness.records import Agreement, Pair, Probabilities
from harness.signature import file_digest
from harness.verifiers import model_card
from harness.verifiers._regressions import Regressions
from harness.verifiers._slots.examine import Examiner
from harness.verifiers._slots.findings import Findings
from harness.verifiers.prediction import ENGLISH, Prediction, PredictiveVerifier, abstain
from harness.verifiers.probabilities import against

WEIGHTS = Path(__file__).parent / "_slots" / "weights.json"
SPOOFED = "letters of another alphabet stand for Latin ones"


@dataclass(frozen=True, slots=True)
class _Examined:
    """A wording of a statement, or a false version of it."""

    text: str
    findings: Findings
    probabilities: Probabilities


class Slots(PredictiveVerifier):
    """Numbers, dates, names, quotations, negation and roles, each checked by rules on the packaged parser's output."""

    languages: ClassVar[frozenset[str]] = ENGLISH

    unexplained_threshold: float = Field(0.8, ge=0.34, le=1)
    """The least probability of ``contradicted`` where no slot conflicts: words that are missing are not denied."""

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
        every = [
            pair.with_hypothesis(text) for pair in pairs for text in (pair.hypothesis, *pair.accepted, *pair.contrasts)
        ]
        distinct = list(dict.fromkeys(every))
        examined = dict(zip(distinct, findings(distinct), strict=True))
        return [self._prediction(pair, examined) for pair in pairs]

    def _prediction(self, pair: Pair, examined: Mapping[Pair, Findings]) -> Prediction:
        """The best supported wording counts; a false version takes its share of what the premise says."""
        wording = self._best(pair, (pair.hypothesis, *pair.accepted), examined)
        contrast = self._best(pair, pair.contrasts, examined)
        if wording is None:
            return abstain("the statement has no word that says anything by itself")
        probabilities, seen = wording.probabilities, wording.findings
        evidence, unexplained = seen.evidence, not seen.of("conflict")
        if contrast is not None:
            probabilities = against(wording.probabilities, contrast.probabilities.supported)
        nearer = ""
        if contrast is not None and contrast.probabilities.supported > wording.probabilities.supported:
            nearer = f"the premise is nearer to the false version: {contrast.text}"
            evidence, unexplained = contrast.findings.evidence, False
        differences = seen.differences if seen.evidence else ("no word of the statement is in the premise",)
        return Prediction(
            probabilities,
            evidence,
            reason=SPOOFED if seen.spoofed else None,
            objection="; ".join(filter(None, (nearer, *differences))),
            differences=seen.values,
            unexplained=unexplained,
        )

    def _best(self, pair: Pair, texts: Iterable[str], examined: Mapping[Pair, Findings]) -> _Examined | None:
        """The best supported text that has a word of content; None where none has."""
        every = [(text, examined[pair.with_hypothesis(text)]) for text in texts]
        readable = [
            _Examined(text, each, self._weights.probabilities(each.features())) for text, each in every if each.words
        ]
        return max(readable, key=lambda each: each.probabilities.supported, default=None)

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
