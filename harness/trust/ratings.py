"""Compare a run's metrics with people's ratings of its summaries, and estimate the mean rating of all summaries.

Each metric has two correlations with the ratings (Fabbri et al. 2021): by summary (across the systems of an article,
averaged over articles) and by system (of the systems' means). If a rubric has a criterion with the name and the scale
of a column, the ratings correct the judge's means (prediction-powered inference, see ``stats/ppi.py``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest
from statistics import fmean

import numpy as np

from harness.data.ratings import RatedSummary, Ratings
from harness.document import format as fmt
from harness.document.blocks import Block, Cell, Document, Heading, Notes, Paragraph, Table, make_paragraphs
from harness.errors import UsageError
from harness.records import Metric, Place, Results, Summary
from harness.scorers.rubric import Rubric
from harness.stats import agreement, kappa
from harness.stats.agreement import Figure
from harness.stats.ppi import estimate
from harness.stats.resampling import Resampler
from harness.trust.estimates import SystemEstimate, list_scorer_options, make_cell, tabulate_estimates
from harness.trust.judgements import average_summaries, measure_summaries, measure_systems

_UNKNOWN, _CHANGED = "that this run does not have", "whose text has changed since it was rated"
"""Why a rated summary is left out."""


@dataclass(frozen=True, slots=True)
class MetricAgreement:
    """The correlations of a metric with one column of ratings; the sign of a lower-is-better metric is reversed."""

    metric: Metric
    summaries: int
    by_summary: Figure
    by_system: Figure


@dataclass(frozen=True, slots=True)
class ColumnAgreement:
    column: str
    summaries: int
    annotators: int
    """The largest number of ratings of one summary."""
    alpha: Figure | None
    """Krippendorff's alpha of the annotators; None if every summary has one rating."""
    metrics: tuple[MetricAgreement, ...]
    means: tuple[SystemEstimate, ...]
    """The mean ratings of the systems, for each rubric's criterion with the column's name and scale."""
    off_scale: tuple[str, ...]
    """Why the ratings cannot correct the means of a criterion with the column's name."""


@dataclass(frozen=True, slots=True)
class RatingAgreement:
    file: str
    columns: tuple[ColumnAgreement, ...]
    cautions: tuple[str, ...]
    """Sentences that say which rated summaries and which columns are left out, and why."""


def measure_ratings(results: Results, ratings: Ratings, file: str, seed: int) -> RatingAgreement:
    """Compare the scores of a run with people's ratings.

    Raises UsageError if they share no summary, or if ratings do not say which of several samples they rate.
    """
    rated, left_out = _find_summaries(results.summaries, ratings, file)
    cautions = [
        f"Left out: {fmt.plural(len(rows), 'rated summary')} {why} (first: {rows[0].system}, article "
        f"{rows[0].article_id})."
        for why, rows in left_out.items()
    ]
    if not rated:
        systems = fmt.join_words([system.name for system in results.manifest.systems])
        articles = fmt.join_words(list(results.manifest.articles)[:3])
        raise UsageError(
            f"{file} rates no summary of this run. {' '.join(cautions)} The run has the systems {systems}, and "
            f"articles such as {articles}. Correct the names in the file, or name the run that was rated"
        )
    metrics = [metric for metric in results.metrics if metric.headline and metric.better != "neither"]
    scores: dict[str, dict[Place, float]] = {metric.name: {} for metric in metrics}
    for score in results.scores:
        if score.metric in scores and score.value is not None:
            scores[score.metric][score.place] = score.value
    scored = [(metric, scores[metric.name]) for metric in metrics]
    cautions += [f"The column {name} is not used: it holds {why}." for name, why in ratings.ignored.items()]
    resampler = Resampler(seed, agreement.RESAMPLES)
    columns = []
    for column in ratings.columns:
        people = (
            (at, [rating for each in rows for rating in each.ratings[column]]) for at, rows in sorted(rated.items())
        )
        if given := {place: numbers for place, numbers in people if numbers}:
            columns.append(_measure_column(results, column, given, scored, resampler))
        else:
            remedy = "Rate some, or name the other columns with --column."
            cautions.append(f"The column {column} is not used: it rates no summary of this run. {remedy}")
    if not columns:
        raise UsageError(
            f"{file} has no ratings of the run's summaries; write numbers, in one column for each criterion"
        )
    return RatingAgreement(file, tuple(columns), tuple(cautions))


