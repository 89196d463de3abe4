"""Probabilities of the three labels: from scores, and for a statement beside a false version of it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from harness.records import Probabilities

_EPSILON = 1e-9
"""Doubt left when two certainties exclude each other."""


def weigh_against(statement: Probabilities, contrast: float) -> Probabilities:
    """The probabilities of a statement beside a false version that the premise supports with probability ``contrast``.

    The two judgements count as independent, except that both cannot be supported. If only the false
    version is supported, the statement is contradicted; if neither is, the rest keeps its proportions.
    """
    supported, contrast = (min(probability, 1 - _EPSILON) for probability in (statement.supported, contrast))
    alone = supported * (1 - contrast)
    denied = contrast * (1 - supported)
    neither = (1 - supported) * (1 - contrast)
    total = alone + denied + neither
    rest = statement.contradicted + statement.absent
    kept = statement.contradicted / rest if rest else 0.0
    return Probabilities(alone / total, (denied + neither * kept) / total, neither * (1 - kept) / total)


def to_probabilities(supported: float, contradicted: float) -> Probabilities:
    """From P(supported) and P(contradicted | not supported)."""
    return Probabilities(supported, (1 - supported) * contradicted, (1 - supported) * (1 - contradicted))


def softmax(scores: Sequence[float]) -> Probabilities:
    """The probabilities of supported, contradicted and absent from their log-scores."""
    top = max(scores)
    raised = [math.exp(score - top) for score in scores]
    total = sum(raised)
    return Probabilities(*(value / total for value in raised))


def sigmoid(logit: float) -> float:
    """1 / (1 + exp(-logit)), without overflow."""
    return 0.5 * (1 + math.tanh(logit / 2))
