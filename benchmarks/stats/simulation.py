"""Do the statistics keep their promises? Monte Carlo experiments on simulated scores whose true values are known.

    python benchmarks/stats/simulation.py [--quick] [--seed N]

Writes ``statistics.md``: coverage of every 95% interval, false positives of every test at 5%, and power, by the number
of articles. ``--quick`` runs fewer experiments, prints the tables, writes nothing, and exits 1 if a promise is broken.

The promise: at 20, 50 and 200 articles, coverage of 93% to 97% and false positives of at most 5%, within three Monte
Carlo standard errors. The promise excludes worlds marked as hard.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
from statsmodels.stats.power import TTestPower
from threadpoolctl import threadpool_limits

from harness.files import write_text
from harness.stats import kappa
from harness.stats.agreement import CORRELATION, Measure, auc, balanced_accuracy, jackknife, share, value_of
from harness.stats.arrays import Floats
from harness.stats.interval import Scale, interval_ends
from harness.stats.paired import compare_all, detectable_difference, holm, judge_margin
from harness.stats.ppi import estimate
from harness.stats.resampling import Resampler, sign_flip

TABLE = Path(__file__).resolve().parent / "statistics.md"
SIZES = (8, 10, 20, 50, 200)
PROMISED = (20, 50, 200)
RESAMPLES = 2_000
BATCH = 250
"""Experiments that share one set of draws."""

Shape = tuple[int, int]
"""Experiments × articles."""
Ends = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class World:
    """A distribution of one system's scores, or of the differences of two systems."""

    name: str
    mean: float
    draw: Callable[[np.random.Generator, Shape], Floats]
    scale: Scale = "share"
    hard: bool = False
    """True if the promise excludes this world."""


def _ceiling(share: float) -> Callable[[np.random.Generator, Shape], Floats]:
    """Draw scores that are 1 with this probability, else beta(4, 2)."""
    return lambda rng, shape: np.where(rng.random(shape) < share, 1.0, rng.beta(4, 2, shape))


def _facts_kept(a: float, b: float) -> Callable[[np.random.Generator, Shape], Floats]:
    """Draw the share kept of 5 to 10 facts; the probability of keeping a fact is beta(a, b), by article."""

    def draw(rng: np.random.Generator, shape: Shape) -> Floats:
        facts = rng.integers(5, 11, shape)
        kept: Floats = rng.binomial(facts, rng.beta(a, b, shape)) / facts
        return kept

    return draw


def _facts_lost(loss: float) -> Callable[[np.random.Generator, Shape], Floats]:
    """Draw differences of two systems' shares of facts kept; the second is less likely to keep one, by ``loss``."""

    def draw(rng: np.random.Generator, shape: Shape) -> Floats:
        facts, chance = rng.integers(5, 11, shape), rng.beta(3, 2, shape)
        lost: Floats = (rng.binomial(facts, chance) - rng.binomial(facts, chance * (1 - loss))) / facts
        return lost

    return draw


def _noise(shift: float) -> Callable[[np.random.Generator, Shape], Floats]:
    """Draw differences of two systems: an article's difficulty cancels out, the skewed noise of each system remains."""
    return lambda rng, shape: rng.gamma(1.5, 0.06, shape) - rng.gamma(1.5, 0.06, shape) + shift


def _ties(up: float, down: float) -> Callable[[np.random.Generator, Shape], Floats]:
    """Draw differences of 0.2 (probability ``up``), −0.2 (``down``) and 0."""
    return lambda rng, shape: rng.choice([0.2, 0.0, -0.2], shape, p=[up, 1 - up - down, down])


