"""Compare a run's metrics with people's ratings of its summaries, and estimate the mean rating of all summaries.

Two correlations are usual (Fabbri et al. 2021): by summary (across the systems of each article, then averaged over the
articles) and by system (of the systems' means). If a rubric's criterion has the name and the scale of a column, the
ratings can correct its means (prediction-powered inference, see ``stats/ppi.py``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import numpy as np

from harness.data.ratings import RatedSummary, Ratings
from harness.document import format as fmt
from harness.document.blocks import Block, Cell, Document, Heading, Table, sentences
from harness.document.notes import Notes
from harness.errors import UsageError
from harness.records import Metric, Place, Results
from harness.scorers.rubric import Rubric
from harness.stats import agreement, kappa
from harness.stats.agreement import Figure, Summaries
from harness.stats.ppi import PredictionPowered, estimate
from harness.stats.resampling import Resampler
from harness.trust.judgements import measure_summaries, measure_systems

Scores = Mapping[str, Mapping[Place, float]]
"""Values by metric and summary."""


@dataclass(frozen=True, slots=True)
class MetricAgreement:
    """The agreement of a metric with one column of ratings; lower-is-better metrics have their sign reversed."""

    metric: Metric
    summaries: int
    by_summary: Figure
    by_system: Figure


@dataclass(frozen=True, slots=True)
class MeanEstimate:
    """A system's mean rating, on the scale of the ratings: from the judge, from people, and from both."""

    system: str
    shares: PredictionPowered
    rated: int
    summaries: int


@dataclass(frozen=True, slots=True)
class ColumnAgreement:
    """One column of ratings."""

    column: str
    summaries: int
    annotators: int
    """The largest number of ratings of one summary."""
    alpha: Figure | None
    """Krippendorff's alpha of the annotators; None if every summary has one rating."""
    metrics: tuple[MetricAgreement, ...]
    rubric: Metric | None = None
    """The metric of the rubric's criterion that has the column's name and scale."""
    means: tuple[MeanEstimate, ...] = ()
    off_scale: str = ""
    """Why the ratings cannot correct a criterion with the column's name."""


@dataclass(frozen=True, slots=True)
class RatingAgreement:
    """The agreement of a run with a file of ratings."""

    file: str
    columns: tuple[ColumnAgreement, ...]
    unknown: tuple[Place, ...]
    """Rated summaries that the run does not have."""
    changed: tuple[Place, ...]
    """Summaries whose text differs from the rated text."""
    ignored: Mapping[str, str]


def measure_ratings(results: Results, ratings: Ratings, file: str, seed: int) -> RatingAgreement:
    """Compare the scores of a run with people's ratings; UsageError if they share no summary."""
    texts = {summary.place: summary.text for summary in results.summaries}
    unknown = [each.place for each in ratings.summaries if each.place not in texts]
    changed = [each.place for each in ratings.summaries if each.place in texts and _is_other(each, texts[each.place])]
    left_out = {*unknown, *changed}
    rated = [each for each in ratings.summaries if each.place not in left_out]
    if not rated:
        raise UsageError(_explain_nothing(results, file, unknown, changed))
    metrics = [metric for metric in results.metrics if metric.headline and metric.better != "neither"]
    scores: dict[str, dict[Place, float]] = {metric.name: {} for metric in metrics}
    for score in results.scores:
        if score.metric in scores and score.value is not None:
            scores[score.metric][Place(score.system, score.article_id, score.sample)] = score.value
    resampler = Resampler(seed, agreement.RESAMPLES)
    columns = tuple(
        _measure_column(results, column, {each.place: each.ratings[column] for each in rated if each.ratings[column]},
                        scores, resampler)
        for column in ratings.columns
    )  # fmt: skip  # one call
    return RatingAgreement(file, columns, tuple(unknown), tuple(changed), ratings.ignored)


def _is_other(rated: RatedSummary, text: str | None) -> bool:
    return rated.text is not None and (text is None or rated.text.split() != text.split())


def _explain_nothing(results: Results, file: str, unknown: Sequence[Place], changed: Sequence[Place]) -> str:
    if changed:
        place = changed[0]
        return f"{file} rates texts that differ from the run's (first: {place.system}, article {place.article_id})"
    place, systems = unknown[0], [system.name for system in results.manifest.systems]
    articles = fmt.listed(list(results.manifest.articles)[:3])
    return (
        f"{file} rates no summary of this run; its first row names system {place.system!r}, article "
        f"{place.article_id!r}; the run has the systems {fmt.listed(systems)}, and articles such as {articles}"
    )


