"""How often the intervals of ``harness agreement`` hold the kappa and the alpha of the world that labels come from.

    python benchmarks/stats/kappa_intervals.py [--tries N]

Writes ``kappa_intervals.md`` beside it; takes half a minute of one core, and no data. In a world each article has
shares of labels and error rates of raters of its own, so that labels of one article are alike. 30, 100 or 300 labels
are drawn from it, and an interval should hold the value over 200,000 articles in 95 draws of 100.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from harness.files import write_text
from harness.stats import agreement, kappa
from harness.stats.agreement import Figure, Measure
from harness.stats.arrays import Integers
from harness.stats.resampling import Resampler

TABLE = Path(__file__).resolve().parent / "kappa_intervals.md"
SIZES = ((10, 3), (20, 5), (30, 10), (100, 3))
"""Articles, and labelled pairs of each."""
WORLDS = {"rough": (3.0, 7.0), "usual": (2.0, 12.0), "near full": (1.0, 24.0)}
"""Parameters of the beta distribution that an article's error rates are drawn from: .30, .14 and .04 on average."""
SHARES = (0.35, 0.05, 0.60)
"""Of supported, contradicted and absent, in the article that is as articles are on average."""
SPREAD = 0.6
"""Standard deviation over articles of the logarithms of these shares."""
MISSING = 0.2
"""Share of labels that a rater did not give, where alpha is measured."""
ALL = 200_000
RESAMPLES = 1_000

TEMPLATE = """# How often the intervals of kappa and alpha hold

Made by `python benchmarks/stats/kappa_intervals.py` on {date}, seed 0, {tries:,} draws. The share of
draws whose 95% interval
holds the value of the world that the labels come from: Cohen's kappa of two raters, and Krippendorff's alpha of three
who left out a fifth of the pairs. In brackets intervals of the basic bootstrap, {resamples:,} resamples of articles;
`harness agreement` gives those of the jackknife in Fisher's z, which need no resamples. Draws without an interval are
left out; the last column counts them, for the jackknife.

| agreement | articles × pairs | kappa | held | alpha | held | none |
|---|---:|---:|---:|---:|---:|---:|
"""


@dataclass(frozen=True)
class Drawn:
    """What three raters said: pairs × raters, and the article of each pair."""

    labels: Integers
    groups: Integers

    def kappa(self) -> Measure:
        return kappa.cohen(self.labels[:, 0], self.labels[:, 1], self.groups)

    def alpha(self, rng: np.random.Generator) -> Measure:
        left_out = rng.random(self.labels.shape) < MISSING
        return kappa.krippendorff(np.where(left_out, -1, self.labels), self.groups)


def draw(errors: tuple[float, float], articles: int, pairs: int, rng: np.random.Generator) -> Drawn:
    """Labels of so many articles of a world."""
    groups = np.repeat(np.arange(articles), pairs)
    shares = np.array(SHARES) * np.exp(rng.normal(0, SPREAD, (articles, 3)))
    ends = (shares / shares.sum(axis=1, keepdims=True)).cumsum(axis=1)[groups]
    truth = (rng.random((groups.size, 1)) > ends).sum(axis=1)
    wrong = rng.random((groups.size, 3)) < rng.beta(*errors, (articles, 3))[groups]
    others = (truth[:, None] + rng.integers(1, 3, (groups.size, 3))) % 3
    return Drawn(np.where(wrong, others, truth[:, None]), groups)


def rows(name: str, tries: int, rng: np.random.Generator) -> Iterator[str]:
    """The lines of a world."""
    errors = WORLDS[name]
    world = draw(errors, ALL, 5, rng)
    measured: tuple[Callable[[Drawn], Measure], ...] = (Drawn.kappa, lambda drawn: drawn.alpha(rng))
    values = [agreement.value_of(make(world), ALL) or 0.0 for make in measured]
    for articles, pairs in SIZES:
        cells, none = [], 0
        for make, value in zip(measured, values, strict=True):
            measures = [make(draw(errors, articles, pairs, rng)) for _ in range(tries)]
            ours = [kappa.figure(each, articles) for each in measures]
            others = [bootstrapped(each, articles, rng) for each in measures]
            cells += [f"{value:.2f}", f"{share(ours, value):.3f} ({share(others, value):.3f})"]
            none += sum(each.low is None for each in ours)
        yield f"| {name} | {articles} × {pairs} | {' | '.join(cells)} | {none} |"


def bootstrapped(measure: Measure, articles: int, rng: np.random.Generator) -> Figure:
    return agreement.figure(measure, articles, Resampler.of(rng, RESAMPLES), agreement.CORRELATION)


def share(found: list[Figure], whole: float) -> float:
    """Of the intervals there are, those that hold the value."""
    ends = [(each.low, each.high) for each in found if each.low is not None and each.high is not None]
    return sum(low <= whole <= high for low, high in ends) / len(ends)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tries", type=int, default=1_000)
    tries = parser.parse_args().tries
    rng = np.random.default_rng(0)
    head = TEMPLATE.format(date=date.today().isoformat(), tries=tries, resamples=RESAMPLES)
    text = head + "".join(f"{row}\n" for name in WORLDS for row in rows(name, tries, rng))
    write_text(TABLE, text)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
