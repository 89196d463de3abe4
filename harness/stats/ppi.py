"""Automatic verdicts on everything, human verdicts on some: what people would find, at the price of few labels.

Prediction-powered inference (Angelopoulos et al. 2023), power-tuned (PPI++, Angelopoulos, Duchi & Zrnic 2023): the
human estimate, moved by how far the automatic verdicts of the labelled part lie from those of the whole,

    combined = human - weight × (automatic on the labelled part - automatic on everything).

``weight`` is 0 where the automatic verdicts tell nothing and 1 where they are as good as people's; it is the one with
the smallest variance. Labelled units are a random sample of all. Facts of one article are not independent, so standard
errors come from leaving out one article at a time (jackknife), and intervals from Student's t on the logit scale.
Libraries for this take every unit as independent, which facts of one article are not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harness.errors import DataError
from harness.stats import caution
from harness.stats.agreement import Figure
from harness.stats.arrays import Floats, Integers, checked, checked_shares, codes
from harness.stats.bootstrap import LEVEL

# A standard error below this, or a step beyond 0..1, is rounding.
_NO_SPREAD = 1e-12

Share = Figure
"""A value in 0..1, with its interval over articles."""


@dataclass(frozen=True, slots=True)
class PredictionPowered:
    """Three estimates of one share, to be shown side by side."""

    automatic: Share
    """The share by the automatic verdicts on everything; its interval knows nothing of their errors."""
    human: Share
    """The share by the human verdicts alone."""
    combined: Share
    weight: float
    """How much the automatic verdicts count in the combined estimate, 0..1."""


def estimate(
    automatic: npt.ArrayLike,
    human: Sequence[float | None],
    articles: Sequence[Hashable],
    counts: npt.ArrayLike | None = None,
) -> PredictionPowered:
    """Estimate the share that people would find, over units (facts, claims or summaries) that come in articles.

    All four are aligned: the automatic verdict of each unit in 0..1, the human one or None where there is none, the
    unit's article, and how much it counts (left out: all alike). DataError where they are not of one length or a value
    is no share.
    """
    sums = _sums(automatic, human, articles, counts)
    labelled = sums.weight > 0
    count = int(labelled.sum())
    every = np.arange(sums.weight.size)
    # Within one article there is no variance between articles to go by; its units are what was drawn.
    weight = _tuned(sums if count > 1 else _sums(automatic, human, range(len(human)), counts))
    machine = _share(lambda kept: kept.predicted / kept.units, sums, every, every.size, every.size - 1)
    people = _share(lambda kept: kept.judged / kept.weight, sums, np.flatnonzero(labelled), count, count - 1)
    both = _share(lambda kept: _combined(kept, weight), sums, every, count, count - 2) if count else people
    return PredictionPowered(machine, people, both, weight)


class _Sums(NamedTuple):
    """Sums over the units of each article, as much as each counts; over all of them where a field has one number."""

    units: Floats
    predicted: Floats
    """Automatic verdicts."""
    weight: Floats
    """Labelled units."""
    judged: Floats
    """Human verdicts."""
    predicted_judged: Floats
    """Automatic verdicts of the labelled units."""

    def total(self) -> _Sums:
        return _Sums(*(np.atleast_1d(part.sum()) for part in self))

    def without_each(self, chosen: Integers) -> _Sums:
        """The totals with one of the chosen articles left out, for each of them."""
        return _Sums(*(part.sum() - part[chosen] for part in self))


def _sums(
    automatic: npt.ArrayLike,
    human: Sequence[float | None],
    articles: Sequence[Hashable],
    counts: npt.ArrayLike | None,
) -> _Sums:
    predicted = checked_shares(automatic, "automatic verdicts")
    labelled = np.array([value is not None for value in human], dtype=bool)
    judged = np.zeros(len(human))
    judged[labelled] = checked_shares([value for value in human if value is not None], "human verdicts")
    lengths = {"automatic verdicts": predicted.size, "human verdicts": len(human), "articles": len(articles)}
    if len(set(lengths.values())) > 1:
        sizes = ", ".join(f"{count} {name}" for name, count in lengths.items())
        raise DataError(f"one of each is expected for every unit, and there are {sizes}; human verdicts may be None")
    count = _counts(counts, len(human))
    weight = count * labelled
    article = codes(articles)
    terms = (count, count * predicted, weight, weight * judged, weight * predicted)
    return _Sums(*(np.bincount(article, weights=term).astype(np.float64) for term in terms))


def _counts(counts: npt.ArrayLike | None, units: int) -> Floats:
    if counts is None:
        return np.ones(units)
    checked_counts = checked(counts, "what units count")
    if checked_counts.size != units or (checked_counts <= 0).any():
        raise DataError(
            f"{checked_counts.size} numbers of what each of {units} units counts; give one above 0 for each"
        )
    return checked_counts


def _combined(sums: _Sums, weight: float) -> Floats:
    moved = sums.predicted_judged / sums.weight - sums.predicted / sums.units
    combined: Floats = sums.judged / sums.weight - weight * moved
    return combined


def _tuned(sums: _Sums) -> float:
    """The weight in 0..1 with the smallest linearised variance over articles."""
    total = sums.total()
    if not total.weight[0]:
        return 0.0
    human, machine = total.judged / total.weight, total.predicted_judged / total.weight
    gain = (sums.judged - human * sums.weight) / total.weight
    moved = (sums.predicted_judged - machine * sums.weight) / total.weight
    moved -= (sums.predicted - sums.units * total.predicted / total.units) / total.units
    size = float(moved @ moved)
    return float(np.clip(gain @ moved / size, 0.0, 1.0)) if size > _NO_SPREAD**2 else 0.0


def _share(value: Callable[[_Sums], Floats], sums: _Sums, each: Integers, n: int, freedom: int) -> Share:
    """The share with its jackknife interval.

    ``each``: the articles to leave out in turn; ``n``: how many have verdicts.
    """
    if not n:
        return Share(None, reason=caution.no_value())
    share = float(value(sums.total())[0])
    if not -_NO_SPREAD <= share <= 1 + _NO_SPREAD:
        return Share(share, reason=caution.outside(share))
    if n < caution.FEWEST_FOR_INTERVAL:
        return Share(share, reason=caution.too_few(n))
    left = value(sums.without_each(each))
    error = math.sqrt((left.size - 1) / left.size * float(((left - left.mean()) ** 2).sum()))
    if error < _NO_SPREAD:
        return Share(share, reason=caution.no_spread(n, share))
    if not 0 < share < 1:
        return Share(share, reason=caution.outside(share))
    return Share(share, *_ends(share, error, freedom))


def _ends(share: float, error: float, freedom: int) -> tuple[float, float]:
    from scipy.special import expit, logit, stdtrit

    centre, reach = float(logit(share)), float(stdtrit(freedom, (1 + LEVEL) / 2)) * error / (share * (1 - share))
    return float(expit(centre - reach)), float(expit(centre + reach))
