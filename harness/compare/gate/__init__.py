"""Check a run against a baseline: which rule is broken, by which system, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from harness.compare.comparison import (
    contrast,
    find_shared_articles,
    list_changed_labels,
    require_same_measures,
    tabulate_run,
)
from harness.compare.gate.checks import (
    BASELINE,
    RUN,
    Margin,
    RuleOutcome,
    RunPair,
    check_contradictions,
    check_essential_facts,
    check_margin,
    check_missing_values,
    find_margins,
)
from harness.compare.gate.rules import LoadedRules
from harness.compare.result import RunDifferences
from harness.compare.stored import StoredRun, equalise_judges
from harness.compare.table import merge_sides
from harness.data.validation import suggest_name
from harness.errors import ConfigError, UsageError
from harness.stats import caution
from harness.stats.resampling import Resampler


@dataclass(frozen=True, slots=True)
class GateResult:
    run: str
    baseline: str
    rules: str
    articles: int
    outcomes: tuple[RuleOutcome, ...]
    """Sorted by rule, then by system."""
    strict: bool
    """True if undecided rules fail the gate."""
    contrast: RunDifferences
    cautions: tuple[str, ...]
    """Warnings about too few articles or changed labels, and a sentence that says whose verdicts count."""

    @property
    def failures(self) -> tuple[RuleOutcome, ...]:
        """The broken rules, then the undecided ones if ``strict``."""
        return self.of("broken") + (self.of("undecided") if self.strict else ())

    @property
    def passed(self) -> bool:
        return not self.failures

    def of(self, verdict: str) -> tuple[RuleOutcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.verdict == verdict)


def gate(run: StoredRun, baseline: StoredRun, loaded: LoadedRules, allow_different: bool = False) -> GateResult:
    """Check every rule for every system.

    Raises UsageError or DataError if the two runs were measured differently, share no article or lack a system of
    ``only``, and ConfigError if a rule names an unknown metric.
    """
    (baseline, run), people = equalise_judges((baseline, run))
    measured = contrast(baseline, run)
    articles = find_shared_articles([baseline, run])
    if not allow_different:
        # ignore scorers that only one run has: they change no shared metric, and a rule that needs one reports it
        both = {*baseline.manifest.scorers} & {*run.manifest.scorers}
        shared = tuple(each for each in measured.measures if each.kind != "scorers" or each.name.split()[0] in both)
        require_same_measures((baseline, run), [replace(measured, measures=shared)])
    pair = RunPair(run, baseline, articles, Resampler(0))
    margins, problems = find_margins(pair, loaded)
    if problems:
        raise ConfigError.of(problems)
    few = caution.for_comparison(len(articles)) or caution.for_one_system(len(articles))
    return GateResult(
        run=run.name,
        baseline=baseline.name,
        rules=loaded.source,
        articles=len(articles),
        outcomes=tuple(_check(pair, loaded, margins)),
        strict=loaded.rules.undecided == "fail",
        contrast=measured,
        cautions=tuple(filter(None, (few, people, *list_changed_labels((run, baseline))))),
    )


def _check(pair: RunPair, loaded: LoadedRules, margins: Sequence[Margin]) -> Iterator[RuleOutcome]:
    rules = loaded.rules
    baseline = [system.name for system in pair.baseline.manifest.systems]
    for name in rules.only:
        if name not in baseline:
            raise UsageError(f"the baseline has no system {name!r}; {suggest_name(name, baseline)}")
    wanted = [name for name in baseline if name in rules.only] if rules.only else baseline
    present = {system.name for system in pair.run.manifest.systems}
    systems = [name for name in wanted if name in present]
    for name in (name for name in wanted if name not in present):
        yield RuleOutcome("systems", name, "broken", "the run lacks this system; to leave it out, use --only")
    counts: tuple[tuple[int | None, Callable[[RunPair, str, int], RuleOutcome]], ...] = (
        (rules.essential_facts_lost, check_essential_facts),
        (rules.contradictions_added, check_contradictions),
        (rules.missing_values_added, check_missing_values),
    )
    for allowed, check in counts:
        if allowed is not None:
            yield from (check(pair, system, allowed) for system in systems)
    metrics = list(dict.fromkeys(margin.metric for margin in margins))
    tables = [tabulate_run(run, metrics, pair.articles) for run in (pair.run, pair.baseline)]
    by_system = {name: merge_sides(tables, {RUN: [(0, name)], BASELINE: [(1, name)]}) for name in systems}
    for margin in margins:
        yield from (check_margin(pair, margin, by_system[system], system) for system in systems)
