"""Do the statistics keep their promises? Monte Carlo over worlds whose truth is known.

    python benchmarks/stats/simulation.py [--quick] [--seed N]

Writes ``statistics.md`` beside it: coverage of every 95% interval, false positives of every test at 5%, power, all by
the number of articles. ``--quick`` makes few experiments, prints the table, writes nothing, and exits 1
where a promise is broken beyond Monte Carlo error: that is for continuous integration.

The promise: at 20, 50 and 200 articles, coverage of 93% to 97%, and false positives of at most 5% within three Monte
Carlo standard errors (``--quick`` grants that to coverage too); worlds called hard are shown and not held to it.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.stats.rivals import covers
from benchmarks.stats.worlds import (
    DUELS,
    FACT_DUELS,
    LOPSIDED,
    VERDICT_TRUTH,
    WORLDS,
    Duel,
    FactDuel,
    World,
    verdicts,
)
from harness.files import write_text
from harness.stats.arrays import Booleans, Floats
from harness.stats.bootstrap import ratio_bounds
from harness.stats.interval import Ends, interval_ends
from harness.stats.multiple_comparisons import holm
from harness.stats.noninferiority import noninferior
from harness.stats.paired import compare_all, hedges
from harness.stats.permutation import sign_flip
from harness.stats.power import achieved, detectable_difference
from harness.stats.ppi import Share, estimate
from harness.stats.resampling import Resampler

TABLE = Path(__file__).resolve().parent / "statistics.md"
SIZES = (8, 10, 15, 20, 50, 200)
PROMISED = (20, 50, 200)
RESAMPLES = 2_000
# The 95% point of chi-squared with one degree of freedom.
CHI_SQUARED_5 = 3.8415
# Experiments that share one set of draws; the next batch gets new ones.
BATCH = 250


@dataclass(frozen=True, slots=True)
class Cell:
    """A rate over experiments. ``given`` is the share of experiments in which there was an answer at all."""

    rate: float
    experiments: int
    given: float = 1.0

    @property
    def error(self) -> float:
        """Monte Carlo standard error of the rate, as if it were near 5% or 95%."""
        return math.sqrt(0.05 * 0.95 / max(1, round(self.experiments * self.given)))

    def __str__(self) -> str:
        if not self.given:
            return "none given"
        return f"{self.rate:.1%}" + ("" if self.given > 0.9995 else f" ({self.given:.0%} given)")


@dataclass
class Proof:
    """The sections of the report, and the promises that were broken."""

    experiments: int
    rng: np.random.Generator
    slack: float
    """Monte Carlo standard errors by which a coverage may lie outside of 93% to 97%."""
    sections: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def batches(self, count: int | None = None) -> Iterator[tuple[Resampler, int]]:
        """A resampler and a number of experiments, until all are made."""
        left = count or self.experiments
        while left > 0:
            yield Resampler.of(self.rng, RESAMPLES), min(BATCH, left)
            left -= BATCH

    def coverage(self, what: str, n: int, cell: Cell) -> None:
        """Note a coverage outside of the promised 93% to 97%."""
        slack = self.slack * cell.error
        if n in PROMISED and cell.given and not 0.93 - slack <= cell.rate <= 0.97 + slack:
            self.broken.append(f"{what}, {n} articles: coverage {cell}")

    def false_positives(self, what: str, n: int, cell: Cell) -> None:
        """Note a false-positive rate above 5%."""
        if n in PROMISED and cell.rate > 0.05 + 3 * cell.error:
            self.broken.append(f"{what}, {n} articles: false positives {cell}")

    def table(self, title: str, text: str, heads: Sequence[object], rows: Sequence[Sequence[object]]) -> None:
        """Add a section with a table."""
        lines = [f"## {title}", "", text, "", _row(heads), _row(["---"] + ["---:"] * (len(heads) - 1))]
        self.sections.append("\n".join([*lines, *(_row(row) for row in rows)]))


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _covered(ends: Sequence[Ends], truth: float) -> tuple[Booleans, Booleans]:
    """Of each experiment, whether an interval was given, and whether it holds the truth."""
    given = np.array([each.low is not None for each in ends])
    inside = np.array([low is not None and high is not None and low <= truth <= high for low, high, _ in ends])
    return given, inside


def _cell(given: Booleans, inside: Booleans) -> Cell:
    return Cell(float(inside[given].mean()) if given.any() else 0.0, given.size, float(given.mean()))


def _gather(parts: Sequence[tuple[Booleans, Booleans]]) -> Cell:
    return _cell(np.concatenate([given for given, _ in parts]), np.concatenate([inside for _, inside in parts]))


# Intervals -----------------------------------------------------------------------------------------------------------


def means(proof: Proof) -> None:
    """Coverage of the interval of one system's mean."""
    rows = []
    for world in WORLDS:
        cells = [_mean_cell(proof, world, n) for n in SIZES]
        for n, cell in zip(SIZES, cells, strict=True):
            if not world.hard:
                proof.coverage(f"mean, {world.name}", n, cell)
        rows.append([world.name + (" (hard)" if world.hard else ""), *cells])
    text = (
        "`interval.mean_interval`: bootstrap-t over articles, on the logit scale for shares. Columns: articles. Where "
        "nearly all articles have one value, those few experiments that get an interval are those that drew unusually "
        "many others, so their coverage is low: trust no interval of a score that is at its ceiling in nine of ten "
        "articles below about 50 of them."
    )
    proof.table("Coverage: the mean of a system", text, ["scores", *SIZES], rows)


