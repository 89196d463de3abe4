"""How often the intervals of ``harness meta-eval`` hold the value over all articles, beside percentile intervals.

    python benchmarks/stats/agreement_intervals.py [--data DIR] [--tries N]

Writes ``agreement_intervals.md`` beside it. From the 100 articles of REALSumm (CC BY 4.0), as ``lexical`` judges them,
10, 20 or 50 are drawn without replacement; an interval should hold the value over all 100 about 95 times in 100 (more
often at 50, which is half of all there is).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.data_option import parser
from harness.data.pairs import labelled
from harness.files import write_text
from harness.stats import agreement
from harness.stats.agreement import Measure
from harness.stats.arrays import Booleans, Floats, Integers
from harness.stats.resampling import Resampler
from harness.trust.meta_eval import judgements as metaeval
from harness.verifiers.lexical import Lexical

ROOT = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).with_name("agreement_intervals.md")
SIZES = (10, 20, 50)
RESAMPLES = 500

TEMPLATE = """# How often the intervals of `harness meta-eval` hold

Made by `python benchmarks/stats/agreement_intervals.py` on {date}, seed 0: {tries} draws of 10, 20 or 50
of REALSumm's 100
articles, {resamples} resamples each, judged by `lexical`. The share of draws whose 95% interval holds the value over
all 100 articles: the basic bootstrap, which the harness gives, and in brackets percentiles of the same resamples. At 50
of 100 articles the share should lie above .95.
"""

Make = Callable[[Integers], Measure]
"""The measure over some of the articles, numbered from 0 in the order given."""


def measures(folder: Path) -> dict[str, Make]:
    """The measures over any articles of REALSumm."""
    rows = labelled.read(folder / "realsumm_coverage.jsonl").judgements
    scores = metaeval.probabilities(Lexical().verify([row.pair for row in rows]))[:, 0]
    truth, groups = metaeval.supported(rows), agreement.numbered([row.group for row in rows])
    table = metaeval.summaries(groups, agreement.numbered([row.system for row in rows]), truth, scores)

    def by_row(measure: Callable[[Booleans, Floats, Integers], Measure]) -> Make:
        def make(chosen: Integers) -> Measure:
            number = np.full(int(groups.max()) + 1, -1)
            number[chosen] = np.arange(chosen.size)
            inside = number[groups] >= 0
            return measure(truth[inside], scores[inside], number[groups[inside]])

        return make

    def level(measure: Callable[[agreement.Summaries, agreement.Correlation], Measure]) -> Make:
        def make(chosen: Integers) -> Measure:
            some = agreement.Summaries(table.people[chosen], table.ours[chosen], table.there[chosen])
            return measure(some, agreement.pearson)

        return make

    cut = agreement.best_threshold(truth, scores)
    return {
        "ROC AUC": by_row(agreement.auc),
        "balanced accuracy": by_row(lambda true, said, of: agreement.balanced_accuracy(true, said >= cut, of)),
        "expected calibration error": by_row(agreement.calibration_error),
        "summary-level Pearson": level(agreement.summary_level),
        "system-level Pearson": level(agreement.system_level),
    }


def held(make: Make, size: int, tries: int, rng: np.random.Generator) -> tuple[float, float]:
    """The shares of the tries in which the interval, and that of percentiles, holds the value over all articles."""
    whole = agreement.value_of(make(np.arange(100)), 100) or 0.0
    ours = percentiles = 0
    for _ in range(tries):
        measure, resampler = make(rng.choice(100, size, replace=False)), Resampler.of(rng, RESAMPLES)
        found = agreement.figure(measure, size, resampler, agreement.CORRELATION)
        low, high = np.quantile(np.concatenate([measure(counts) for counts in resampler.counts(size)]), [0.025, 0.975])
        ours += found.low is not None and found.high is not None and found.low <= whole <= found.high
        percentiles += low <= whole <= high
    return ours / tries, percentiles / tries


def main() -> None:
    command = parser(__doc__)
    command.add_argument("--tries", type=int, default=100)
    options = command.parse_args()
    rng = np.random.default_rng(0)
    lines = [TEMPLATE.format(date=date.today().isoformat(), tries=options.tries, resamples=RESAMPLES)]
    lines.append(f"| | {' | '.join(f'{size} articles' for size in SIZES)} |")
    lines.append(f"|---|{'---:|' * len(SIZES)}")
    for name, make in measures(options.data).items():
        shares = [held(make, size, options.tries, rng) for size in SIZES]
        lines.append(f"| {name} | {' | '.join(f'{ours:.2f} ({other:.2f})' for ours, other in shares)} |")
    text = "\n".join(lines) + "\n"
    write_text(TABLE, text)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
