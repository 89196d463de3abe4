"""Measure a verifier against people's labels, by the usual protocols.

- Fact level: ROC AUC; balanced accuracy at a threshold fitted on other groups; expected calibration error.
- Three-way, if people distinguished contradicted from absent: macro-F1 and confusion.
- Summary level: the correlation across the systems of an article, averaged over articles (Bhandari et al. 2020, who
  made REALSumm). System level: the correlation of the systems' means.

Every interval resamples groups. No threshold is fitted on rows that it decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from harness.data.pairs import LabelledPair
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
    """Each fold is decided at the threshold that is best on the other folds."""
    thresholds: tuple[float, ...]
    as_decided: Figure
    """Balanced accuracy of the verifier's own verdicts, without uncertain ones."""
    undecided: int
    """Number of uncertain verdicts, including abstentions."""
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
    """People's label → the verifier's label → number of rows."""


@dataclass(frozen=True, slots=True)
class Levels:
    """How a summary's mean P(supported) correlates, across systems, with the share of facts that people support."""

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
    rows: Sequence[LabelledPair],
    answers: Mapping[Pair, Verdict],
    rng: np.random.Generator,
    by_system: Sequence[LabelledPair],
) -> CorpusMetrics:
    """Compare the verdicts with the labels; ``by_system`` has one row for each fact and summary."""
    verdicts = [answers[row.pair] for row in rows]
    groups = agreement.number_groups([row.group for row in rows])
    resampler = Resampler.of(rng, agreement.RESAMPLES)

    def figure(measure: Measure) -> Figure:
        return agreement.figure(measure, agreement.count_groups(groups), resampler)

    return CorpusMetrics(
        groups=agreement.count_groups(groups),
        two_way=_measure_two_way(rows, verdicts, groups, figure, rng),
        three_way=_measure_three_way(rows, verdicts, groups, figure),
        levels=_measure_levels(by_system, [answers[row.pair] for row in by_system], resampler),
    )


def _measure_two_way(
    rows: Sequence[LabelledPair],
    verdicts: Sequence[Verdict],
    groups: Integers,
    figure: Callable[[Measure], Figure],
    rng: np.random.Generator,
) -> TwoWay:
    truth, scores = _is_supported(rows), _read_scores(verdicts)
    called = np.array([verdict.label == "supported" for verdict in verdicts])
    decided = np.array([verdict.label != "uncertain" for verdict in verdicts])
    reached, thresholds = _decide_out_of_fold(truth, scores, agreement.fold_by_group(groups, rng))
    reason = "the threshold cannot be fitted, because the rows of the other groups are all supported or all not"
    if not groups.any():
        reason = "there is only one group, so there is no other group to fit a threshold on"
    out_of_fold = agreement.balanced_accuracy(truth, reached, groups)
    return TwoWay(
        rows=len(rows),
        supported=int(truth.sum()),
        auc=figure(agreement.auc(truth, scores, groups)),
        balanced_accuracy=figure(out_of_fold) if thresholds else Figure(None, reason=reason),
        thresholds=thresholds,
        as_decided=figure(agreement.balanced_accuracy(truth, called, groups, decided)),
        undecided=int((~decided).sum()),
        unanswered=sum(verdict.abstained for verdict in verdicts),
        calibration_error=figure(agreement.calibration_error(truth, scores, groups)),
        bins=agreement.reliability(truth, scores),
    )


def _decide_out_of_fold(truth: Booleans, scores: Floats, fold: Integers) -> tuple[Booleans, tuple[float, ...]]:
    """Return whether each row reaches the threshold fitted on the other folds, and the thresholds.

    Returns no threshold if, for any fold, the rows of the other folds are all supported or all not.
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
    rows: Sequence[LabelledPair], verdicts: Sequence[Verdict], groups: Integers, figure: Callable[[Measure], Figure]
) -> ThreeWay | None:
    present = {row.label for row in rows}
    if not {"contradicted", "absent"} <= present:
        return None
    # a row labelled unsupported, -1 here, does not count, but its group keeps its number
    truth = np.array([_THREE.index(row.label) if row.label in _THREE else -1 for row in rows])
    likeliest = np.array([_THREE.index(most_likely(verdict.probabilities)) for verdict in verdicts])
    decided = np.array([LABELS.index(verdict.label) for verdict in verdicts])
    classes = [number for number, label in enumerate(_THREE) if label in present]

    macro_f1, as_decided = (
        figure(agreement.macro_f1(truth, np.where(truth >= 0, called, -1), groups, classes))
        for called in (likeliest, decided)
    )
    confusion = {
        _THREE[number]: {label: int(((truth == number) & (decided == at)).sum()) for at, label in enumerate(LABELS)}
        for number in classes
    }
    return ThreeWay(int((truth >= 0).sum()), macro_f1, as_decided, confusion)


def _measure_levels(rows: Sequence[LabelledPair], verdicts: Sequence[Verdict], resampler: Resampler) -> Levels | None:
    named = [at for at, row in enumerate(rows) if row.system]
    systems = len({rows[at].system for at in named})
    if systems < _FEWEST_SYSTEMS:
        return None
    groups, names = [rows[at].group for at in named], [rows[at].system for at in named]
    table = average_summaries(groups, names, _is_supported(rows)[named], _read_scores(verdicts)[named])
    kinds = (agreement.pearson, agreement.spearman)
    by_summary = (measure_summaries(table, kind, resampler) for kind in kinds)
    by_system = (measure_systems(table, kind, resampler) for kind in kinds)
    return Levels(len(table.people), systems, *by_summary, *by_system)


def measure_summaries(table: Summaries, correlation: agreement.Correlation, resampler: Resampler) -> Figure:
    """Average the correlations across the systems of each group; no interval if few groups have a correlation."""
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
    """Correlate the systems' means; no interval if many resamples lack a system."""
    groups = len(table.people)
    figure = agreement.figure(agreement.system_level(table, correlation), groups, resampler, agreement.CORRELATION)
    if figure.value is None or figure.low is not None or groups < caution.FEWEST_FOR_INTERVAL or table.there.all():
        return figure
    return Figure(figure.value, reason="too few groups have summaries of every system for an interval")


def average_summaries(
    groups: Sequence[str], systems: Sequence[str], people: Floats | Booleans, ours: Floats
) -> Summaries:
    """Tabulate groups × systems: the means of people's values and of ours. The arguments have one entry per row."""
    rows, columns = agreement.number_groups(groups), agreement.number_groups(systems)
    shape = (agreement.count_groups(rows), agreement.count_groups(columns))
    place, size = np.ravel_multi_index((rows, columns), shape), shape[0] * shape[1]
    count, total, our_total = (
        np.bincount(place, weights=each, minlength=size).reshape(shape) for each in (np.ones(ours.size), people, ours)
    )
    return Summaries(total / np.maximum(count, 1), our_total / np.maximum(count, 1), count > 0)


def _is_supported(rows: Sequence[LabelledPair]) -> Booleans:
    return np.array([row.label == "supported" for row in rows], dtype=bool)


def _read_scores(verdicts: Sequence[Verdict]) -> Floats:
    return np.array([verdict.probabilities.supported for verdict in verdicts], dtype=np.float64)
