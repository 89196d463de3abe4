"""Check a run against a baseline with rules, one system at a time.

Three rules limit counts: essential facts lost, facts newly contradicted, missing values. The rules for metrics, latency
and cost have a margin, which is compared with the interval of the difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from harness.compare.changes import FactKey, FactVerdicts, compare_facts, count_verdicts, describe_verdicts, share
from harness.compare.gate.rules import LoadedRules, Margin
from harness.compare.run_differences import RunDifferences, require_same_measures, warn_of_changed_labels
from harness.compare.stored import BriefCheck, StoredRun, find_shared_articles, group_by_system, use_same_judges
from harness.compare.table import NO_SCORE, ScoreTable, merge_sides
from harness.data.validation import suggest_name
from harness.document import format as fmt
from harness.document.labels import fact_name
from harness.errors import ConfigError, UsageError
from harness.files import as_argument, show
from harness.records import Fact, Metric
from harness.stats import caution
from harness.stats.paired import compare_all, judge_margin
from harness.stats.resampling import Resampler

RuleVerdict = Literal["held", "broken", "undecided", "not checked"]

_ROUNDING = 1e-9  # sums of shares that differ by less count as equal
_REASONS = 3  # maximum number of reasons to name
_FACTS = 20  # maximum number of facts to name
_RUN, _BASELINE = "run", "baseline"


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    rule: str
    """The key of the rule, e.g. ``metrics.fact_recall``."""
    system: str
    verdict: RuleVerdict
    reason: str
    details: tuple[str, ...] = ()


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
    differences: RunDifferences
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

    Raises UsageError or DataError if the two runs were measured differently or share no article, or if the baseline
    lacks a system that ``only`` names, and ConfigError if a rule names an unknown metric.
    """
    (baseline, run), people = use_same_judges((baseline, run))
    differences = RunDifferences.of(baseline, run)
    articles = find_shared_articles([baseline, run])
    if not allow_different:
        # ignore scorers that only one run has: they change no shared metric, and a rule that needs them says so
        alone = baseline.manifest.scorers.keys() ^ run.manifest.scorers.keys()
        shared = tuple(each for each in differences.measures if each.kind != "scorers" or each.name not in alone)
        require_same_measures((baseline, run), [replace(differences, measures=shared)])
    few = caution.warn_about_comparison(len(articles)) or caution.warn_about_one_system(len(articles))
    return GateResult(
        run=run.name,
        baseline=baseline.name,
        rules=loaded.source,
        articles=len(articles),
        outcomes=tuple(_check(_RunPair(run, baseline, articles), loaded)),
        strict=loaded.rules.undecided == "fail",
        differences=differences,
        cautions=tuple(filter(None, (few, people, *warn_of_changed_labels((run, baseline))))),
    )


def _check(pair: _RunPair, loaded: LoadedRules) -> Iterator[RuleOutcome]:
    rules, margins = loaded.rules, _find_margins(pair, loaded)
    baseline = [system.name for system in pair.baseline.manifest.systems]
    for name in rules.only:
        if name not in baseline:
            raise UsageError(f"the baseline has no system {name!r}; {suggest_name(name, baseline)}")
    wanted = [name for name in baseline if name in rules.only] if rules.only else baseline
    present = {system.name for system in pair.run.manifest.systems}
    systems = [name for name in wanted if name in present]
    for name in wanted:
        if name not in present:
            reason = "the run lacks this system; to leave it out, name the others with --only"
            yield RuleOutcome("systems", name, "broken", reason)
    new = [] if rules.only else sorted(present.difference(baseline))
    for name in new:
        reason = "the baseline lacks this system; to check it, make a new baseline"
        yield RuleOutcome("systems", name, "not checked", reason)
    for allowed, check in (
        (rules.essential_facts_lost, _check_essential_facts),
        (rules.contradictions_added, _check_contradictions),
        (rules.missing_values_added, _check_missing_values),
    ):
        if allowed is not None:
            yield from (check(pair, system, allowed) for system in systems)
    names = dict.fromkeys(margin.metric for margin in margins)
    metrics = [pair.metrics[name] for name in names if name in pair.metrics]
    tables = {
        _RUN: pair.run.tabulate(metrics, pair.articles),
        _BASELINE: pair.baseline.tabulate(metrics, pair.articles),
    }
    for margin in margins:
        yield from (_check_margin(pair, margin, tables, system) for system in systems)


