"""A statement against a false version of it."""

from __future__ import annotations

from harness.records import Probabilities

_EPSILON = 1e-9
"""What is left to doubt where two certainties exclude each other."""


def against(statement: Probabilities, contrast: float) -> Probabilities:
    """The probabilities of a statement beside a false version that the premise supports with probability ``contrast``.

    Both cannot be supported: of the four combinations of two independent judgements that one is left out. Where the
    false version alone is supported the statement is contradicted; where neither is, the rest stays as it was.
    """
    supported, contrast = (min(share, 1 - _EPSILON) for share in (statement.supported, contrast))
    alone = supported * (1 - contrast)
    denied = contrast * (1 - supported)
    neither = (1 - supported) * (1 - contrast)
    total = alone + denied + neither
    rest = statement.contradicted + statement.absent
    share = statement.contradicted / rest if rest else 0.0
    return Probabilities(alone / total, (denied + neither * share) / total, neither * (1 - share) / total)
