"""Hold a run against a baseline: which rule is broken, by which system, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from harness.compare.comparison import contrast, labelled_anew, refuse, shared_articles, table_of
from harness.compare.gate import words
from harness.compare.gate.checks import (
    BASELINE,
    RUN,
    Margin,
    contradictions,
    essential_facts,
    margins,
    missing_values,
    within_margin,
)
from harness.compare.gate.result import GateResult, RuleOutcome
from harness.compare.gate.rules import Ruling
from harness.compare.gate.run_pair import RunPair
from harness.compare.merged import merged
from harness.compare.result import RunDifferences
from harness.compare.stored import StoredRun
from harness.compare.table import ScoreTable
from harness.data.validation import suggest_name
from harness.document.labels import people_judged
from harness.errors import ConfigError, UsageError
from harness.stats import caution
from harness.stats.resampling import Resampler


def gate(run: StoredRun, baseline: StoredRun, ruling: Ruling, allow_different: bool = False) -> GateResult:
    """What the rules find.

    UsageError or DataError where the two were not measured alike or share no article; ConfigError where a rule names a
    system or a metric that is not there.
    """
    measured = contrast(baseline, run)
    articles = shared_articles([baseline, run])
    if not allow_different:
        refuse((baseline, run), [_without_extra_scorers(measured, baseline, run)])
    pair = RunPair(run, baseline, articles, Resampler(0))
    limits, problems = margins(pair, ruling)
    if problems:
        raise ConfigError.of(problems)
    judged = people_judged((run.people_judged, baseline.people_judged))
    few = caution.for_comparison(len(articles)) or caution.for_one_system(len(articles))
    return GateResult(
        run=run.name,
        baseline=baseline.name,
        rules=ruling.source,
        articles=len(articles),
        findings=tuple(_findings(pair, ruling, limits)),
        strict=ruling.rules.undecided == "fail",
        contrast=measured,
        cautions=tuple(filter(None, (few, judged, *labelled_anew((run, baseline))))),
    )


def _without_extra_scorers(differences: RunDifferences, baseline: StoredRun, run: StoredRun) -> RunDifferences:
    """A scorer that one of the two has beside the others changes no other number; a rule that needs it says so."""
    both = {*baseline.manifest.scorers} & {*run.manifest.scorers}
    kept = tuple(
        origin for origin in differences.measures if origin.kind != "scorers" or origin.name.partition(" ")[0] in both
    )
    return replace(differences, measures=kept)


def _findings(pair: RunPair, ruling: Ruling, limits: Sequence[Margin]) -> Iterator[RuleOutcome]:
    """Rule by rule, each over all systems."""
    rules = ruling.rules
    systems, missing = _systems(pair, rules.only)
    for name in missing:
        yield RuleOutcome("systems", name, "broken", words.SYSTEM_GONE)
    counts: tuple[tuple[int | None, Callable[[RunPair, str, int], RuleOutcome]], ...] = (
        (rules.essential_facts_lost, essential_facts),
        (rules.contradictions_added, contradictions),
        (rules.missing_values_added, missing_values),
    )
    for allowed, check in counts:
        if allowed is not None:
            yield from (check(pair, system, allowed) for system in systems)
    sides = _sides(pair, systems, limits)
    for margin in limits:
        yield from (within_margin(pair, margin, sides[system], system) for system in systems)


def _systems(pair: RunPair, only: Sequence[str]) -> tuple[list[str], list[str]]:
    """The systems to hold against each other, and those of the baseline that the run lacks."""
    baseline = [system.name for system in pair.baseline.manifest.systems]
    run = {system.name for system in pair.run.manifest.systems}
    for name in only:
        if name not in baseline:
            raise UsageError(f"the baseline has no system {name!r}; {suggest_name(name, baseline)}")
    wanted = [name for name in baseline if name in only or not only]
    return [name for name in wanted if name in run], [name for name in wanted if name not in run]


def _sides(pair: RunPair, systems: Sequence[str], limits: Sequence[Margin]) -> dict[str, ScoreTable]:
    """A table a system, of the metrics that have a margin."""
    metrics = list({margin.metric.name: margin.metric for margin in limits}.values())
    tables = [table_of(run, metrics, pair.articles) for run in (pair.baseline, pair.run)]
    return {system: merged(tables, {BASELINE: [(0, system)], RUN: [(1, system)]}) for system in systems}