@dataclass(frozen=True)
class _RunPair:
    run: StoredRun
    baseline: StoredRun
    articles: tuple[str, ...]

    @cached_property
    def metrics(self) -> Mapping[str, Metric]:
        """The metrics that both runs have, by name."""
        return {name: metric for name, metric in self.run.metrics.items() if name in self.baseline.metrics}

    @cached_property
    def facts(self) -> Mapping[tuple[str, str], Fact]:
        """The current facts by (article id, fact id); raise UsageError if they cannot be read."""
        facts, unknown = self.run.facts
        if unknown:
            raise UsageError(f"{unknown}; a gate needs the articles to know which facts are essential")
        return facts

    @cached_property
    def fact_verdicts(self) -> Mapping[str, list[FactVerdicts]]:
        """System → the baseline's verdicts on facts, and the run's."""
        systems = {system.name for run in (self.baseline, self.run) for system in run.manifest.systems}
        verdicts = [group_by_system(run.verdicts, self.articles) for run in (self.baseline, self.run)]
        return {name: [count_verdicts(by_system.get(name, ())) for by_system in verdicts] for name in systems}

    @cached_property
    def missing(self) -> list[Mapping[str, Mapping[str, float]]]:
        """For the baseline and then the run: system → reason → number of missing values and verdicts."""
        return [_count_missing(run, self.articles, self.metrics) for run in (self.baseline, self.run)]


# Counts ---------------------------------------------------------------------------------------------------------------


def _check_essential_facts(pair: _RunPair, system: str, allowed: int) -> RuleOutcome:
    """Count the essential facts that the run keeps in a smaller share of its samples than the baseline.

    A fact without any verdict counts as lost. Otherwise ``missing_values_added`` limits samples without a verdict.
    """
    before, after = pair.fact_verdicts[system]
    essential = {place for place, fact in pair.facts.items() if fact.importance == "essential"}
    kept = [key for key in before if before[key]["supported"] and (key.article, key.fact) in essential]
    if not kept:
        reason = "the baseline keeps no essential fact" if essential else "the articles have no essential facts"
        return RuleOutcome("essential_facts_lost", system, "not checked", reason)
    lost = [key for key in kept if share(after.get(key), "supported") < share(before[key], "supported")]
    facts = fmt.plural(len(kept), "essential fact")
    needed = max(0, len(kept) - allowed)
    reason = f"keeps {len(kept) - len(lost)} of {facts} that the baseline keeps; must keep {needed}"
    verdict: RuleVerdict = "broken" if len(lost) > allowed else "held"
    return RuleOutcome("essential_facts_lost", system, verdict, reason, _describe_facts(pair, system, lost))


def _check_contradictions(pair: _RunPair, system: str, allowed: int) -> RuleOutcome:
    """Count the facts that the run contradicts in more samples than the baseline.

    A contradiction that disappeared does not offset a new one.
    """
    before, after = pair.fact_verdicts[system]
    shared = [key for key in before if key in after]
    if not shared:
        return RuleOutcome("contradictions_added", system, "not checked", "no fact has a verdict in both runs")
    new = [key for key in shared if share(after[key], "contradicted") > share(before[key], "contradicted")]
    reason = f"{fmt.plural(len(new), 'fact')} newly contradicted; {allowed} allowed"
    verdict: RuleVerdict = "broken" if len(new) > allowed else "held"
    return RuleOutcome("contradictions_added", system, verdict, reason, _describe_facts(pair, system, new))


def _describe_facts(pair: _RunPair, system: str, keys: Sequence[FactKey]) -> tuple[str, ...]:
    """``minerals-unsigned (kept → lost): The deal was not signed.``"""
    before, after = pair.fact_verdicts[system]
    details = []
    for key in keys:
        fact = pair.facts.get((key.article, key.fact))
        name = fact_name(key.article, key.fact, len(pair.articles), bool(fact and fact.unreviewed))
        was, now = (describe_verdicts(side.get(key)) for side in (before, after))
        details.append(f"{name} ({was} → {now}): {key.statement}")
    return tuple(details)


def _check_missing_values(pair: _RunPair, system: str, allowed: int) -> RuleOutcome:
    """Count missing values of shared metrics, missing scores and abstentions."""
    before, after = (by_system[system] for by_system in pair.missing)
    was, now = sum(before.values()), sum(after.values())
    reason = f"{fmt.count(max(0.0, now - was))} more missing values than in the baseline; {allowed} allowed"
    if now - was <= allowed + _ROUNDING:
        return RuleOutcome("missing_values_added", system, "held", reason)
    more = {why: count - before.get(why, 0.0) for why, count in after.items()}
    commonest = sorted(((count, why) for why, count in more.items() if count > _ROUNDING), key=lambda each: -each[0])
    return RuleOutcome("missing_values_added", system, "broken", reason, tuple(why for _, why in commonest[:_REASONS]))


