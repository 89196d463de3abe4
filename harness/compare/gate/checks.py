"""The rules of a gate, held against one system.

Some count: essential facts no longer kept, facts contradicted, values missing. Metrics, latency and cost have a margin,
and are judged by the interval of the difference.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from harness.compare.fact_changes import FactKey, FactVerdicts, share
from harness.compare.gate import words
from harness.compare.gate.result import RuleOutcome
from harness.compare.gate.rules import Rules, Ruling, Tolerance
from harness.compare.gate.run_pair import RunPair
from harness.compare.report.words import TURNS
from harness.compare.table import NO_SCORE, ScoreTable
from harness.data.validation import suggest_name
from harness.data.yaml import Key
from harness.document import format as fmt
from harness.document.labels import MARKS, UNREVIEWED, fact_name
from harness.errors import Problem
from harness.files import show
from harness.records import Label, Metric, Score
from harness.stats.noninferiority import noninferior
from harness.stats.paired import Difference, compare_all

_ROUNDING = 1e-9
"""By no more do sums of shares differ that are equal."""
_REASONS = 3
"""Up to so many reasons are named, the commonest first."""
LATENCY, COST = "seconds", "price_per_1000"
"""The metrics of the scorer ``cost``."""
RUN, BASELINE = "run", "baseline"
_FACTS = 20
"""Up to so many facts are named."""


# Counts ---------------------------------------------------------------------------------------------------------------


def essential_facts(pair: RunPair, system: str, allowed: int) -> RuleOutcome:
    """The essential facts that the baseline keeps and the run does not, or in a smaller share of its samples.

    It does not matter whether such a fact is lost, contradicted, undecided or without a verdict: nobody can say that it
    is kept.
    """
    rule = "essential_facts_lost"
    before, after = pair.fact_verdicts(system)
    kept = [key for key in before if before[key]["supported"] and _importance(pair, key) == "essential"]
    if not kept:
        return RuleOutcome(rule, system, "not checked", words.NO_ESSENTIAL_FACT)
    gone = [key for key in kept if _supported(after, key) < share(before[key], "supported")]
    details = _became(pair, before, after, gone)
    reason = words.essential_facts(len(kept) - len(gone), len(kept), max(0, len(kept) - allowed))
    return RuleOutcome(rule, system, "broken" if len(gone) > allowed else "held", reason, details)


def contradictions(pair: RunPair, system: str, allowed: int) -> RuleOutcome:
    """Facts contradicted, of those that both have verdicts on; several samples of a summary share in the count."""
    rule = "contradictions_added"
    before, after = pair.fact_verdicts(system)
    shared = [key for key in before if key in after]
    if not shared:
        return RuleOutcome(rule, system, "not checked", words.NO_FACT_IN_BOTH)
    was, now = (sum(share(side[key], "contradicted") for key in shared) for side in (before, after))
    worse = [key for key in shared if share(after[key], "contradicted") > share(before[key], "contradicted")]
    details = _became(pair, before, after, worse)
    reason = words.contradicted(fmt.count(now), fmt.count(was), allowed)
    return RuleOutcome(rule, system, "broken" if now - was > allowed + _ROUNDING else "held", reason, details)


def missing_values(pair: RunPair, system: str, allowed: int) -> RuleOutcome:
    """Values missing of the metrics that both have: a score without a value, and an article without a score; several
    samples of a summary share in the count."""
    before, after = (_missing(pair, scores.get(system, ())) for scores in pair.scores)
    was, now = sum(before.values()), sum(after.values())
    broken = now - was > allowed + _ROUNDING
    reason = words.missing(fmt.count(now), fmt.count(was), allowed)
    why = _added(before, after) if broken else ()
    return RuleOutcome("missing_values_added", system, "broken" if broken else "held", reason, why)


def _added(before: Mapping[str, float], after: Mapping[str, float]) -> tuple[str, ...]:
    """``the model refused (3)``: for which reasons more values are missing, those that most are first."""
    more = {reason: count - before.get(reason, 0.0) for reason, count in after.items()}
    first = sorted(((count, reason) for reason, count in more.items() if count > _ROUNDING), key=lambda each: -each[0])
    counted = [(fmt.count(count), reason) for count, reason in first[:_REASONS]]
    return tuple(reason if count == "1" else f"{reason} ({count})" for count, reason in counted)


def _missing(pair: RunPair, scores: Iterable[Score]) -> dict[str, float]:
    """Why values are missing, and how many: of each article and metric the share of its samples."""
    samples: dict[tuple[str, str], list[Score]] = {}
    for score in scores:
        if score.metric in pair.metrics:
            samples.setdefault((score.article_id, score.metric), []).append(score)
    reasons: dict[str, float] = defaultdict(float)
    for placed in samples.values():
        for score in placed:
            if score.value is None:
                reasons[score.reason or fmt.NO_REASON] += 1 / len(placed)
    reasons[NO_SCORE] += len(pair.articles) * len(pair.metrics) - len(samples)
    return reasons


def _importance(pair: RunPair, key: FactKey) -> str | None:
    fact = pair.facts.get((key.article, key.fact))
    return fact.importance if fact else None


def _supported(side: FactVerdicts, key: FactKey) -> float:
    return share(side[key], "supported") if key in side else 0.0


def _became(pair: RunPair, before: FactVerdicts, after: FactVerdicts, keys: Iterable[FactKey]) -> tuple[str, ...]:
    """``minerals-unsigned (kept → lost): The minerals agreement was not signed.``, for each of these facts."""
    lines = []
    for key in keys:
        fact = pair.facts.get((key.article, key.fact))
        name = fact_name(key.article, key.fact, len(pair.articles), bool(fact and fact.unreviewed))
        now = _labels(after[key]) if key in after else "no verdict"
        lines.append(f"{name} ({_labels(before[key])} → {now}): {key.statement}")
    return tuple(lines)


def _labels(labels: Counter[Label]) -> str:
    if labels.total() == 1:
        return MARKS[next(iter(labels))].fact
    return ", ".join(f"{MARKS[label].fact} {count}/{labels.total()}" for label, count in labels.most_common())


# Margins --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Margin:
    """A metric that may be worse by so much."""

    key: Key
    """Its place in the rules."""
    metric: Metric
    slack: Tolerance | None
    """What the margin is made from where it is relative to the baseline."""
    margin: float

    @property
    def rule(self) -> str:
        return ".".join(map(str, self.key))

    def of(self, difference: Difference) -> float:
        """The margin in the metric's own units."""
        if self.slack is None or difference.second is None:
            return self.margin
        return (self.slack.times - 1) * difference.second + self.slack.plus