def rivals(proof: Proof) -> None:
    """Coverage of the intervals that are not used, on the worlds that are not hard."""
    rows = []
    for world in (world for world in WORLDS if not world.hard):
        found: dict[str, list[Cell]] = {}
        for n in SIZES:
            parts: dict[str, list[Booleans]] = {}
            for resampler, count in proof.batches(proof.experiments // 4):
                values = world.draw(proof.rng, (count, n))
                for method, inside in covers(values, world.mean, resampler).items():
                    parts.setdefault(method, []).append(inside)
            for method, insides in parts.items():
                inside = np.concatenate(insides)
                found.setdefault(method, []).append(Cell(float(inside.mean()), inside.size))
        rows += [[f"{method}: {world.name}", *cells] for method, cells in found.items()]
    text = (
        "Not used; no experiment is left out. Percentile and BCa intervals are too short on few articles, Student's t "
        "on skewed scores and on scores near their ceiling."
    )
    proof.table("Why the studentised bootstrap: the other intervals", text, ["method and scores", *SIZES], rows)


def _mean_cell(proof: Proof, world: World, n: int) -> Cell:
    parts = []
    for resampler, count in proof.batches():
        values = world.draw(proof.rng, (count, n))
        parts.append(_covered(interval_ends(values, resampler, world.scale), world.mean))
    return _gather(parts)


def differences(proof: Proof) -> None:
    """Coverage of the interval of the difference, and of the effect size."""
    rows, effects = [], []
    for duel in DUELS:
        name = f"{duel.name}, true difference {duel.mean:.3g}"
        cells = [_difference_cell(proof, duel, n) for n in SIZES]
        truth = duel.mean / float(duel.draw(proof.rng, (1, 2_000_000)).std())
        sizes = [_effect_cell(proof, duel, n, truth) for n in SIZES]
        for n, cell, size in zip(SIZES, cells, sizes, strict=True):
            proof.coverage(f"difference, {name}", n, cell)
            proof.coverage(f"effect size, {name}", n, size)
        rows.append([name, *cells])
        effects.append([name, *sizes])
    text = "`paired.compare`: bootstrap-t over shared articles. Columns: shared articles."
    proof.table("Coverage: the difference of two systems", text, ["scores", *SIZES], rows)
    text = "`paired.hedges`: noncentral t, whose promise rests on differences that are about normal."
    proof.table("Coverage: the effect size", text, ["scores", *SIZES], effects)


def _difference_cell(proof: Proof, duel: Duel, n: int) -> Cell:
    draws = ((resampler, duel.draw(proof.rng, (count, n))) for resampler, count in proof.batches())
    return _gather([_covered(interval_ends(values, resampler), duel.mean) for resampler, values in draws])


def _effect_cell(proof: Proof, duel: Duel, n: int, truth: float) -> Cell:
    values = duel.draw(proof.rng, (proof.experiments, n))
    values = values[np.ptp(values, axis=1) > 0]
    return Cell(float(np.mean([effect.low <= truth <= effect.high for effect in hedges(values)])), len(values))


def facts(proof: Proof) -> None:
    """Coverage of the difference in facts kept, and false positives and power of its test, beside plain McNemar."""
    rows = []
    for duel in FACT_DUELS:
        for n in SIZES:
            inside, flipped, plain = _fact_cells(proof, duel, n)
            proof.coverage("difference in facts", n, inside)
            if duel.null:
                proof.false_positives("facts by article", n, flipped)
            rows.append([f"true difference {duel.difference:.2g}", n, inside, flipped, plain])
    text = (
        "`facts.compare_facts`, on 3 to 15 facts an article that are kept or lost together. The last column is what "
        "treating all facts as independent would do: McNemar's test finds differences that are not there."
    )
    heads = ["world", "articles", "coverage", "p ≤ 0.05, by article", "p ≤ 0.05, facts as independent (McNemar)"]
    proof.table("Facts clustered in articles", text, heads, rows)


def _fact_cells(proof: Proof, duel: FactDuel, n: int) -> tuple[Cell, Cell, Cell]:
    parts, p, plain = [], [], []
    for resampler, count in proof.batches():
        drawn = duel.draw(proof.rng, (count, n))
        balance = drawn.only_first - drawn.only_second
        bounds = ratio_bounds(balance, drawn.facts, resampler)
        given = np.isfinite(bounds.low) & np.isfinite(bounds.high)
        parts.append((given, given & (bounds.low <= duel.difference) & (duel.difference <= bounds.high)))
        p.append(sign_flip(balance, resampler))
        discordant = (drawn.only_first + drawn.only_second).sum(axis=1)
        plain.append(balance.sum(axis=1) ** 2 / discordant > CHI_SQUARED_5)
    return _gather(parts), _rate(np.concatenate(p)), Cell(float(np.concatenate(plain).mean()), proof.experiments)


def _rate(p: Floats, alpha: float = 0.05) -> Cell:
    return Cell(float((p <= alpha).mean()), p.size)


def verdicts_section(proof: Proof) -> None:
    """Coverage of the three estimates of prediction-powered inference."""
    rows = []
    for articles, labelled in ((100, 12), (100, 20), (200, 50)):
        parts = [
            estimate(drawn.automatic, drawn.human, drawn.articles)
            for drawn in (verdicts(proof.rng, articles, labelled) for _ in range(proof.experiments))
        ]
        cells = [_share_cell([getattr(part, kind) for part in parts]) for kind in ("automatic", "human", "combined")]
        widths = [_width([getattr(part, kind) for part in parts]) for kind in ("human", "combined")]
        if labelled in PROMISED:
            for kind, cell in zip(("human", "combined"), cells[1:], strict=True):
                proof.coverage(f"prediction-powered, {kind}, of {articles} articles", labelled, cell)
        rows.append([f"{labelled} of {articles}", *cells, *widths])
    text = (
        "`ppi.estimate`, 5 to 10 facts an article, automatic verdicts that are too kind (90% of kept facts found, 25% "
        "of lost ones taken for kept). The automatic interval knows nothing of that and covers the truth too rarely."
    )
    heads = ["articles labelled, about", "automatic", "human", "combined", "width, human", "width, combined"]
    proof.table("Coverage: human and automatic verdicts together", text, heads, rows)


def _share_cell(shares: Sequence[Share]) -> Cell:
    return _cell(*_covered([Ends(share.low, share.high, share.reason) for share in shares], VERDICT_TRUTH))


def _width(shares: Sequence[Share]) -> str:
    widths = [share.high - share.low for share in shares if share.low is not None and share.high is not None]
    return f"{np.median(widths):.3f}"


# Tests ---------------------------------------------------------------------------------------------------------------


def permutation(proof: Proof) -> None:
    """False positives of the paired permutation test, and of Holm over a family of it."""
    rows = []
    sizes = (6, *SIZES)
    for duel in [duel for duel in DUELS if duel.null] + [LOPSIDED]:
        cells = [_rate(_p_values(proof, duel, n)) for n in sizes]
        for n, cell in zip(sizes, cells, strict=True):
            if duel.null:
                proof.false_positives(f"permutation, {duel.name}", n, cell)
        rows.append([duel.name, *cells])
    cells = [_family(proof, n) for n in sizes]
    for n, cell in zip(sizes, cells, strict=True):
        proof.false_positives("Holm, ten equal systems", n, cell)
    rows.append(["Holm: any of 45 pairs of ten equal systems", *cells])
    text = (
        "`paired.compare`, and `multiple_comparisons.holm` over all pairs. With few articles or many ties a p of "
        "exactly 5% is not to be had and the test is rarer than 5% wrong. The row with different shapes breaks what "
        "the test asks for (scores that could be swapped); there it is a test of the means, and right for many "
        "articles."
    )
    proof.table("False positives at 5%: the paired permutation test", text, ["scores", *sizes], rows)


def _p_values(proof: Proof, duel: Duel, n: int) -> Floats:
    return np.concatenate(
        [sign_flip(duel.draw(proof.rng, (count, n)), resampler) for resampler, count in proof.batches()]
    )


def _family(proof: Proof, n: int, systems: int = 10) -> Cell:
    """Ten systems of one quality on the same articles: whether any pair is found to differ."""
    first, second = np.triu_indices(systems, 1)
    wrong = []
    for resampler, count in proof.batches(proof.experiments // 4):
        for _ in range(count):
            scores = proof.rng.beta(2, 5, (systems, n)) + proof.rng.beta(2, 2, n)
            corrected = holm(list(sign_flip(scores[first] - scores[second], resampler)))
            wrong.append(min(p for p in corrected if p is not None) <= 0.05)
    return Cell(float(np.mean(wrong)), len(wrong))


def margins(proof: Proof) -> None:
    """How often a loss of exactly the margin passes the non-inferiority rule; at most 2.5% is promised."""
    rows = []
    for duel in (duel for duel in DUELS if not duel.null):
        cells = []
        for n in SIZES:
            held = []
            for resampler, count in proof.batches(proof.experiments // 2):
                rows_ = -duel.draw(proof.rng, (count, n))
                pairs = [(row, np.zeros(n)) for row in rows_]
                held += [noninferior(found, duel.mean).verdict == "held" for found in compare_all(pairs, resampler)]
            cells.append(Cell(float(np.mean(held)), len(held)))
            # A coverage of 93% leaves 3.5% on either side.
            limit = 0.035 + 3 * math.sqrt(0.025 * 0.975 / len(held))
            if n in PROMISED and cells[-1].rate > limit:
                proof.broken.append(f"non-inferiority, {duel.name}, {n} articles: {cells[-1]} held")
        rows.append([f"{duel.name}, loses {duel.mean:.3g}", *cells])
    text = "`noninferiority.noninferior`: a candidate that truly loses exactly the margin should pass in 2.5% of cases."
    proof.table("False passes of a margin", text, ["scores", *SIZES], rows)


def power(proof: Proof) -> None:
    """Power of the permutation test, beside what ``power.achieved`` foretells."""
    curves = {f"true effect {effect}": dict.fromkeys(SIZES, effect) for effect in (0.2, 0.5, 0.8)}
    curves["the effect of which `detectable_difference` says 80%"] = {n: detectable_difference(n, 1.0) for n in SIZES}
    rows = [[name, *(_power_cell(proof, n, effect) for n, effect in curve.items())] for name, curve in curves.items()]
    text = "Found in the simulation, and in brackets foretold by `power.achieved`. Continuous scores, p ≤ 0.05."
    proof.table("Power of the paired permutation test", text, ["effect (in standard deviations)", *SIZES], rows)


def _power_cell(proof: Proof, n: int, effect: float) -> str:
    shift = effect * 0.06 * math.sqrt(3)  # the spread of the difference of two gamma(1.5, 0.06)
    p = [
        sign_flip(DUELS[0].draw(proof.rng, (count, n)) + shift, resampler)
        for resampler, count in proof.batches(proof.experiments // 2)
    ]
    return f"{_rate(np.concatenate(p)).rate:.1%} [{achieved(effect, n):.1%}]"


# Report --------------------------------------------------------------------------------------------------------------

SECTIONS: tuple[Callable[[Proof], None], ...] = (
    means,
    rivals,
    differences,
    facts,
    verdicts_section,
    permutation,
    margins,
    power,
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few experiments; print, write nothing")
    parser.add_argument("--seed", type=int, default=20)
    arguments = parser.parse_args()
    experiments, slack = (400, 3.0) if arguments.quick else (10_000, 0.0)
    proof = Proof(experiments, np.random.default_rng(arguments.seed), slack)
    started, used = time.perf_counter(), time.process_time()
    with threadpool_limits(1):  # the matrices are small: a second thread waits more than it works
        for section in SECTIONS:
            before = time.perf_counter()
            section(proof)
            sys.stderr.write(f"{section.__name__}: {time.perf_counter() - before:.0f} s\n")
    spent = time.perf_counter() - started, time.process_time() - used
    text = _report(proof, arguments.seed, spent)
    sys.stdout.write(text)
    if not arguments.quick:
        write_text(TABLE, text)
    return int(arguments.quick and bool(proof.broken))


def _report(proof: Proof, seed: int, spent: tuple[float, float]) -> str:
    machine = f"{os.cpu_count()} {platform.machine()} cores, Python {platform.python_version()}, numpy {np.__version__}"
    error = math.sqrt(0.05 * 0.95 / proof.experiments)
    head = (
        "# Do the statistics keep their promises?\n\n"
        f"Made by `python benchmarks/stats/simulation.py --seed {seed}` on {date.today().isoformat()} in "
        f"{spent[0] / 60:.1f} min, {spent[1] / 60:.1f} of them processor time ({machine}). "
        f"{proof.experiments:,} experiments a cell, {RESAMPLES:,} resamples; the Monte Carlo "
        f"standard error of a cell is {error:.2%} (twice that for Holm). "
        "“given” is the share of experiments that got an interval; in the others the tool says why there is none."
    )
    broken = "\n".join(f"- {line}" for line in proof.broken) or "None."
    promise = (
        "## Promises that are broken\n\nThe promise: at 20, 50 and 200 articles, coverage of 93% to 97%, and "
        "false positives of at most 5% within three standard errors; rows called hard are not held to it.\n\n"
        f"{broken}"
    )
    return "\n\n".join([head, promise, *proof.sections]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
