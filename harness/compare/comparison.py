"""Runs, systems, prompts or models side by side."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from harness.compare import run_differences
from harness.compare.leaderboards import Measurements, leaderboards
from harness.compare.ranking import ranking_metric
from harness.compare.result import UNDECIDED, Comparison, ComparisonOptions, RunDifferences
from harness.compare.sides import sides_of
from harness.compare.stored import StoredRun
from harness.compare.table import ScoreTable, of_scores
from harness.data.validation import suggest_name
from harness.document.labels import people_judged
from harness.errors import DataError, UsageError
from harness.files import show
from harness.records import Fact, Metric
from harness.stats.resampling import Resampler


class MeasuredDifferentlyError(UsageError):
    """Runs that were measured differently, and so are not compared unless that is allowed."""

    def __init__(self, first: str, differences: Sequence[str]) -> None:
        self.first, self.differences = first, tuple(differences)
        listed = "".join(f"  {each}\n" for each in differences)
        super().__init__(
            f"the runs were measured differently from {first}:\n{listed}score them again by one config "
            "(harness score RUN --config CONFIG), or, after facts, references or labels changed, each by its own "
            "(harness score --stale); or compare what they share with --allow-different"
        )


def compare(runs: Sequence[StoredRun], options: ComparisonOptions) -> Comparison:
    """What the options ask of the runs.

    UsageError or DataError where they were not measured alike, share no article, or come to fewer than two sides.
    """
    arranged = sides_of({run.name: run.manifest.systems for run in runs}, options.by)
    if options.by == "run":
        _check_against(options.against, [run.name for run in runs])
    contrasts = tuple(contrast(runs[0], run) for run in runs[1:])
    articles = shared_articles(runs)
    if not options.allow_different:
        refuse(runs, contrasts)
    metrics = chosen_metrics(runs, options.metrics)
    facts, unknown = runs[-1].facts if any(run.judged for run in runs) else ({}, None)
    tables = tuple(table_of(run, metrics, articles) for run in runs)
    measurements = Measurements(
        tables=tables,
        runs=tuple(runs),
        by=options.by,
        ranked_by=_ranked_by(metrics, options.metrics, tables),
        facts=facts,
        resampler=Resampler(options.seed, options.resamples),
    )
    return Comparison(
        runs={run.name: run.manifest for run in runs},
        by=options.by,
        articles=articles,
        metrics=metrics,
        ranked_by=measurements.ranked_by,
        leaderboards=leaderboards(measurements, arranged.groups, options.against),
        contrasts=contrasts,
        notes=(
            *arranged.left_out,
            *(reason for run in runs for reason in run.unknown_metrics),
            *filter(None, [unknown]),
        ),
        resamples=options.resamples,
        unreviewed=_unreviewed(facts, articles),
        people=" ".join(filter(None, [people_judged(run.people_judged for run in runs), *labelled_anew(runs)])),
    )


def _unreviewed(facts: Mapping[tuple[str, str], Fact], articles: Collection[str]) -> tuple[int, int]:
    shared = [fact for (article, _), fact in facts.items() if article in articles]
    return sum(fact.unreviewed for fact in shared), len(shared)


def shared_articles(runs: Sequence[StoredRun]) -> tuple[str, ...]:
    """The articles that all runs have, word for word; DataError where there are none."""
    first, *others = (run.manifest.articles for run in runs)
    shared = tuple(name for name, text in first.items() if all(other.get(name) == text for other in others))
    if not shared:
        each = "; ".join(f"{run.name}: {_first(list(run.manifest.articles))}" for run in runs)
        raise DataError(f"the runs have no article in common ({each}); run them on the same articles")
    return shared


def chosen_metrics(runs: Sequence[StoredRun], names: Sequence[str]) -> tuple[Metric, ...]:
    """The metrics that are asked for, or the headline metrics and what is undecided, of those that all runs have.

    UsageError where one is asked for that a run has not, and where they have none in common.
    """
    shared = {name: metric for name, metric in runs[0].metrics.items() if all(name in run.metrics for run in runs)}
    for name in names:
        if name not in shared:
            raise UsageError(f"there is no metric {name!r} in every run; {suggest_name(name, list(shared))}")
    chosen = [shared[name] for name in names] or [
        metric for metric in shared.values() if metric.headline or metric.name in UNDECIDED
    ]
    if not (chosen or shared):
        raise UsageError("the runs have no metric in common; score them again by one config: harness score RUN")
    return tuple(chosen or shared.values())


def table_of(run: StoredRun, metrics: Sequence[Metric], articles: Sequence[str]) -> ScoreTable:
    """The scores of a run on these articles; DataError, with the file's name, where they cannot be used."""
    wanted = set(articles)
    try:
        return of_scores([score for score in run.scores if score.article_id in wanted], metrics, articles)
    except DataError as error:
        raise DataError(f"{show(run.folder.scores.path)}: {error}") from None


def contrast(first: StoredRun, other: StoredRun) -> RunDifferences:
    """What differs between two runs."""
    before, after = first.manifest, other.manifest
    measures, causes = run_differences.measures(before, after), run_differences.causes(before, after)
    return RunDifferences(first.name, other.name, measures, causes)


def refuse(runs: Sequence[StoredRun], contrasts: Sequence[RunDifferences]) -> None:
    """MeasuredDifferentlyError that names the differences, where a run was not measured as the first was, or not by the
    labels that hold today."""
    wrong = [f"{each.run}: {each.in_words(difference)}" for each in contrasts for difference in each.measures]
    wrong += labelled_anew(runs)
    if wrong:
        raise MeasuredDifferentlyError(runs[0].name, wrong)


def labelled_anew(runs: Sequence[StoredRun]) -> list[str]:
    """A sentence for each run whose verdicts are by other labels than its scores."""
    return [f"{run.name}: people's labels have changed since it was scored." for run in runs if run.is_labelled_anew]


def _ranked_by(metrics: Sequence[Metric], named: Sequence[str], tables: Sequence[ScoreTable]) -> Metric | None:
    """The metric that says what is best: of metrics asked for by name, the first that has a direction.

    Elsewhere one that has a value, where any has.
    """
    directed = [metric for metric in metrics if metric.better != "neither"]
    if not named:
        directed = [each for each in directed if any(table.has_value(each.name) for table in tables)] or directed
    return (None if named else ranking_metric(directed)) or next(iter(directed), None)


def _check_against(name: str | None, runs: Sequence[str]) -> None:
    if name is not None and name not in runs:
        raise UsageError(f"--against: there is no run {name!r} here; {suggest_name(name, runs)}")


def _first(names: Sequence[str]) -> str:
    return f"{', '.join(names[:3])}{' …' if len(names) > 3 else ''}" if names else "none"
