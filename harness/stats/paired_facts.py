"""Test which of two systems keeps more of the same facts, when facts come in articles.

McNemar's test takes facts as independent, but an article is easy or hard for both systems. So whole articles are
flipped and resampled. The statistic is McNemar's with Σd² over articles in the denominator instead of b + c (Obuchowski
1998 as simplified by Yang, Sun & Hardin 2010). With one fact per article, the two statistics are equal.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harness.errors import DataError
from harness.stats import caution
from harness.stats.arrays import number_names, require_pair
from harness.stats.interval import ratio_ends
from harness.stats.resampling import RESAMPLES, Resampler, sign_flip


@dataclass(frozen=True, slots=True)
class FactDifference:
    articles: int
    facts: int
    both: int
    only_first: int
    only_second: int
    neither: int
    difference: float | None
    """Share of all facts that the first system keeps, minus the second's share. Every fact has equal weight."""
    low: float | None
    """Ends of the difference's 95% bootstrap-t interval over articles."""
    high: float | None
    statistic: float | None
    """(Σd)² / Σd², where d is an article's number of facts that only the first system keeps, minus the number that
    only the second keeps."""
    p: float | None
    exact: bool
    reason: str | None = None
    """Why there is no interval."""
    caution: str | None = None
    """Why there is no p."""


def compare_facts(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    articles: Sequence[Hashable],
    rng: np.random.Generator,
    resamples: int = RESAMPLES,
) -> FactDifference:
    """Compare two systems fact by fact: 1 if kept, 0 if not; ``articles`` names the article of each fact.

    DataError if the three differ in length, or for a value other than 0 and 1.
    """
    one, other = require_pair(first, second, "facts of two systems")
    if len(articles) != one.size:
        raise DataError(f"{one.size} facts need the article of each; {len(articles)} articles were given")
    for values in (one, other):
        if (wrong := values[(values != 0) & (values != 1)]).size:
            raise DataError(
                f"facts are kept (1) or not (0), and {wrong[0]:g} was found; compare shares with paired.compare"
            )
    kept, also = one == 1, other == 1
    article = number_names(articles)
    balance = np.bincount(article, weights=one - other).astype(np.float64)
    n, squares = balance.size, float((balance**2).sum())
    resampler = Resampler.of(rng, resamples)
    ends = ratio_ends(balance, np.bincount(article).astype(np.float64), resampler)
    return FactDifference(
        articles=n,
        facts=one.size,
        both=int((kept & also).sum()),
        only_first=int((kept & ~also).sum()),
        only_second=int((~kept & also).sum()),
        neither=int((~kept & ~also).sum()),
        difference=float(balance.sum() / one.size) if n else None,
        low=ends.low,
        high=ends.high,
        statistic=float(balance.sum() ** 2 / squares) if squares else None,
        p=float(sign_flip(balance[None, :], resampler)[0]) if n >= caution.FEWEST_FOR_TEST else None,
        exact=n > 0 and resampler.exact(n),
        reason=ends.reason,
        caution=caution.for_comparison(n),
    )