def _find_summaries(
    summaries: Iterable[Summary], ratings: Ratings, file: str
) -> tuple[Mapping[Place, list[RatedSummary]], Mapping[str, list[RatedSummary]]]:
    """Return the ratings by summary of the run, and the ratings that are left out, by reason."""
    made: dict[tuple[str, str], list[Summary]] = defaultdict(list)
    for summary in summaries:
        made[summary.system, summary.article_id].append(summary)
    left_out: dict[str, list[RatedSummary]] = defaultdict(list)
    rated: dict[Place, list[RatedSummary]] = defaultdict(list)  # some rows may have the summary's text and others not
    for each in ratings.summaries:
        samples = [one for one in made[each.system, each.article_id] if each.sample in (None, one.sample)]
        same = [one.place for one in samples if each.text is None or each.text.split() == (one.text or "").split()]
        if len(same) > 1 and each.text is None:
            raise UsageError(
                f"{file} does not say which of the {len(same)} samples of {each.system}, article {each.article_id}, it "
                "rates; add a column sample (0 for the first) or summary (the text that was rated)"
            )
        if not same:
            left_out[_CHANGED if samples else _UNKNOWN].append(each)
        for place in same:  # several samples may have the same text
            rated[place].append(each)
    return rated, left_out


def _measure_column(
    results: Results,
    column: str,
    ratings: Mapping[Place, Sequence[float]],
    scored: Sequence[tuple[Metric, Mapping[Place, float]]],
    resampler: Resampler,
) -> ColumnAgreement:
    people = {place: fmean(given) for place, given in ratings.items()}
    annotators = max(map(len, ratings.values()))
    means, off_scale = list[SystemEstimate](), list[str]()
    for metric, ours in scored:
        if (scale := _find_scale(results, metric, column)) is None:
            continue
        low, high = scale
        given = [rating for of_summary in ratings.values() for rating in of_summary]
        least, most = min(given), max(given)
        if least < low or most > high:
            off_scale.append(
                f"{column} is rated from {least:g} to {most:g}, and {metric.name} from {low:g} to {high:g}, so their "
                "means cannot be combined"
            )
        else:
            means += [
                _estimate_mean(system.name, metric, people, ours, scale)
                for system in results.manifest.systems
                if any(place.system == system.name for place in ours)
            ]
    return ColumnAgreement(
        column=column,
        summaries=len(ratings),
        annotators=annotators,
        alpha=_measure_alpha(ratings) if annotators > 1 else None,
        metrics=tuple(_measure_metric(metric, people, ours, resampler) for metric, ours in scored),
        means=tuple(means),
        off_scale=tuple(off_scale),
    )


def _measure_alpha(ratings: Mapping[Place, Sequence[float]]) -> Figure:
    several = {place: given for place, given in ratings.items() if len(given) > 1}
    table = np.array([*zip_longest(*several.values(), fillvalue=np.nan)]).T
    groups = agreement.number_groups([place.article_id for place in several])
    measure = kappa.krippendorff_interval(table, groups)
    return agreement.jackknife(measure, agreement.count_groups(groups), agreement.CORRELATION, "article")


