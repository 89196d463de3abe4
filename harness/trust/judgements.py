"""Measure a verifier against people's labels, by the usual protocols.

- Fact level: ROC AUC; balanced accuracy at a threshold fitted on other groups; expected calibration error.
- Three-way, if people distinguished contradicted from absent: macro-F1 and confusion.
- Summary level: the correlation across systems per article, then averaged. System level: that of the systems' means
  (Bhandari et al. 2020, who made REALSumm).

Every interval resamples groups. Nothing is fitted on the rows it scores.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from harness.data.pairs import Judgement
from harness.records import LABELS, Label, Pair, Verdict
from harness.stats import agreement, caution
from harness.stats.agreement import Bin, Figure, Measure, Summaries
from harness.stats.arrays import Booleans, Floats, Integers
from harness.stats.resampling import Resampler
from harness.verifiers.decide import most_likely

_FEWEST_SYSTEMS = 3
_THREE = LABELS[:3]


@dataclass(frozen=True, slots=True)
class TwoWay:
    rows: int
    supported: int
    """Number of rows that people called supported."""
    auc: Figure
    balanced_accuracy: Figure
    """Out of fold: each fold is decided at the threshold that is best on the other folds."""
    thresholds: tuple[float, ...]
    as_decided: Figure
    """Balanced accuracy of the verifier's own verdicts; uncertain ones do not count."""
    undecided: int
    unanswered: int
    """Number of abstentions, e.g. because a server gave no answer."""
    calibration_error: Figure
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class ThreeWay:
    """Agreement on supported, contradicted and absent."""

    rows: int
    macro_f1: Figure
    as_decided: Figure
    """Macro-F1 of the verifier's own verdicts; uncertain ones are wrong."""
    confusion: Mapping[Label, Mapping[Label, int]]
    """What people said → what the verifier said → rows."""


@dataclass(frozen=True, slots=True)
class Levels:
    """Correlations across systems with people's shares of supported facts."""

    articles: int
    systems: int
    summary_pearson: Figure
    summary_spearman: Figure
    system_pearson: Figure
    system_spearman: Figure


@dataclass(frozen=True, slots=True)
class CorpusMetrics:
    groups: int
    two_way: TwoWay
    three_way: ThreeWay | None
    """None if people did not distinguish contradicted from absent."""
    levels: Levels | None
    """None if the rows name fewer than three systems."""


def measure_judgements(
    rows: Sequence[Judgement], answers: Mapping[Pair, Verdict], rng: np.random.Generator, by_system: Sequence[Judgement]
) -> CorpusMetrics:
    """Compare the verdicts with the labels, row by row; there must be at least one row.

    ``by_system`` are the rows for comparing systems, one for each fact and summary.
    """
    verdicts = [answers[row.pair] for row in rows]
    groups = agreement.numbered([row.group for row in rows])
    resampler = Resampler.of(rng, agreement.RESAMPLES)
    return CorpusMetrics(
        groups=agreement.group_count(groups),
        two_way=_measure_two_way(rows, verdicts, groups, resampler, rng),
        three_way=_measure_three_way(rows, verdicts, groups, resampler),
        levels=_measure_levels(by_system, [answers[row.pair] for row in by_system], resampler),
    )


def _measure_two_way(
    rows: Sequence[Judgement],
    verdicts: Sequence[Verdict],
    groups: Integers,
    resampler: Resampler,
    rng: np.random.Generator,
) -> TwoWay:
    truth, scores = is_supported(rows), read_probabilities(verdicts)[:, 0]
    called = np.array([verdict.label == "supported" for verdict in verdicts])
    decided = np.array([verdict.label != "uncertain" for verdict in verdicts])
    count = agreement.group_count(groups)

    def figure(measure: Measure) -> Figure:
        return agreement.figure(measure, count, resampler)

    cut, thresholds = _decide_out_of_fold(truth, scores, agreement.fold_by_group(groups, rng))
    if thresholds:
        balanced_accuracy = figure(agreement.balanced_accuracy(truth, cut, groups))
    elif count == 1:
        reason = "there is only one group, so there is no other group to fit a threshold on"
        balanced_accuracy = Figure(None, reason=reason)
    else:
        reason = "the threshold cannot be fitted, because the rows of the other groups are all supported or all not"
        balanced_accuracy = Figure(None, reason=reason)
    return TwoWay(
        rows=len(rows),
        supported=int(truth.sum()),
        auc=figure(agreement.auc(truth, scores, groups)),
        balanced_accuracy=balanced_accuracy,
        thresholds=thresholds,
        as_decided=figure(agreement.balanced_accuracy(truth, called, groups, decided)),
        undecided=int((~decided).sum()),
        unanswered=sum(verdict.abstained for verdict in verdicts),
        calibration_error=figure(agreement.calibration_error(truth, scores, groups)),
        bins=agreement.reliability(truth, scores),
    )


