"""How long the statistics of a large comparison take: 25 systems × 100 articles × 20 metrics, 10,000 resamples.

    python benchmarks/stats/speed.py [--seed N] [--within SECONDS]

Times the intervals of all 500 means, and for every metric the full ranking: all 300 pairs with their intervals,
permutation tests, effect sizes, Holm and letters. One system misses a tenth of its values, as systems do. Exits 1 if
the intervals of the means take longer than ``--within`` (5 s).
"""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np

from harness.compare.ranking import rank_all
from harness.compare.table import ScoreTable, of_scores
from harness.records import Metric, Score
from harness.stats.interval import mean_intervals
from harness.stats.resampling import Resampler

SYSTEMS, ARTICLES, METRICS = 25, 100, 20


def made_up(rng: np.random.Generator) -> ScoreTable:
    """A table of made-up shares, with the article's difficulty shared by all systems."""
    metrics = [Metric(f"metric-{number}", f"Metric {number}") for number in range(METRICS)]
    difficulty = rng.normal(size=(1, ARTICLES, METRICS))
    quality = 0.5 * rng.normal(size=(SYSTEMS, 1, METRICS))
    noise = rng.normal(size=(SYSTEMS, ARTICLES, METRICS))
    values = 1 / (1 + np.exp(-(difficulty + quality + noise)))
    missing = rng.random((ARTICLES, METRICS)) < 0.1
    scores = []
    for system, article, metric in np.ndindex(values.shape):
        gone = system == 0 and bool(missing[article, metric])
        value, reason = (None, "refusal") if gone else (float(values[system, article, metric]), None)
        name = metrics[metric].name
        scores.append(Score(f"system-{system}", f"article-{article}", 0, name, value, "made-up", reason))
    return of_scores(scores, metrics)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--within", type=float, default=5.0, help="seconds that the intervals may take")
    arguments = parser.parse_args()
    rng = np.random.default_rng(arguments.seed)
    started = time.perf_counter()
    table = made_up(rng)
    resampler = Resampler.of(rng)
    made = time.perf_counter()
    columns = [table.column(system, metric.name) for system in table.systems for metric in table.metrics]
    estimates = mean_intervals(columns, resampler)
    means = time.perf_counter()
    rankings = [rank_all([table], metric.name, resampler)[0] for metric in table.metrics]
    ranked = time.perf_counter()
    pairs = sum(len(ranking.pair_tests) for ranking in rankings)
    sys.stdout.write(
        f"table of {SYSTEMS * ARTICLES * METRICS:,} scores      {made - started:6.2f} s\n"
        f"intervals of {len(estimates):,} means        {means - made:6.2f} s\n"
        f"rankings with {pairs:,} pairs      {ranked - means:6.2f} s\n"
    )
    return int(means - made > arguments.within)


if __name__ == "__main__":
    sys.exit(main())