def _measure_column(
    results: Results, column: str, ratings: Mapping[Place, Sequence[float]], scores: Scores, resampler: Resampler
) -> ColumnAgreement:
    people = {place: fmean(given) for place, given in ratings.items()}
    annotators = max((len(given) for given in ratings.values()), default=0)
    metrics = [metric for metric in results.metrics if metric.name in scores]
    measured = ColumnAgreement(
        column=column,
        summaries=len(ratings),
        annotators=annotators,
        alpha=_measure_alpha(ratings) if annotators > 1 else None,
        metrics=tuple(_measure_metric(metric, people, scores[metric.name], resampler) for metric in metrics),
    )
    rubric, scale = next(_find_criteria(results, column), (None, (0.0, 0.0)))
    if rubric is None:
        return measured
    low, high = scale
    given = [rating for each in ratings.values() for rating in each]
    if min(given) < low or max(given) > high:
        ends = f"from {min(given):g} to {max(given):g}, and {rubric.name} from {low:g} to {high:g}"
        return replace(measured, off_scale=f"{column} is rated {ends}, so their means cannot be combined")
    means = tuple(
        _estimate_mean(system.name, people, scores[rubric.name], scale)
        for system in results.manifest.systems
        if any(place.system == system.name for place in scores[rubric.name])
    )
    return replace(measured, rubric=rubric, means=means)


def _measure_alpha(ratings: Mapping[Place, Sequence[float]]) -> Figure:
    table = np.full((len(ratings), max(map(len, ratings.values()))), np.nan)
    for row, given in enumerate(ratings.values()):
        table[row, : len(given)] = given
    groups = agreement.numbered([place.article_id for place in ratings])
    return kappa.figure(kappa.krippendorff_interval(table, groups), agreement.group_count(groups), "article")


def _measure_metric(
    metric: Metric, people: Mapping[Place, float], ours: Mapping[Place, float], resampler: Resampler
) -> MetricAgreement:
    both = [place for place in people if place in ours]
    if not both:
        nothing = Figure(None, reason=f"no rated summary has a value for {metric.title}")
        return MetricAgreement(metric, 0, nothing, nothing)
    table = _tabulate(both, people, ours, -1 if metric.better == "lower" else 1)
    return MetricAgreement(
        metric,
        len(both),
        measure_summaries(table, agreement.spearman, resampler),
        measure_systems(table, agreement.spearman, resampler),
    )


def _tabulate(
    places: Sequence[Place], people: Mapping[Place, float], ours: Mapping[Place, float], sign: int
) -> Summaries:
    """Tabulate articles × systems; several samples of an article are averaged."""
    articles = agreement.numbered([place.article_id for place in places])
    systems = agreement.numbered([place.system for place in places])
    shape = (agreement.group_count(articles), agreement.group_count(systems))
    count, rated, scored = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for place, article, system in zip(places, articles, systems, strict=True):
        count[article, system] += 1
        rated[article, system] += people[place]
        scored[article, system] += sign * ours[place]
    return Summaries(rated / np.maximum(count, 1), scored / np.maximum(count, 1), count > 0)


def _find_criteria(results: Results, column: str) -> Iterator[tuple[Metric, tuple[float, float]]]:
    """Find rubric criteria with this name: their metrics, and the ends of their scales."""
    metrics = {metric.name: metric for metric in results.metrics}
    scorers = results.manifest.config.get("scorers")
    for entry in scorers if isinstance(scorers, list) else ():
        if isinstance(entry, dict) and entry.get("kind") == "rubric":
            rubric = Rubric.model_validate({name: value for name, value in entry.items() if name != "kind"})
            for criterion in rubric.criteria:
                if criterion.name == column.casefold() and (metric := metrics.get(rubric.metric_name(criterion))):
                    yield metric, (float(criterion.scale[0]), float(criterion.scale[-1]))