def margins(pair: RunPair, ruling: Ruling) -> tuple[list[Margin], list[Problem]]:
    """The rules with a margin, and those that name a metric which a run lacks or which is better neither way.

    What the default rules name is left out where it is not there.
    """
    limits, problems = [], []
    for key, name, slack, margin in _with_margin(ruling.rules):
        metric = pair.metrics.get(name)
        if metric and metric.better != "neither":
            limits.append(Margin(key, metric, slack, margin))
        elif metric:
            message = "is better neither way, so it cannot be worse; name a metric that is better higher or lower"
            problems.append(ruling.problem(key, message))
        elif ruling.names(key):
            problems.append(ruling.problem(key, _lacking(pair, key, name)))
    return limits, problems


def within_margin(pair: RunPair, margin: Margin, sides: ScoreTable, system: str) -> RuleOutcome:
    """Whether the run is not worse by more than the margin, on the articles on which both have a value.

    ``sides`` is the table of this system, with the sides ``RUN`` and ``BASELINE``.
    """
    name = margin.metric.name
    if not any(sides.column(side, name).values.size for side in (RUN, BASELINE)):
        return RuleOutcome(margin.rule, system, "not checked", words.no_value(margin.metric.title))
    difference = compare_all([sides.pair(RUN, BASELINE, name)], pair.resampler)[0]
    judged = noninferior(difference, margin.of(difference), "lower" if margin.metric.better == "lower" else "higher")
    by_fact = difference.low is None and difference.changed and name.startswith("fact_")
    details = tuple(_by_fact(pair, system)) if by_fact else ()
    return RuleOutcome(margin.rule, system, judged.verdict, judged.reason, details)


def _with_margin(rules: Rules) -> Iterator[tuple[Key, str, Tolerance | None, float]]:
    for name, margin in (rules.metrics or {}).items():
        if margin is not None:
            yield ("metrics", name), name, None, margin
    for key, name, slack in (("latency", LATENCY, rules.latency), ("cost", COST, rules.cost)):
        if slack:
            yield (key,), name, slack, 0.0


def _lacking(pair: RunPair, key: Key, name: str) -> str:
    """What a run lacks that a rule speaks of, and both ways out: measure it, or leave the rule out."""
    word, run = ("baseline", pair.baseline) if name not in pair.baseline.metrics else ("run", pair.run)
    folder = show(run.folder.path)
    again = f"harness score {folder} --config CONFIG"
    if key[0] in ("latency", "cost"):
        scorer = "`cost`," if name == LATENCY else "`cost` with `prices`,"
        return (
            f"the {word} {folder} was scored without the scorer {scorer} which this rule needs; add it to the config "
            f"and score again ({again}), or write `{key[0]}: null` in the rules"
        )
    remedy = f"or score it again by a config that has it ({again}), or leave the rule out"
    return f"the {word} {folder} has no metric {name!r}; {suggest_name(name, list(run.metrics))}; {remedy}"


def _by_fact(pair: RunPair, system: str) -> Iterator[str]:
    """Where there is no interval: what became of the facts, by name."""
    for change in pair.changes(system).changes[:_FACTS]:
        name = fact_name(change.article, change.fact, len(pair.articles))
        marks = [*filter(None, [change.importance]), *[UNREVIEWED] * change.unreviewed]
        importance = f" ({', '.join(marks)})" if marks else ""
        yield f"{TURNS[change.turn]}: {name}{importance}: {change.statement}"
