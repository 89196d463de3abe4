"""Judges by the words that premise and hypothesis share: the floor, fast and without a model.

Words weighted by how rare they are, numbers, dates and names compared after normalisation, word order, negation, and
the false versions where there are some. Two logistic regressions turn these into probabilities, a third weighs a
statement against its false version; ``benchmarks/fit_lexical.py`` fits them and ``benchmarks/lexical.md`` says how well
they do. English; in other languages the numbers and the equal words still count, the probabilities are not calibrated.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar, Self

from harness.checker_en import lists
from harness.checker_en.probabilities import against, sigmoid
from harness.records import Agreement, Label, Pair, Probabilities, Span
from harness.signature import file_digest
from harness.verifiers import model_card
from harness.verifiers._lexical.match import Lexicon, Match, Matcher, Passage
from harness.verifiers._lexical.tokens import Conflict
from harness.verifiers._regressions import Regression, Regressions
from harness.verifiers.prediction import ENGLISH, Prediction, PredictiveVerifier, abstain

_CAUTION = (
    "It only compares words, so false sentences that use the article's words often pass. The verifier entailment is "
    "right more often."
)
WEIGHTS = Path(__file__).parent / "_lexical" / "weights.json"


class Lexical(PredictiveVerifier):
    """Word overlap, numbers, dates and names, calibrated on human judgements; needs no model."""

    languages: ClassVar[frozenset[str]] = ENGLISH
    conclusive: ClassVar[frozenset[Label]] = frozenset({"absent"})
    """By their words alone a statement and its denial are alike: only that the words are missing is conclusive."""

    def depends(self) -> Mapping[str, str]:
        return {
            **super().depends(),
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


@dataclass(frozen=True, slots=True)
class Weights(Regressions):
    """All that ``lexical`` learned; ``benchmarks/fit_lexical.py`` writes it, with a card of how it was made."""

    choice: Regression
    """P(the statement rather than its false version | the premise speaks of one of them), on feature differences."""
    lexicon: Lexicon

    @classmethod
    def load(cls, path: Path) -> Self:
        data: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        parts = {name: Regression(**data[name]) for name in ("supported", "contradicted", "choice")}
        return cls(**parts, lexicon=Lexicon(**data["lexicon"]))


@dataclass(frozen=True, slots=True)
class _Contrast:
    """The false version that stands best against the statement."""

    match: Match
    supported: float
    """P(supported) of the false version by itself."""
    share: float
    """P(the statement rather than this | the premise speaks of one of them)."""


class Predictor:
    """Predicts a pair from how well its texts match, by fitted weights; the texts read last are kept."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.matcher = Matcher(weights.lexicon)

    def predict(self, pair: Pair) -> Prediction:
        """The best supported wording counts; a false version takes its share of what the wording and it explain."""
        wordings = self._matches(pair.premise, (pair.hypothesis, *pair.accepted))
        if not wordings:
            return abstain("the statement has no word that says anything by itself")
        best = max(wordings, key=lambda match: self.weights.supported.logit(match.features))
        alone = self.weights.probabilities(best.features)
        contrast = self._contrast(wordings, self._matches(pair.premise, pair.contrasts))
        if contrast is None:
            return Prediction(alone, _span(best), objection=_objection(alone, best))
        both = against(alone, contrast.supported, contrast.share)
        lost = both.contradicted > both.supported and contrast.share < 0.5
        nearer = f"the premise is nearer to the false version: {contrast.match.hypothesis.span.text}"
        objection = nearer if lost else _objection(both, best)
        return Prediction(both, _span(contrast.match if lost else best), objection=objection)

    def _matches(self, premise: str, texts: Iterable[str]) -> list[Match]:
        """The matches of the texts that have a word to match."""
        return [self.matcher.match(premise, text) for text in texts if self.matcher.hypothesis(text).whole.content]

    def _contrast(self, wordings: Collection[Match], contrasts: Iterable[Match]) -> _Contrast | None:
        contrasted = [
            _Contrast(
                match,
                self.weights.supported.probability(match.features),
                sigmoid(max(self.weights.choice.logit(self.matcher.versus(each, match)) for each in wordings)),
            )
            for match in contrasts
        ]
        return min(contrasted, key=lambda contrast: contrast.share, default=None)


def _span(match: Match) -> Span | None:
    return match.evidence.span if match.evidence else None


def _objection(probabilities: Probabilities, match: Match) -> str | None:
    if match.evidence is None:
        return "no word of the statement is in the premise"
    likely = probabilities.contradicted > max(probabilities.supported, probabilities.absent)
    differing = [conflict for conflict in match.conflicts if likely or conflict.type != "name"]
    return "; ".join(_difference(conflict, match.evidence, match.hypothesis) for conflict in differing) or None


def _difference(conflict: Conflict, evidence: Passage, hypothesis: Passage) -> str:
    in_premise, in_hypothesis = _shown(conflict.passage, evidence), _shown(conflict.hypothesis, hypothesis)
    return f"the premise says {in_premise} where the statement says {in_hypothesis}"


def _shown(keys: Collection[str], passage: Passage) -> str:
    """The values as the text writes them, in its order."""
    return ", ".join({token.key: token.text for token in passage.tokens if token.key in keys}.values())