FIVE = np.array([0, 0.25, 0.5, 0.75, 1])
MEANS = (
    World("skewed, beta(1, 8)", 1 / 9, lambda rng, shape: rng.beta(1, 8, shape)),
    World("share of 5–10 facts, mean 0.60", 0.6, _facts_kept(3, 2)),
    World("share of 5–10 facts, mean 0.89", 8 / 9, _facts_kept(8, 1)),
    World("five values, many ties", 0.5625, lambda rng, shape: rng.choice(FIVE, shape, p=[0.1, 0.15, 0.3, 0.3, 0.15])),
    World("ceiling, 70% of articles at 1", 0.7 + 0.3 * 4 / 6, _ceiling(0.7)),
    World("ceiling, 90% of articles at 1", 0.9 + 0.1 * 4 / 6, _ceiling(0.9), hard=True),
    World(
        "seconds, lognormal(0, 0.8)",
        math.exp(0.32),
        lambda rng, shape: rng.lognormal(0, 0.8, shape),
        "plain",
        hard=True,
    ),
)
EQUAL = (
    World("continuous", 0.0, _noise(0.0)),
    World("shares of 5–10 facts", 0.0, _facts_lost(0.0)),
    World("ceiling, many equal", 0.0, lambda rng, shape: _ceiling(0.6)(rng, shape) - _ceiling(0.6)(rng, shape)),
    World("six of ten articles tie", 0.0, _ties(0.2, 0.2)),
)
DIFFERENT = (
    World("continuous", 0.05, _noise(0.05)),
    World("shares of 5–10 facts", 0.12, _facts_lost(0.2)),
    World("ceiling, many equal", 0.2 / 3, lambda rng, shape: _ceiling(0.7)(rng, shape) - _ceiling(0.5)(rng, shape)),
    World("six of ten articles tie", 0.04, _ties(0.3, 0.1)),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A rate over experiments."""

    rate: float
    experiments: int
    given: float = 1.0
    """The share of experiments that got an interval."""

    @property
    def error(self) -> float:
        """Monte Carlo standard error of a rate near 5% or 95%."""
        return math.sqrt(0.05 * 0.95 / max(1, round(self.experiments * self.given)))

    def __str__(self) -> str:
        if not self.given:
            return "none given"
        return f"{self.rate:.1%}" + ("" if self.given > 0.9995 else f" ({self.given:.0%} given)")


@dataclass
class Report:
    """The sections of the report, and the promises that were broken."""

    experiments: int
    rng: np.random.Generator
    sections: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def batches(self, count: int | None = None) -> Iterator[tuple[Resampler, int]]:
        """Yield a resampler and a number of experiments, until the numbers add up to ``count``."""
        left = count or self.experiments
        while left > 0:
            yield Resampler.of(self.rng, RESAMPLES), min(BATCH, left)
            left -= BATCH

    def check_coverage(self, what: str, n: int, cell: Cell) -> None:
        slack = 3 * cell.error
        if n in PROMISED and cell.given and not 0.93 - slack <= cell.rate <= 0.97 + slack:
            self.broken.append(f"{what}, {n} articles: coverage {cell}")

    def check_false_positives(self, what: str, n: int, cell: Cell) -> None:
        if n in PROMISED and cell.rate > 0.05 + 3 * cell.error:
            self.broken.append(f"{what}, {n} articles: false positives {cell}")

    def add_table(self, title: str, text: str, heads: Sequence[object], rows: Sequence[Sequence[object]]) -> None:
        lines = [f"## {title}", "", text, "", _row(heads), _row(["---"] + ["---:"] * (len(heads) - 1))]
        self.sections.append("\n".join([*lines, *(_row(row) for row in rows)]))


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _count_covered(ends: Sequence[Ends], truth: float) -> Cell:
    given = [(low, high) for low, high in ends if low is not None and high is not None]
    inside = float(np.mean([low <= truth <= high for low, high in given])) if given else 0.0
    return Cell(inside, len(ends), len(given) / len(ends))


def _rate(p: Floats) -> Cell:
    return Cell(float((p <= 0.05).mean()), p.size)


def cover_means(report: Report) -> None:
    """Coverage of the intervals of a mean and of a difference."""
    rows = []
    for what, world in [
        *(("mean", world) for world in MEANS),
        *(("difference", world) for world in (*EQUAL, *DIFFERENT)),
    ]:
        cells = []
        for n in SIZES:
            ends: list[Ends] = []
            for resampler, count in report.batches():
                scale = world.scale if what == "mean" else "plain"
                ends += [each[:2] for each in interval_ends(world.draw(report.rng, (count, n)), resampler, scale)]
            cells.append(_count_covered(ends, world.mean))
            if not world.hard:
                report.check_coverage(f"{what}, {world.name}", n, cells[-1])
        name = f"{what}: {world.name}" + (f", true {world.mean:.2g}" if what == "difference" else "")
        rows.append([name + (" (hard)" if world.hard else ""), *cells])
    text = (
        "`interval.mean_intervals` and `paired.compare_all`: bootstrap-t over articles, on the logit scale for shares. "
        "If nearly all articles have the same value, few experiments get an interval: those that drew unusually many "
        "other values. With fewer than about 50 articles, do not trust an interval of a score that is at its ceiling "
        "in nine of ten articles."
    )
    report.add_table("Coverage: means and differences", text, ["scores", *SIZES], rows)


def cover_estimates(report: Report) -> None:
    """Coverage of the three estimates of prediction-powered inference."""
    rows = []
    for articles, labelled in ((100, 12), (100, 20), (200, 50)):
        parts = []
        for _ in range(report.experiments // 4):
            truth = report.rng.random((articles, 10)) < report.rng.beta(1.8, 1.2, articles)[:, None]
            said = report.rng.random((articles, 10)) < np.where(truth, 0.9, 0.25)
            article, fact = np.nonzero(np.arange(10) < report.rng.integers(5, 11, articles)[:, None])
            chosen = report.rng.random(articles) < labelled / articles
            human = [float(truth[a, f]) if chosen[a] else None for a, f in zip(article, fact, strict=True)]
            parts.append(estimate(said[article, fact], human, article.tolist()))
        row: list[object] = [f"{labelled} of {articles}"]
        for kind in ("automatic", "human", "combined"):
            shares = [getattr(part, kind) for part in parts]
            row.append(_count_covered([(share.low, share.high) for share in shares], 0.6))
            if kind != "automatic":
                report.check_coverage(f"prediction-powered, {kind}, of {articles} articles", labelled, row[-1])  # type: ignore[arg-type]  # a cell
        widths = [
            np.median(
                [share.high - share.low for share in (getattr(part, kind) for part in parts) if share.low is not None]
            )
            for kind in ("human", "combined")
        ]
        rows.append([*row, *(f"{width:.3f}" for width in widths)])
    text = (
        "`ppi.estimate`, 5 to 10 facts per article, and lenient automatic verdicts, which find 90% of the kept facts "
        "and count 25% of the lost facts as kept. The automatic interval ignores these errors and covers the truth "
        "too rarely."
    )
    heads = ["articles labelled, about", "automatic", "human", "combined", "width, human", "width, combined"]
    report.add_table("Coverage: human and automatic verdicts together", text, heads, rows)


def cover_agreement(report: Report) -> None:
    """Coverage of the intervals of kappa and alpha."""

    def draw(n: int, noise: float) -> tuple[Measure, Measure]:
        """Kappa of two of three raters and alpha of all, on 5 pairs per article; articles are easy or hard."""
        groups = np.repeat(np.arange(n), 5)
        true = report.rng.choice(3, (n * 5,), p=[0.6, 0.15, 0.25])
        hard = np.repeat(report.rng.beta(2, 2, n), 5)
        wrong = report.rng.random((n * 5, 3)) < noise * 2 * hard[:, None]
        labels = np.where(wrong, report.rng.choice(3, (n * 5, 3)), true[:, None])
        return kappa.cohen(labels[:, 0], labels[:, 1], groups), kappa.krippendorff(labels, groups)

    rows = []
    for noise in (0.5, 0.2, 0.05):
        row: list[object] = [f"labels at random in {noise:.0%}"]
        whole = [value_of(measure, 40_000) for measure in draw(40_000, noise)]
        for n in (10, 20, 50):
            found: list[list[Ends]] = [[], []]
            for _ in range(report.experiments // 4):
                for ends, measure in zip(found, draw(n, noise), strict=True):
                    figure = jackknife(measure, n, CORRELATION)
                    ends.append((figure.low, figure.high))
            for name, ends, value in zip(("kappa", "alpha"), found, whole, strict=True):
                cell = _count_covered(ends, value or 0.0)
                report.check_coverage(f"{name}, {noise:.0%}", n, cell)
                row.append(cell)
        rows.append(row)
    text = "`kappa.cohen` of two raters and `kappa.krippendorff` of three, on 5 pairs per article."
    heads = ["raters", *(f"{name}, {n}" for n in (10, 20, 50) for name in ("κ", "α"))]
    report.add_table("Coverage: agreement of annotators", text, heads, rows)


def test_differences(report: Report) -> None:
    """False positives of the paired permutation test and of Holm, and false passes of a margin."""
    rows = []
    for world in EQUAL:
        cells = []
        for n in SIZES:
            draws = ((world.draw(report.rng, (count, n)), resampler) for resampler, count in report.batches())
            cells.append(_rate(np.concatenate([sign_flip(*each) for each in draws])))
            report.check_false_positives(f"permutation, {world.name}", n, cells[-1])
        rows.append([f"permutation test: {world.name}", *cells])
    first, second = np.triu_indices(10, 1)
    cells = []
    for n in SIZES:
        wrong = []
        for resampler, count in report.batches(report.experiments // 10):
            for _ in range(count):
                scores = report.rng.beta(2, 5, (10, n)) + report.rng.beta(2, 2, n)
                corrected = holm(list(sign_flip(scores[first] - scores[second], resampler)))
                wrong.append(min(p for p in corrected if p is not None) <= 0.05)
        cells.append(Cell(float(np.mean(wrong)), len(wrong)))
        report.check_false_positives("Holm, ten equal systems", n, cells[-1])
    rows.append(["Holm: any of 45 pairs of ten equal systems", *cells])
    for world in DIFFERENT:
        cells = []
        for n in SIZES:
            held = []
            for resampler, count in report.batches(report.experiments // 4):
                pairs = [(row, np.zeros(n)) for row in -world.draw(report.rng, (count, n))]
                held += [judge_margin(found, world.mean).verdict == "held" for found in compare_all(pairs, resampler)]
            cells.append(Cell(float(np.mean(held)), len(held)))
            report.check_false_positives(f"margin, {world.name}", n, cells[-1])
        rows.append([f"margin: loses exactly {world.mean:.2g}, {world.name}", *cells])
    text = (
        "`paired.compare_all`, `paired.holm` and `paired.judge_margin`. With few articles or many "
        "ties, no p-value is close to 5%, so the test errs less often. A candidate that loses exactly the margin "
        "should pass in 2.5%."
    )
    report.add_table("False positives at 5%, and false passes of a margin", text, ["scores", *SIZES], rows)


def test_power(report: Report) -> None:
    """Power of the permutation test, next to statsmodels' prediction for a paired t test."""
    curves = {f"true effect {effect}": dict.fromkeys(SIZES, effect) for effect in (0.2, 0.5, 0.8)}
    curves["the effect that `detectable_difference` names"] = {n: detectable_difference(n, 1.0) for n in SIZES}
    rows = []
    for name, curve in curves.items():
        cells = []
        for n, effect in curve.items():
            shift = effect * 0.06 * math.sqrt(3)  # the spread of the difference of two gamma(1.5, 0.06)
            batches = report.batches(report.experiments // 2)
            p = [sign_flip(_noise(shift)(report.rng, (count, n)), resampler) for resampler, count in batches]
            expected = TTestPower().power(effect, n, 0.025, alternative="larger")
            cells.append(f"{_rate(np.concatenate(p)).rate:.1%} [{expected:.1%}]")
        rows.append([name, *cells])
    text = "Power in the simulation; in brackets, that of a paired t test by statsmodels. Continuous scores, p ≤ 0.05."
    report.add_table("Power of the paired permutation test", text, ["effect (standard deviations)", *SIZES], rows)


def cover_verifiers(report: Report) -> None:
    """Coverage of the intervals of a verifier's AUC, of its balanced accuracy, and of a share of labels."""
    [rng] = report.rng.spawn(1)  # a separate generator, so that this section does not change the others

    def draw(n: int, apart: float) -> list[Measure]:
        """Measure 4 to 11 labels per article; articles differ in their labels and in their scores."""
        sizes = rng.integers(4, 12, n)
        groups = np.repeat(np.arange(n), sizes)
        truth = rng.random(groups.size) < np.repeat(1 / (1 + np.exp(-rng.normal(0, 0.7, n))), sizes)
        scores = rng.normal(apart * truth, 1.0) + np.repeat(rng.normal(0, 0.4, n), sizes)
        called = scores > apart / 2
        return [auc(truth, scores, groups), balanced_accuracy(truth, called, groups), share(truth == called, groups)]

    rows = []
    for apart in (1.0, 2.5):
        whole = [value_of(measure, 20_000) or 0.0 for measure in draw(20_000, apart)]
        found: dict[tuple[int, int], list[Ends]] = defaultdict(list)
        for n in (10, 20, 50):
            for _ in range(report.experiments // 4):
                for number, measure in enumerate(draw(n, apart)):
                    figure = jackknife(measure, n)
                    found[number, n].append((figure.low, figure.high))
        for number, name in enumerate(("AUC", "balanced accuracy", "same label")):
            cells = [_count_covered(found[number, n], whole[number]) for n in (10, 20, 50)]
            for n, cell in zip((10, 20, 50), cells, strict=True):
                report.check_coverage(f"{name} of {whole[number]:.2f}", n, cell)
            rows.append([f"{name}, true {whole[number]:.2f}", *cells])
    text = "`agreement.jackknife` of a verifier's scores and verdicts against labels, on 4 to 11 labels per article."
    report.add_table("Coverage: a verifier against labels", text, ["measure", 10, 20, 50], rows)


SECTIONS = (cover_means, cover_estimates, cover_agreement, test_differences, test_power, cover_verifiers)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="run fewer experiments; print, write nothing")
    parser.add_argument("--seed", type=int, default=20)
    arguments = parser.parse_args()
    report = Report(400 if arguments.quick else 10_000, np.random.default_rng(arguments.seed))
    started = time.perf_counter()
    with threadpool_limits(1):  # the matrices are small: a second thread waits more than it works
        for section in SECTIONS:
            section(report)
            sys.stderr.write(f"{section.__name__}: {time.perf_counter() - started:.0f} s\n")
    error = math.sqrt(0.05 * 0.95 / report.experiments)
    head = (
        "# Do the statistics keep their promises?\n\n"
        f"Made by `python benchmarks/stats/simulation.py --seed {arguments.seed}` on {date.today().isoformat()}. "
        f"{report.experiments:,} experiments per cell (a quarter for estimates, agreement and margins, a tenth for "
        f"Holm), {RESAMPLES:,} resamples; the Monte Carlo standard error of a full cell is {error:.2%}. “given” is the "
        "share of experiments that got an interval; for the others, harness says why they have none. Columns: "
        "number of articles.\n\n"
        "The promise: at 20, 50 and 200 articles, coverage of 93% to 97% and false positives of at most 5%, within "
        "three standard errors, except in rows marked as hard. Broken promises:\n\n"
    )
    broken = "\n".join(f"- {line}" for line in report.broken) or "None."
    text = "\n\n".join([head + broken, *report.sections]) + "\n"
    sys.stdout.write(text)
    if not arguments.quick:
        write_text(TABLE, text)
    return int(arguments.quick and bool(report.broken))


if __name__ == "__main__":
    sys.exit(main())
