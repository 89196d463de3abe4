"""A statement against a false version of it: the formula of ``lexical``, ``slots`` and ``entailment``."""

from __future__ import annotations

from harness.records import Probabilities

_EPSILON = 1e-9
"""What is left to doubt where two certainties exclude each other."""


def against(statement: Probabilities, contrast: float, share: float | None = None) -> Probabilities:
    """The probabilities of a statement beside a false version that the premise supports with probability ``contrast``.

    Both cannot be supported: of the four combinations of two independent judgements that one is left out. Where the
    false version alone is supported the statement is contradicted; where neither is, the rest stays as it was.
    A verifier that compares the two itself gives ``share``, P(the statement rather than the false version | the premise
    supports one of them); else it follows from the two judgements.
    """
    supported, contrast = (min(probability, 1 - _EPSILON) for probability in (statement.supported, contrast))
    alone = supported * (1 - contrast)
    denied = contrast * (1 - supported)
    neither = (1 - supported) * (1 - contrast)
    total = alone + denied + neither
    if share is not None:
        alone, denied = (alone + denied) * share, (alone + denied) * (1 - share)
    rest = statement.contradicted + statement.absent
    kept = statement.contradicted / rest if rest else 0.0
    return Probabilities(alone / total, (denied + neither * kept) / total, neither * (1 - kept) / total)
