"""A statement against a false version of it."""

from __future__ import annotations

from harness.records import Probabilities


def against(alone: Probabilities, contrast: float, share: float) -> Probabilities:
    """The probabilities of a statement beside a false version of it.

    ``contrast`` is P(supported) of the false version by itself, ``share`` P(the statement rather than the false version
    | the premise speaks of one of them). The false version takes its share from supported, and from absent what it
    explains better than the statement does.
    """
    supported = alone.supported * share
    unexplained = max(0.0, contrast - (alone.supported + alone.contradicted))
    taken = (alone.supported + unexplained) * (1 - share)
    contradicted = min(alone.contradicted + taken, 1 - supported)
    return Probabilities(supported, contradicted, max(0.0, 1 - supported - contradicted))
