"""Check a run against a baseline: which rule is broken, by which system, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from harness.compare.comparison import (
    changed_labels,
    contrast,
    require_same_measures,
    shared_articles,
    tabulate_run,
)
from harness.compare.gate.checks import (
    BASELINE,
    RUN,
    Margin,
    check_contradictions,
    check_essential_facts,
    check_margin,
    check_missing_values,
    find_margins,
)
from harness.compare.gate.records import GateResult, RuleOutcome, RunPair
from harness.compare.gate.rules import Ruling
from harness.compare.result import RunDifferences
from harness.compare.stored import StoredRun, like_with_like
from harness.compare.table import ScoreTable, merge_sides
from harness.data.validation import suggest_name
from harness.errors import ConfigError, UsageError
from harness.stats import caution
from harness.stats.resampling import Resampler


def gate(run: StoredRun, baseline: StoredRun, ruling: Ruling, allow_different: bool = False) -> GateResult:
    """Check every rule for every system.

    UsageError or DataError if the two were measured differently or share no article; ConfigError if a rule names an
    unknown system or metric.
    """
    (baseline, run), people = like_with_like((baseline, run))
    measured = contrast(baseline, run)
    articles = shared_articles([baseline, run])
    if not allow_different:
        require_same_measures((baseline, run), [_without_extra_scorers(measured, baseline, run)])
    pair = RunPair(run, baseline, articles, Resampler(0))
    margins, problems = find_margins(pair, ruling)
    if problems:
        raise ConfigError.of(problems)
    few = caution.for_comparison(len(articles)) or caution.for_one_system(len(articles))
    return GateResult(
        run=run.name,
        baseline=baseline.name,
        rules=ruling.source,
        articles=len(articles),
        outcomes=tuple(_check(pair, ruling, margins)),
        strict=ruling.rules.undecided == "fail",
        contrast=measured,
        cautions=tuple(filter(None, (few, people, *changed_labels((run, baseline))))),
    )


def _without_extra_scorers(differences: RunDifferences, baseline: StoredRun, run: StoredRun) -> RunDifferences:
    """A scorer that only one run has changes no other number; a rule that needs it reports it."""
    both = {*baseline.manifest.scorers} & {*run.manifest.scorers}
    measures = tuple(each for each in differences.measures if each.kind != "scorers" or each.name.split()[0] in both)
    return replace(differences, measures=measures)


def _check(pair: RunPair, ruling: Ruling, margins: Sequence[Margin]) -> Iterator[RuleOutcome]:
    """Rule by rule, each for all systems."""
    rules = ruling.rules
    systems, missing = _systems(pair, rules.only)
    for name in missing:
        yield RuleOutcome("systems", name, "broken", "the run lacks this system; to leave it out, use --only")
    counts: tuple[tuple[int | None, Callable[[RunPair, str, int], RuleOutcome]], ...] = (
        (rules.essential_facts_lost, check_essential_facts),
        (rules.contradictions_added, check_contradictions),
        (rules.missing_values_added, check_missing_values),
    )
    for allowed, check in counts:
        if allowed is not None:
            yield from (check(pair, system, allowed) for system in systems)
    tables = _tabulate(pair, systems, margins)
    for margin in margins:
        yield from (check_margin(pair, margin, tables[system], system) for system in systems)


def _systems(pair: RunPair, only: Sequence[str]) -> tuple[list[str], list[str]]:
    """The systems to check, and those of the baseline that the run lacks."""
    baseline = [system.name for system in pair.baseline.manifest.systems]
    run = {system.name for system in pair.run.manifest.systems}
    for name in only:
        if name not in baseline:
            raise UsageError(f"the baseline has no system {name!r}; {suggest_name(name, baseline)}")
    wanted = [name for name in baseline if name in only] if only else baseline
    return [name for name in wanted if name in run], [name for name in wanted if name not in run]


def _tabulate(pair: RunPair, systems: Sequence[str], margins: Sequence[Margin]) -> dict[str, ScoreTable]:
    """For each system, its scores of the metrics with a margin, with the sides ``RUN`` and ``BASELINE``."""
    metrics = list(dict.fromkeys(margin.metric for margin in margins))
    tables = [tabulate_run(run, metrics, pair.articles) for run in (pair.run, pair.baseline)]
    return {name: merge_sides(tables, {RUN: [(0, name)], BASELINE: [(1, name)]}) for name in systems}
