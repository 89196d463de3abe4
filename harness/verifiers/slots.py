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
from typing import ClassVar

from harness import checker_en
from harness.checker_en import lists, syntax
from harness.checker_en.slots.examine import Examiner
from harness.checker_en.slots.findings import Findings
from harness.records import Agreement, Pair
from harness.signature import file_digest
from harness.verifiers import model_card
from harness.verifiers._regressions import Regressions
from harness.verifiers.prediction import ENGLISH, Prediction, abstain
from harness.verifiers.statements import StatementVerifier

WEIGHTS = Path(checker_en.__file__).parent / "slots" / "weights.json"
SPOOFED = "letters of another alphabet stand for Latin ones"


class Slots(StatementVerifier):
    """Numbers, dates, names, quotations, negation and roles, each checked by rules on the packaged parser's output."""

    languages: ClassVar[frozenset[str]] = ENGLISH

    def depends(self) -> Mapping[str, str]:
        return {**super().depends(), "weights": file_digest(WEIGHTS)[:8], **findings_depend()}

    def measured(self) -> Agreement | None:
        card = json.loads(WEIGHTS.read_text(encoding="utf-8"))["card"]
        return model_card.agreement(card, "out of fold, from the card in its weights")

    def predict_statements(self, pairs: Sequence[Pair]) -> list[Prediction]:
        return [self._prediction(examined) for examined in findings(pairs)]

    def _prediction(self, examined: Findings) -> Prediction:
        if not examined.words:
            return abstain("the statement has no word that says anything by itself")
        differences = examined.differences if examined.evidence else ("no word of the statement is in the premise",)
        return Prediction(
            self._weights.probabilities(examined.features()),
            examined.evidence,
            reason=SPOOFED if examined.spoofed else None,
            objection="; ".join(differences) or None,
            differences=examined.values,
        )

    @cached_property
    def _weights(self) -> Regressions:
        return Regressions.load(WEIGHTS)


def findings(pairs: Sequence[Pair]) -> list[Findings]:
    """What the checks find of each pair's hypothesis in its premise, in order; other wordings are not looked at."""
    return _examiner().findings(pairs)


def findings_depend() -> Mapping[str, str]:
    """What findings depend on beside the code; the weights that ``slots`` lays over them are its own."""
    return {
        "lists": lists.checksum("antonyms", "nations", "opposites"),
        **syntax.depends(),
        **{name: version(name) for name in ("sentencex", "snowballstemmer", "num2words", "rapidfuzz")},
    }


@lru_cache(maxsize=1)
def _examiner() -> Examiner:
    """One for all, so that a premise is read once whoever asks."""
    return Examiner()