def _measure_metric(
    metric: Metric, people: Mapping[Place, float], ours: Mapping[Place, float], resampler: Resampler
) -> MetricAgreement:
    both = [place for place in people if place in ours]
    if not both:
        nothing = Figure(None, reason=f"no rated summary has a value for {metric.title}")
        return MetricAgreement(metric, 0, nothing, nothing)
    sign = -1 if metric.better == "lower" else 1
    table = average_summaries(
        [place.article_id for place in both],
        [place.system for place in both],
        np.array([people[place] for place in both]),
        np.array([sign * ours[place] for place in both]),
    )
    by_summary = measure_summaries(table, agreement.spearman, resampler)
    return MetricAgreement(metric, len(both), by_summary, measure_systems(table, agreement.spearman, resampler))


def _find_scale(results: Results, metric: Metric, column: str) -> tuple[float, float] | None:
    """Return the ends of the scale if the metric is a rubric's criterion with the column's name."""
    for rubric in map(Rubric.model_validate, list_scorer_options(results, "rubric")):
        for criterion in rubric.criteria:
            if metric.name == f"{rubric.name}.{criterion.name}" and criterion.name == column.casefold():
                return min(criterion.anchors), max(criterion.anchors)
    return None


def _estimate_mean(
    system: str, rubric: Metric, people: Mapping[Place, float], ours: Mapping[Place, float], scale: tuple[float, float]
) -> SystemEstimate:
    places = [place for place in ours if place.system == system]
    articles = [place.article_id for place in places]
    samples = Counter(articles)
    human, automatic = [people.get(place) for place in places], [ours[place] for place in places]
    means = estimate(automatic, human, articles, [1 / samples[article] for article in articles], scale)
    return SystemEstimate(system, rubric, means, sum(each is not None for each in human), len(places))


# The report -----------------------------------------------------------------------------------------------------------


def document(measured: RatingAgreement) -> Document:
    names = fmt.join_words([column.column for column in measured.columns])
    rated = f"{fmt.plural(max(column.summaries for column in measured.columns), 'summary')} rated on {names}."
    how = (
        "By summary: Spearman's ρ with people's ratings across the systems of an article, averaged over the articles "
        "where both vary. By system: ρ of the systems' means. 1 means the same order, 0 no relation; the sign of a "
        "lower-is-better metric is reversed. In brackets: 95% intervals over articles."
    )
    return Document(
        "Agreement with people's ratings",
        measured.file,
        answer=(rated, how),
        cautions=measured.cautions,
        blocks=tuple(block for column in measured.columns for block in _show_column(column)),
    )


def _show_column(column: ColumnAgreement) -> Iterator[Block]:
    yield Heading(column.column)
    if column.alpha is not None:
        alpha = make_cell(column.alpha, Notes())
        value = f"{alpha.text} {alpha.interval or f'({column.alpha.reason})'}"
        text = f"Up to {column.annotators} ratings of a summary; Krippendorff's α for interval data: {value}."
        yield Paragraph(text, "quiet")
    notes = Notes(figure.reason for each in column.metrics for figure in (each.by_summary, each.by_system))
    rows: list[list[str | Cell]] = [
        [each.metric.title, f"{each.summaries:,}", make_cell(each.by_summary, notes), make_cell(each.by_system, notes)]
        for each in column.metrics
    ]
    yield Table.of(("metric", "summaries", "by summary", "by system"), rows, caption=notes.caption, notes=notes.texts)
    yield from make_paragraphs([f"{reason}." for reason in column.off_scale], "quiet")
    for metric, means in groupby(column.means, key=lambda each: each.metric):
        name = f" ({metric.name})" if column.means[-1].metric != column.means[0].metric else ""
        title = f"{metric.title}{name}: the mean that people would give"
        yield tabulate_estimates(("", "judge alone", "people alone", "both", "rated"), tuple(means), title)
    if any(each.labelled < each.total for each in column.means):
        text = (
            "“Both” uses the ratings to correct the judge (prediction-powered inference). It holds for the whole run "
            "only if the rated summaries are a random sample of the run."
        )
        yield Paragraph(text, "quiet")
