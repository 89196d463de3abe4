"""Say what too few articles cannot show; ``benchmarks/stats/statistics.md`` supports the limits by simulation."""

from __future__ import annotations

ALPHA = 0.05
"""A difference is significant if its p, corrected for other comparisons, is at most this."""
MIN_FOR_INTERVAL = 8
"""Minimum number of articles for an interval."""
MIN_FOR_TEST = 6
"""Minimum number of shared articles for a test; below it the smallest p, 2 / 2ⁿ, is above 0.05."""
MAX_TESTS = 500
"""Maximum number of comparisons; for more, the smallest p of 10,000 resamples is above 0.05 after correction."""
MIN_RELIABLE = 20
"""Minimum number of articles for intervals with 95% coverage, except on extreme scores."""


def is_ranked(n: int, most: int) -> bool:
    """True if a system with a value on ``n`` articles is ranked; ``most`` is the largest ``n`` of all systems."""
    return n >= 0.95 * most


def can_be_significant(n: int, tests: int) -> bool:
    """True if a difference on ``n`` shared articles can be significant after correction for ``tests`` comparisons."""
    return tests <= MAX_TESTS and 2.0 ** (1 - n) * tests <= ALPHA


def warn_about_one_system(n: int) -> str | None:
    """Say what the scores of one system on ``n`` articles cannot show, or return None if ``n`` is large enough."""
    if n == 0:
        return "No article has a value, so nothing can be concluded."
    if n == 1:
        return "With only one article, the scores describe that article and say nothing about others."
    if n < MIN_FOR_INTERVAL:
        return (
            f"The mean describes only these {n} articles. An interval, which says what to expect on similar "
            f"articles, needs at least {MIN_FOR_INTERVAL} articles."
        )
    if n < MIN_RELIABLE:
        return f"With {n} articles the intervals are rough; their 95% coverage holds from about {MIN_RELIABLE} on."
    return None


def warn_about_comparison(n: int, tests: int = 1) -> str | None:
    """Say what ``n`` shared articles cannot show in ``tests`` comparisons of systems; return None if it is enough."""
    if n == 0:
        return "No article has a value on both sides, so no metric can be compared."
    if n == 1:
        return "With only one article, any difference may be due to chance. Read the summaries and their verdicts."
    if tests > MAX_TESTS:
        return f"With {tests:,} comparisons no difference can be significant after correction. Compare fewer systems."
    smallest = 2.0 ** (1 - n)
    if not can_be_significant(n, tests):
        corrected = "" if tests == 1 else f", {min(1.0, smallest * tests):.2g} after correction for {tests} comparisons"
        return (
            f"With {n} shared articles no difference can be significant: the smallest possible p is {smallest:.2g}"
            f"{corrected}. Read the summaries and their verdicts, or add articles."
        )
    return None


# Reasons for a missing value or interval ------------------------------------------------------------------------------


def explain_too_few(n: int, noun: str = "article") -> str:
    if not n:
        return f"no {noun} has a value"
    here = f"there is {n}" if n == 1 else f"there are {n}"
    return f"an interval needs at least {MIN_FOR_INTERVAL} {noun}s, and {here}"


def explain_no_spread(n: int, noun: str = "value") -> str:
    return f"all {n} articles have the same {noun}, so their spread cannot be estimated"