def _estimate_mean(
    system: str, people: Mapping[Place, float], ours: Mapping[Place, float], scale: tuple[float, float]
) -> MeanEstimate:
    low, high = scale
    places = [place for place in ours if place.system == system]
    samples: dict[str, int] = defaultdict(int)
    for place in places:
        samples[place.article_id] += 1

    def share(value: float) -> float:
        return (value - low) / (high - low)

    def back(figure: Figure) -> Figure:
        ends = (figure.value, figure.low, figure.high)
        value, below, above = (None if end is None else low + end * (high - low) for end in ends)
        return Figure(value, below, above, figure.reason)

    human = [share(people[place]) if place in people else None for place in places]
    found = estimate(
        [share(ours[place]) for place in places],
        human,
        [place.article_id for place in places],
        [1 / samples[place.article_id] for place in places],
    )
    shares = PredictionPowered(back(found.automatic), back(found.human), back(found.combined), found.weight)
    return MeanEstimate(system, shares, sum(each is not None for each in human), len(places))


# The report -----------------------------------------------------------------------------------------------------------


def document(measured: RatingAgreement) -> Document:
    blocks: list[Block] = []
    for column in measured.columns:
        blocks += _show_column(column)
    return Document(
        "Agreement with people's ratings",
        measured.file,
        answer=tuple(_describe(measured)),
        cautions=tuple(_warn(measured)),
        blocks=tuple(blocks),
    )


def _describe(measured: RatingAgreement) -> Iterator[str]:
    names = fmt.listed([column.column for column in measured.columns])
    yield f"{fmt.plural(max(column.summaries for column in measured.columns), 'summary')} rated on {names}."
    yield (
        "By summary: Spearman's ρ with people's ratings across the systems of an article, averaged over articles. By "
        "system: ρ of the systems' means. 1 is people's order, 0 is no relation; a lower-is-better metric counts "
        "with its sign reversed. In brackets: 95% intervals over articles."
    )


def _warn(measured: RatingAgreement) -> Iterator[str]:
    for places, why in (
        (measured.unknown, "that this run does not have"),
        (measured.changed, "whose text has changed since it was rated"),
    ):
        if places:
            number = fmt.plural(len(places), "rated summary")
            yield f"Left out: {number} {why} (first: {places[0].system}, article {places[0].article_id})."
    yield from (f"The column {name} is not used: it holds {why}." for name, why in measured.ignored.items())


def _show_column(column: ColumnAgreement) -> Iterator[Block]:
    yield Heading(column.column)
    if column.alpha is not None:
        alpha = Notes().estimate(column.alpha)
        text = f"Up to {column.annotators} ratings of a summary; Krippendorff's α for scales: {alpha.text}"
        yield from sentences([" ".join(filter(None, [text, alpha.interval])) + "."], "quiet")
    notes = Notes(figure.reason for each in column.metrics for figure in (each.by_summary, each.by_system))
    rows: list[list[str | Cell]] = [
        [each.metric.title, f"{each.summaries:,}", notes.estimate(each.by_summary), notes.estimate(each.by_system)]
        for each in column.metrics
    ]
    heads = ("metric", "summaries", "by summary", "by system")
    yield Table.of(heads, rows, caption=_explain_gap(notes), notes=notes.texts)
    if column.off_scale:
        yield from sentences([f"{column.off_scale}."], "quiet")
    if column.rubric is not None:
        yield from _show_means(column, column.rubric)


def _show_means(column: ColumnAgreement, rubric: Metric) -> Iterator[Block]:
    kinds = [(each, (each.shares.automatic, each.shares.human, each.shares.combined)) for each in column.means]
    notes = Notes(figure.reason for _, figures in kinds for figure in figures)
    rows: list[list[str | Cell]] = [
        [each.system, *(notes.estimate(figure) for figure in figures), f"{each.rated:,} of {each.summaries:,}"]
        for each, figures in kinds
    ]
    title = f"{rubric.title}: the mean that people would give"
    heads = ("", "judge alone", "people alone", "both", "rated")
    yield Table.of(heads, rows, title=title, caption=_explain_gap(notes), notes=notes.texts)
    if any(each.rated < each.summaries for each in column.means):
        text = (
            "“Both” corrects the judge by the ratings (prediction-powered inference). It holds for the whole run only "
            "if the rated summaries are a random sample of it."
        )
        yield from sentences([text], "quiet")


def _explain_gap(notes: Notes) -> str:
    """Say why no cell of a table has an interval, if all have the same reason."""
    return f"No interval: {notes.shared}." if notes.shared else ""
