"""How much scores vary between articles, and how much between samples of one prompt on one article.

One-way random effects analysis of variance with unequal group sizes (Searle, Casella & McCulloch 1992, chapter 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harness.stats.arrays import Floats, checked


@dataclass(frozen=True, slots=True)
class Components:
    """Two variances, each with its standard error; None where ``reason`` says why."""

    articles: int
    samples: int
    """All samples that have a value."""
    between: float | None
    """Variance of the true means of articles: what more articles average out."""
    between_error: float | None
    within: float | None
    """Variance of samples of one article: what more samples average out."""
    within_error: float | None
    reason: str | None = None


def components(samples: Sequence[npt.ArrayLike]) -> Components:
    """The components of the samples of each article; articles without a value do not count.

    Standard errors are the delete-one-article jackknife's, which assumes no normal distribution. A negative estimate of
    the variance between articles is reported as 0 with the reason.
    """
    rows = [row for row in (checked(row, "samples of an article") for row in samples) if row.size]
    sizes = np.array([row.size for row in rows], dtype=np.float64)
    total = int(sizes.sum())
    if len(rows) < 3:
        reason = f"{len(rows)} article{'' if len(rows) == 1 else 's'} with a value; at least 3 are needed"
        return Components(len(rows), total, None, None, None, None, reason)
    if total - sizes.max() <= len(rows) - 1:
        reason = "at least two articles must have several samples each"
        return Components(len(rows), total, None, None, None, None, reason)
    means = np.array([row.mean() for row in rows])
    inner = np.array([((row - row.mean()) ** 2).sum() for row in rows])
    every = np.ones((1, len(rows)))
    between, within = (float(value[0]) for value in _components(every, sizes, means, inner))
    errors = _jackknife(sizes, means, inner)
    negative = None
    if between < 0:
        negative = f"the estimate between articles is {between:.3g}, which cannot be told from 0"
    return Components(len(rows), total, max(0.0, between), errors[0], within, errors[1], negative)


def _components(chosen: Floats, sizes: Floats, means: Floats, inner: Floats) -> tuple[Floats, Floats]:
    """Both components for each choice of articles (choices × articles, 1 where an article is in)."""
    count, total = chosen.sum(axis=1), chosen @ sizes
    centre = chosen @ (sizes * means) / total
    within = chosen @ inner / (total - count)
    outer = (chosen * sizes * (means - centre[:, None]) ** 2).sum(axis=1) / (count - 1)
    size = (total - chosen @ sizes**2 / total) / (count - 1)
    return (outer - within) / size, within


def _jackknife(sizes: Floats, means: Floats, inner: Floats) -> tuple[float, float]:
    count = sizes.size
    left = np.zeros((2, count))
    for article in range(count):
        chosen = np.ones((1, count))
        chosen[0, article] = 0
        left[:, article] = [value[0] for value in _components(chosen, sizes, means, inner)]
    errors = np.sqrt((count - 1) / count * ((left - left.mean(axis=1, keepdims=True)) ** 2).sum(axis=1))
    return float(errors[0]), float(errors[1])
