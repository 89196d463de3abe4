"""From findings to a prediction: the best supported wording counts, and a false version takes its share."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from harness.records import Probabilities, Span
from harness.verifiers._regressions import Regressions, sigmoid
from harness.verifiers._slots.findings import Findings
from harness.verifiers.prediction import Prediction, abstain

_TINY = 1e-6
SPOOFED = "letters of another alphabet stand for Latin ones"


@dataclass(frozen=True, slots=True)
class _Judged:
    """A wording and what is made of it."""

    found: Findings
    probabilities: Probabilities
    text: str = ""
    """Of a false version."""


def predict(weights: Regressions, wordings: Sequence[Findings], contrasts: Mapping[str, Findings]) -> Prediction:
    """``wordings``: the statement and its accepted wordings; ``contrasts``: its false versions, by their text."""
    readable = [_Judged(found, weights.probabilities(found.features())) for found in wordings if found.words]
    if not readable:
        return abstain("the statement has no word that says anything by itself")
    best = max(readable, key=_supported)
    judged_contrasts = [
        _Judged(found, weights.probabilities(found.features()), text)
        for text, found in contrasts.items()
        if found.words
    ]
    contrast = max(judged_contrasts, key=_supported, default=None)
    if contrast is None:
        return _prediction(best.probabilities, best.found.evidence, _reason(best.found, best.probabilities), best)
    both = _against(best.probabilities, contrast.probabilities)
    if both.contradicted > both.supported and _supported(contrast) > _supported(best):
        nearer = f"the premise is nearer to the false version: {contrast.text}"
        made = _prediction(both, contrast.found.evidence, _joined(nearer, best.found), best)
        return replace(made, unexplained=False)
    return _prediction(both, best.found.evidence, _reason(best.found, both), best)


def _prediction(found: Probabilities, evidence: Span | None, reason: str | None, best: _Judged) -> Prediction:
    unexplained = not best.found.of("conflict")
    return Prediction(found, evidence, reason, differences=best.found.values, unexplained=unexplained)


def _supported(judged: _Judged) -> float:
    return judged.probabilities.supported


def _against(stated: Probabilities, contrast: Probabilities) -> Probabilities:
    """The statement and its false version share what the premise says of the matter, by their odds."""
    spoken = max(stated.supported, contrast.supported)
    share = sigmoid(_logit(stated.supported) - _logit(contrast.supported))
    supported = min(stated.supported, spoken * share)
    contradicted = min(max(stated.contradicted, spoken * (1 - share)), 1 - supported)
    return Probabilities(supported, contradicted, max(0.0, 1 - supported - contradicted))


def _logit(probability: float) -> float:
    kept = min(max(probability, _TINY), 1 - _TINY)
    return math.log(kept / (1 - kept))


def _reason(found: Findings, probabilities: Probabilities) -> str | None:
    """The differences where the statement is not supported; spoofed letters always."""
    if found.evidence is None:
        return "no word of the statement is in the premise"
    if probabilities.supported > max(probabilities.contradicted, probabilities.absent):
        return SPOOFED if found.spoofed else None
    return _joined("", found) or None


def _joined(first: str, found: Findings) -> str:
    spoofed = (SPOOFED,) if found.spoofed else ()
    return "; ".join(filter(None, (first, *found.differences, *spoofed)))