def _count_missing(
    run: StoredRun, articles: Sequence[str], metrics: Collection[str]
) -> Mapping[str, Mapping[str, float]]:
    """Count missing values and verdicts by system and reason. If k of n samples lack one, they count as k/n."""
    missing: dict[str, dict[str, float]] = {system.name: defaultdict(float) for system in run.manifest.systems}
    checks: dict[str, list[BriefCheck]] = defaultdict(list)
    for check in run.verdicts:
        checks[check.article_id].append(check)
    for article in articles:
        samples: dict[tuple[str, ...], list[str]] = defaultdict(list)  # (system, …) → the reason of each sample
        for score in run.read_scores([article]):
            if score.metric in metrics:
                reason = score.reason or fmt.NO_REASON
                samples[score.system, score.metric].append(reason if score.value is None else "")
        for system, reasons in missing.items():
            reasons[NO_SCORE] += sum((system, metric) not in samples for metric in metrics)
        for check in checks[article]:
            reason = "the verifier abstained" if check.abstained else ""
            samples[check.system, check.use, check.target].append(reason)
        for (system, *_), of_samples in samples.items():
            for reason in filter(None, of_samples):
                missing[system][reason] += 1 / len(of_samples)
    return missing


# Margins --------------------------------------------------------------------------------------------------------------


def _find_margins(pair: _RunPair, loaded: LoadedRules) -> list[Margin]:
    """List the margins; raise ConfigError if a rule names a metric that cannot get worse, or that a run lacks."""
    margins, problems = list(loaded.margins()), []
    for margin in margins:
        metric = pair.metrics.get(margin.metric)
        is_usable = metric and metric.better != "neither"
        if loaded.document and str(margin.key[0]) in loaded.rules.model_fields_set and not is_usable:
            problems.append(loaded.document.problem(margin.key, _explain_unusable(pair, margin)))
    if problems:
        raise ConfigError.of(problems)
    return margins


def _explain_unusable(pair: _RunPair, margin: Margin) -> str:
    """Say why the metric of a rule cannot be compared, and what to do."""
    if margin.metric in pair.metrics:
        return "this metric cannot get worse, because neither higher nor lower is better; name another one"
    word, run = ("baseline", pair.baseline) if margin.metric not in pair.baseline.metrics else ("run", pair.run)
    folder, rule = show(run.folder.path), margin.key[0]
    again = f"harness score {as_argument(run.folder.path)} --config CONFIG"
    if rule in ("latency", "cost"):
        scorer = "`cost`" if rule == "latency" else "`cost` with `prices`"
        return (
            f"the {word} {folder} was scored without the scorer {scorer} that this rule needs; add it to the config "
            f"and score again ({again}), or write `{rule}: null` in the rules"
        )
    suggestion = suggest_name(margin.metric, list(run.metrics))
    remedy = f"Otherwise score the {word} again with a config that has this metric ({again}), or leave the rule out"
    return f"the {word} {folder} has no metric {margin.metric!r}; {suggestion}. {remedy}"


def _check_margin(pair: _RunPair, margin: Margin, tables: Mapping[str, ScoreTable], system: str) -> RuleOutcome:
    """Check that the run is not worse by more than the margin."""
    rule, metric = ".".join(map(str, margin.key)), pair.metrics.get(margin.metric)
    if metric is None:
        return RuleOutcome(rule, system, "not checked", f"the two runs do not both have the metric {margin.metric}")
    table = merge_sides(tables, {side: [(side, system)] for side in tables})
    if not table.has_value(metric.name):
        return RuleOutcome(rule, system, "not checked", f"neither run has a value for {metric.title}")
    difference = compare_all([table.pair(_RUN, _BASELINE, metric.name)], Resampler(seed=0))[0]
    allowed = (margin.tolerance.times - 1) * (difference.before or 0.0) + margin.tolerance.plus
    judged = judge_margin(difference, allowed, "lower" if metric.better == "lower" else "higher")
    named: list[FactKey] = []  # without an interval, name the facts that changed
    if difference.low is None and difference.changed and metric.name.startswith("fact_"):
        before, after = pair.fact_verdicts[system]
        changes = compare_facts(before, after, pair.facts).changes[:_FACTS]
        named = [FactKey(change.article, change.fact, change.statement) for change in changes]
    return RuleOutcome(rule, system, judged.verdict, judged.reason, _describe_facts(pair, system, named))
