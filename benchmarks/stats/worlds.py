"""Made-up worlds whose truth is known: the score distributions that the statistics are tried on.

Each world draws experiments × articles at once. Pairs of systems share each article's difficulty, as real ones do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from harness.stats.arrays import Booleans, Floats, Integers
from harness.stats.bootstrap import Scale

Shape = tuple[int, int]
"""Experiments × articles."""


@dataclass(frozen=True, slots=True)
class World:
    """Scores of one system."""

    name: str
    mean: float
    draw: Callable[[np.random.Generator, Shape], Floats]
    scale: Scale = "share"
    hard: bool = False
    """Harder than scores usually are: shown, and not held to the promise."""


@dataclass(frozen=True, slots=True)
class Duel:
    """Paired differences of two systems; ``null`` where their scores could be swapped, so that a test must hold."""

    name: str
    mean: float
    draw: Callable[[np.random.Generator, Shape], Floats]
    null: bool


@dataclass(frozen=True, slots=True)
class FactCounts:
    """Experiments × articles: how many facts there are, and how many only one of two systems keeps."""

    facts: Floats
    only_first: Floats
    only_second: Floats


@dataclass(frozen=True, slots=True)
class FactDuel:
    """Two systems on the same facts."""

    difference: float
    draw: Callable[[np.random.Generator, Shape], FactCounts]
    null: bool


def _skewed(a: float, b: float) -> World:
    return World(f"skewed, beta({a:g}, {b:g})", a / (a + b), lambda rng, shape: rng.beta(a, b, shape))


def _facts(a: float, b: float) -> World:
    def draw(rng: np.random.Generator, shape: Shape) -> Floats:
        facts = rng.integers(5, 11, shape)
        kept: Floats = rng.binomial(facts, rng.beta(a, b, shape)) / facts
        return kept

    return World(f"share of 5–10 facts, mean {a / (a + b):.2f}", a / (a + b), draw)


def _ties() -> World:
    values, chances = np.array([0, 0.25, 0.5, 0.75, 1]), np.array([0.1, 0.15, 0.3, 0.3, 0.15])
    return World(
        "five values, many ties", float(values @ chances), lambda rng, shape: rng.choice(values, shape, p=chances)
    )


def _ceiling(share: float, hard: bool = False) -> World:
    def draw(rng: np.random.Generator, shape: Shape) -> Floats:
        return np.where(rng.random(shape) < share, 1.0, rng.beta(4, 2, shape))

    return World(f"ceiling, {share:.0%} of articles at 1", share + (1 - share) * 4 / 6, draw, hard=hard)


def _seconds() -> World:
    mean = float(np.exp(0.8**2 / 2))
    return World(
        "seconds, lognormal(0, 0.8)", mean, lambda rng, shape: rng.lognormal(0, 0.8, shape), "plain", hard=True
    )


WORLDS = (
    _skewed(2, 5),
    _skewed(1, 8),
    _facts(3, 2),
    _facts(8, 1),
    _ties(),
    _ceiling(0.5),
    _ceiling(0.7),
    _ceiling(0.9, hard=True),
    _seconds(),
)


def _continuous_batching(shift: float) -> Duel:
    """Continuous scores: the difficulty that both share cancels, skewed noise of each own stays."""

    def draw(rng: np.random.Generator, shape: Shape) -> Floats:
        return rng.gamma(1.5, 0.06, shape) - rng.gamma(1.5, 0.06, shape) + shift

    return Duel("continuous", shift, draw, null=shift == 0)


def _fact_shares(loss: float) -> Duel:
    """Shares of 5–10 facts; the second keeps each fact with a probability smaller by a factor."""

    def draw(rng: np.random.Generator, shape: Shape) -> Floats:
        facts, chance = rng.integers(5, 11, shape), rng.beta(3, 2, shape)
        return (rng.binomial(facts, chance) - rng.binomial(facts, chance * (1 - loss))) / facts

    return Duel("shares of 5–10 facts", 0.6 * loss, draw, null=loss == 0)


def _ceilings(first: float, second: float) -> Duel:
    one, other = _ceiling(first), _ceiling(second)
    return Duel(
        "ceiling, many equal",
        one.mean - other.mean,
        lambda rng, shape: one.draw(rng, shape) - other.draw(rng, shape),
        null=first == second,
    )


def _tied(up: float, down: float) -> Duel:
    """Most articles tie; the rest differ by a fifth."""

    def draw(rng: np.random.Generator, shape: Shape) -> Floats:
        return rng.choice([0.2, 0.0, -0.2], shape, p=[up, 1 - up - down, down])

    return Duel("six of ten articles tie", 0.2 * (up - down), draw, null=up == down)


DUELS = (
    _continuous_batching(0.0),
    _fact_shares(0.0),
    _ceilings(0.6, 0.6),
    _tied(0.2, 0.2),
    _continuous_batching(0.05),
    _fact_shares(0.2),
    _ceilings(0.7, 0.5),
    _tied(0.3, 0.1),
)


def _lopsided() -> Duel:
    """Equal means and different shapes: no swap of scores, so the permutation test is only approximate here."""

    def draw(rng: np.random.Generator, shape: Shape) -> Floats:
        return rng.beta(1, 4, shape) - np.where(rng.random(shape) < 0.5, 0.1, 0.3)

    return Duel("equal means, different shapes", 0.0, draw, null=False)


LOPSIDED = _lopsided()


def _fact_duel(loss: float) -> FactDuel:
    """3–15 facts an article; how many of them a system keeps hangs on the article, for each system anew."""

    def draw(rng: np.random.Generator, shape: Shape) -> FactCounts:
        facts = rng.integers(3, 16, shape)
        first, second = rng.beta(1.2, 0.8, shape), (1 - loss) * rng.beta(1.2, 0.8, shape)
        only_first = rng.binomial(facts, first * (1 - second))
        left = np.maximum(1 - first * (1 - second), 1e-12)
        only_second = rng.binomial(facts - only_first, np.minimum(second * (1 - first) / left, 1))
        return FactCounts(*(part.astype(np.float64) for part in (facts, only_first, only_second)))

    return FactDuel(0.6 * loss, draw, null=loss == 0)


FACT_DUELS = (_fact_duel(0.0), _fact_duel(0.2))


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What prediction-powered inference is given: of each unit the automatic verdict, the human one where there is one,
    and the article."""

    automatic: Floats
    human: list[float | None]
    articles: list[int]


VERDICT_TRUTH = 0.6


def verdicts(rng: np.random.Generator, articles: int, labelled: int) -> Verdicts:
    """5–10 facts an article, kept with a chance of the article's; automatic verdicts that find 90% of those kept and
    take 25% of the lost ones for kept, so that they are too kind. ``labelled``: how many articles are, about."""
    facts = rng.integers(5, 11, articles)
    truth = rng.random((articles, 10)) < rng.beta(1.8, 1.2, articles)[:, None]
    said = rng.random((articles, 10)) < np.where(truth, 0.9, 0.25)
    real = np.arange(10) < facts[:, None]
    chosen = rng.random(articles) < labelled / articles
    human = [float(kept) if chosen[article] else None for article, kept in zip(*_units(truth, real), strict=True)]
    codes, automatic = _units(said, real)
    return Verdicts(automatic.astype(np.float64), human, codes.tolist())


def _units(values: Booleans, real: Booleans) -> tuple[Integers, Booleans]:
    """The article and the value of each real unit."""
    return np.nonzero(real)[0], values[real]
