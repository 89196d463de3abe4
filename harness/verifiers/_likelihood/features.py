"""What the likelihoods of a statement and of its false versions say, as named numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harness.verifiers._likelihood.reader import Reading
from harness.verifiers._likelihood.rivals import Origin
from harness.verifiers._likelihood.statement import Statement

Floats = npt.NDArray[np.float64]
_FEW = 3
"""How many of the worst words count together."""
_FARTHEST = 10.0
"""Nats beyond which a margin says no more."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement, read after the premise and without one."""

    statement: Statement
    given: Reading
    alone: Reading

    @property
    def gain(self) -> Floats:
        """Token → how much likelier the premise makes it, in nats: the pointwise mutual information."""
        return np.asarray(self.given.chance - self.alone.chance, dtype=np.float64)


def features(asked: Asked, rivals: Sequence[Asked], origin: Origin, premise: Collection[int]) -> Mapping[str, float]:
    """All numbers, in nats unless they are counts; ``rivals`` are the false versions, ``premise`` its tokens."""
    return {**_by_token(asked, premise), **_by_word(asked), **_against(asked, rivals, origin)}


def _by_token(asked: Asked, premise: Collection[int]) -> dict[str, float]:
    given = asked.given
    regret = given.best - given.chance
    copied = np.array([token in premise for token in given.expected.tolist()])
    return {
        "length": float(np.log(len(given))),
        "given": float(given.chance.mean()),
        "alone": float(asked.alone.chance.mean()),
        "regret": float(regret.mean()),
        "regret_copied": float((regret * copied).mean()),
        "spread": float(given.spread.mean()),
    }


def _by_word(asked: Asked) -> dict[str, float]:
    words = asked.statement.words
    given = _summed(np.asarray(asked.given.chance, dtype=np.float64), words)
    regret = _summed(np.asarray(asked.given.best - asked.given.chance, dtype=np.float64), words)
    gain = _summed(asked.gain, words)
    return {
        "word_given": float(given.mean()),
        "word_lowest": float(given.min()),
        "word_low": _worst(given),
        "word_regret": _worst(-regret),
        "gain": float(gain.mean()),
        "gain_lowest": float(gain.min()),
        "gain_low": _worst(gain),
    }


def _against(asked: Asked, rivals: Sequence[Asked], origin: Origin) -> dict[str, float]:
    """The margin to the false versions: in what the premise makes of them, and in how much it adds."""
    names = ("margin", "margin_gain", "share", "share_gain", "rivals")
    found = {f"{name}_{each}": 0.0 for each in ("made", "written") for name in names}
    if rivals:
        given = np.array([asked.given.chance.sum() - rival.given.chance.sum() for rival in rivals], dtype=np.float64)
        gain = np.array([asked.gain.sum() - rival.gain.sum() for rival in rivals])
        values = (_clipped(given.min()), _clipped(gain.min()), _share(given), _share(gain), 1.0)
        found |= {f"{name}_{origin}": value for name, value in zip(names, values, strict=True)}
    return found


def _share(margins: Floats) -> float:
    """Log-probability of the statement among itself and its false versions."""
    return -float(np.logaddexp.reduce([0.0, *(-np.clip(margins, -_FARTHEST, _FARTHEST))]))


def _clipped(value: float) -> float:
    return float(np.clip(value, -_FARTHEST, _FARTHEST))


def _summed(values: Floats, words: Sequence[Sequence[int]]) -> Floats:
    return np.array([values[list(places)].sum() for places in words])


def _worst(values: Floats) -> float:
    return float(np.sort(values)[:_FEW].mean())