def _decide_out_of_fold(truth: Booleans, scores: Floats, fold: Integers) -> tuple[Booleans, tuple[float, ...]]:
    """Decide each row at the other folds' threshold, and return the thresholds.

    There are no thresholds if the other folds of any fold are all supported or all not.
    """
    called = np.zeros(truth.size, dtype=bool)
    thresholds = []
    for number in range(int(fold.max()) + 1):
        inside = fold == number
        if not 0 < truth[~inside].sum() < (~inside).sum():
            return called, ()
        thresholds.append(agreement.best_threshold(truth[~inside], scores[~inside]))
        called[inside] = scores[inside] >= thresholds[-1]
    return called, tuple(thresholds)


def _measure_three_way(
    rows: Sequence[Judgement], verdicts: Sequence[Verdict], groups: Integers, resampler: Resampler
) -> ThreeWay | None:
    counted = np.array([row.label != "unsupported" for row in rows])
    present = {row.label for row in rows}
    if not {"contradicted", "absent"} <= present:
        return None
    # rows labelled just unsupported do not count, but their groups keep their numbers
    truth = np.array([_THREE.index(row.label) if row.label in _THREE else -1 for row in rows])
    likeliest = np.array([_THREE.index(most_likely(verdict.probabilities)) for verdict in verdicts])
    decided = np.array([LABELS.index(verdict.label) for verdict in verdicts])
    classes = [number for number, label in enumerate(_THREE) if label in present]

    def figure(called: Integers) -> Figure:
        measure = agreement.macro_f1(truth, np.where(counted, called, -1), groups, classes)
        return agreement.figure(measure, agreement.group_count(groups), resampler)

    confusion = {
        _THREE[number]: {label: int(((truth == number) & (decided == at)).sum()) for at, label in enumerate(LABELS)}
        for number in classes
    }
    return ThreeWay(int(counted.sum()), figure(likeliest), figure(decided), confusion)


def _measure_levels(rows: Sequence[Judgement], verdicts: Sequence[Verdict], resampler: Resampler) -> Levels | None:
    named = [at for at, row in enumerate(rows) if row.system]
    systems = len({rows[at].system for at in named})
    if systems < _FEWEST_SYSTEMS:
        return None
    table = average_summaries(
        agreement.numbered([rows[at].group for at in named]),
        agreement.numbered([rows[at].system for at in named]),
        is_supported(rows)[named],
        read_probabilities(verdicts)[named, 0],
    )
    return Levels(
        articles=len(table.people),
        systems=systems,
        summary_pearson=measure_summaries(table, agreement.pearson, resampler),
        summary_spearman=measure_summaries(table, agreement.spearman, resampler),
        system_pearson=measure_systems(table, agreement.pearson, resampler),
        system_spearman=measure_systems(table, agreement.spearman, resampler),
    )


def measure_summaries(table: Summaries, correlation: agreement.Correlation, resampler: Resampler) -> Figure:
    """Average the correlations within groups; no interval if few groups have one."""
    correlations = agreement.correlations_by_article(table, correlation)
    correlated = int(np.isfinite(correlations).sum())
    if not (table.there.sum(axis=1) >= _FEWEST_SYSTEMS).any():
        return Figure(None, reason=f"no group has summaries of {_FEWEST_SYSTEMS} systems")
    measure = agreement.mean_correlation(correlations)
    figure = agreement.figure(measure, correlations.size, resampler, agreement.CORRELATION)
    if figure.value is None or correlated >= caution.FEWEST_FOR_INTERVAL:
        return figure
    among = "one group has" if correlated == 1 else f"{correlated} groups have"
    needed = f"an interval needs at least {caution.FEWEST_FOR_INTERVAL}"
    return Figure(figure.value, reason=f"{among} at least {_FEWEST_SYSTEMS} systems that differ; {needed}")


def measure_systems(table: Summaries, correlation: agreement.Correlation, resampler: Resampler) -> Figure:
    """Correlate the systems' means; no interval if systems are missing from most resamples."""
    groups = len(table.people)
    figure = agreement.figure(agreement.system_level(table, correlation), groups, resampler, agreement.CORRELATION)
    if figure.value is None or figure.low is not None or groups < caution.FEWEST_FOR_INTERVAL or table.there.all():
        return figure
    return Figure(figure.value, reason="too few groups have summaries of every system for an interval")


def average_summaries(groups: Integers, systems: Integers, truth: Booleans, scores: Floats) -> Summaries:
    """Average people's labels and P(supported) over the facts of each summary."""
    shape = (agreement.group_count(groups), agreement.group_count(systems))
    place = np.ravel_multi_index((groups, systems), shape)
    size = int(np.prod(shape))
    count, people, ours = (
        np.bincount(place, weights=each, minlength=size).reshape(shape) for each in (np.ones(truth.size), truth, scores)
    )
    return Summaries(people / np.maximum(count, 1), ours / np.maximum(count, 1), count > 0)


def is_supported(rows: Sequence[Judgement]) -> Booleans:
    return np.array([row.label == "supported" for row in rows], dtype=bool)


def read_probabilities(verdicts: Sequence[Verdict]) -> Floats:
    """Return rows × (supported, contradicted, absent)."""
    rows = [verdict.probabilities.values for verdict in verdicts]
    return np.array(rows, dtype=np.float64).reshape(-1, 3)
