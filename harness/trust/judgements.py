"""Measure a verifier against people's labels with the usual protocols.

- Fact level: ROC AUC; balanced accuracy at a threshold fitted on other groups; expected calibration error.
- Three-way, if people distinguished contradicted from absent: macro-F1 and confusion.
- Summary level: the correlation across the systems of an article, averaged over articles (Bhandari et al. 2020, who
  made REALSumm). System level: the correlation of the systems' means.

Intervals are over groups (usually articles): a jackknife for AUC, balanced accuracy and macro-F1, a bootstrap for the
rest. No threshold is fitted on rows that it decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from harness.data.pairs import LabelledPair
from harness.records import LABELS, Label, Pair, Verdict
from harness.stats import agreement
from harness.stats.agreement import Bin, Figure, Summaries
from harness.stats.arrays import Booleans, Floats, Integers
from harness.stats.resampling import Resampler
from harness.verifiers.decide import most_likely

_MIN_SYSTEMS = 3
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
    """Correlations across systems between a summary's mean P(supported) and the share of facts that people found."""

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
    """Compare the verdicts with the labels; ``by_system`` has one row for each fact and summary.

    The probabilities of an abstention mean nothing, so an abstention only counts as an uncertain verdict.
    """
    verdicts = [answers[row.pair] for row in rows]
    groups = agreement.number_groups([row.group for row in rows])
    resampler = Resampler.of(rng, agreement.RESAMPLES)
    answered = [row for row in by_system if row.system and not answers[row.pair].abstained]
    return CorpusMetrics(
        groups=agreement.count_groups(groups),
        two_way=_measure_two_way(rows, verdicts, groups, resampler, rng),
        three_way=_measure_three_way(rows, verdicts, groups),
        levels=_measure_levels(answered, [answers[row.pair] for row in answered], resampler),
    )


def _measure_two_way(
    rows: Sequence[LabelledPair],
    verdicts: Sequence[Verdict],
    groups: Integers,
    resampler: Resampler,
    rng: np.random.Generator,
) -> TwoWay:
    answered = np.array([not verdict.abstained for verdict in verdicts])
    truth, scores = _is_supported(rows)[answered], _read_scores(verdicts)[answered]
    groups = np.unique(groups[answered], return_inverse=True)[1].astype(np.int64)
    called = np.array([verdict.label == "supported" for verdict in verdicts])[answered]
    decided = np.array([verdict.label != "uncertain" for verdict in verdicts])[answered]
    reached, thresholds = agreement.decide_out_of_fold(truth, scores, agreement.fold_by_group(groups, rng))
    count = agreement.count_groups(groups)
    reason = "the threshold cannot be fitted, because all or none of the other groups' rows are supported"
    if count == 1:
        reason = "there is only one group, so there is no other group to fit a threshold on"
    out_of_fold = agreement.jackknife(agreement.balanced_accuracy(truth, reached, groups), count)
    return TwoWay(
        rows=len(rows),
        supported=sum(row.label == "supported" for row in rows),
        auc=agreement.jackknife(agreement.auc(truth, scores, groups), count),
        balanced_accuracy=out_of_fold if thresholds or not count else Figure(None, reason=reason),
        thresholds=thresholds,
        as_decided=agreement.jackknife(agreement.balanced_accuracy(truth, called, groups, decided), count),
        undecided=len(rows) - int(decided.sum()),
        unanswered=len(rows) - truth.size,
        calibration_error=agreement.bootstrap(agreement.calibration_error(truth, scores, groups), count, resampler),
        bins=agreement.reliability(truth, scores),
    )


def _measure_three_way(rows: Sequence[LabelledPair], verdicts: Sequence[Verdict], groups: Integers) -> ThreeWay | None:
    present = {row.label for row in rows}
    if not {"contradicted", "absent"} <= present:
        return None
    # rows labelled unsupported get -1 and do not count; they stay in the arrays, so that groups keep their numbers
    truth = np.array([_THREE.index(row.label) if row.label in _THREE else -1 for row in rows])
    likeliest = np.array([_THREE.index(most_likely(verdict.probabilities)) for verdict in verdicts])
    decided = np.array([LABELS.index(verdict.label) for verdict in verdicts])
    classes = [number for number, label in enumerate(_THREE) if label in present]

    answered = np.where([verdict.abstained for verdict in verdicts], -1, truth)
    count = agreement.count_groups(groups)
    macro_f1, as_decided = (
        agreement.jackknife(agreement.macro_f1(true, np.where(true >= 0, called, -1), groups, classes), count)
        for true, called in ((answered, likeliest), (truth, decided))
    )
    confusion = {
        _THREE[number]: {label: int(((truth == number) & (decided == at)).sum()) for at, label in enumerate(LABELS)}
        for number in classes
    }
    return ThreeWay(int((truth >= 0).sum()), macro_f1, as_decided, confusion)


def _measure_levels(rows: Sequence[LabelledPair], verdicts: Sequence[Verdict], resampler: Resampler) -> Levels | None:
    groups, systems = [row.group for row in rows], [row.system for row in rows]
    if len(set(systems)) < _MIN_SYSTEMS:
        return None
    table = average_summaries(groups, systems, _is_supported(rows), _read_scores(verdicts))
    kinds = (agreement.pearson, agreement.spearman)
    by_summary = (measure_summaries(table, kind, resampler) for kind in kinds)
    by_system = (measure_systems(table, kind, resampler) for kind in kinds)
    return Levels(len(table.people), len(set(systems)), *by_summary, *by_system)


def measure_summaries(table: Summaries, correlation: agreement.Correlation, resampler: Resampler) -> Figure:
    """Correlate the systems' summaries within each group, and average over groups with a defined correlation."""
    correlations = agreement.correlations_by_article(table, correlation)
    correlations = correlations[np.isfinite(correlations)]
    if not correlations.size:
        return Figure(None, reason=f"no group has {_MIN_SYSTEMS} systems with different values")
    mean = agreement.share(correlations, np.arange(correlations.size))
    return agreement.bootstrap(mean, correlations.size, resampler, agreement.CORRELATION, "correlation")


def measure_systems(table: Summaries, correlation: agreement.Correlation, resampler: Resampler) -> Figure:
    """Correlate the systems' means over the groups."""
    if table.present.any(axis=0).sum() < _MIN_SYSTEMS:
        return Figure(None, reason=f"fewer than {_MIN_SYSTEMS} systems have values")
    measure = agreement.system_level(table, correlation)
    return agreement.bootstrap(measure, len(table.people), resampler, agreement.CORRELATION)


def average_summaries(
    groups: Sequence[str], systems: Sequence[str], people: Floats | Booleans, ours: Floats
) -> Summaries:
    """Average people's values and harness's (``ours``) by group and system. The arguments have one entry per label."""
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
