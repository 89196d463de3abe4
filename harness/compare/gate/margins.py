"""The rules of a gate that have a margin: metrics, latency and cost, by the interval of the difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.compare.gate import words
from harness.compare.gate.pair import Pair
from harness.compare.gate.result import RuleOutcome
from harness.compare.gate.rules import Rules, Ruling, Tolerance
from harness.compare.table import ScoreTable
from harness.data.checked import nearest
from harness.data.yaml.file import Key
from harness.document.labels import UNREVIEWED
from harness.errors import Problem
from harness.files import show
from harness.records import Metric
from harness.stats.noninferiority import noninferior
from harness.stats.paired import Difference, compare_all

LATENCY, COST = "seconds", "price_per_1000"
"""The metrics of the scorer ``cost``."""
RUN, BASELINE = "run", "baseline"
_FACTS = 20
"""Up to so many facts are named."""


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
        return round((self.slack.times - 1) * difference.second + self.slack.plus, 4)


def margins(pair: Pair, ruling: Ruling) -> tuple[list[Margin], list[Problem]]:
    """The rules with a margin, and those that name a metric which a run lacks or which is better neither way.

    What the default rules name is left out where it is not there.
    """
    limits, problems = [], []
    for key, name, slack, margin in _named(ruling.rules):
        metric = pair.metrics.get(name)
        if metric and metric.better != "neither":
            limits.append(Margin(key, metric, slack, margin))
        elif metric:
            message = "is better neither way, so it cannot be worse; name a metric that is better higher or lower"
            problems.append(ruling.problem(key, message))
        elif ruling.names(key):
            problems.append(ruling.problem(key, _lacking(pair, name)))
    return limits, problems


def held(pair: Pair, margin: Margin, sides: ScoreTable, system: str) -> RuleOutcome:
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


def _named(rules: Rules) -> Iterator[tuple[Key, str, Tolerance | None, float]]:
    for name, margin in rules.metrics.items():
        yield ("metrics", name), name, None, margin
    for key, name, slack in (("latency", LATENCY, rules.latency), ("cost", COST, rules.cost)):
        if slack:
            yield (key,), name, slack, 0.0


def _lacking(pair: Pair, name: str) -> str:
    for word, run in (("baseline", pair.baseline), ("run", pair.run)):
        metric_names = [metric.name for metric in run.metrics[0]]
        if name not in metric_names:
            folder = show(run.folder.path)
            scorer = " (the scorer cost gives it, with prices)" if name == COST else ""
            return (
                f"the {word} {folder} has no metric {name!r}{scorer}; {nearest(name, metric_names)}; or score it "
                f"again by a config that has it: harness score {folder} --config CONFIG"
            )
    return f"{name!r} is not in both runs"


def _by_fact(pair: Pair, system: str) -> Iterator[str]:
    """Where there is no interval: what became of the facts, by name."""
    for change in pair.changes(system).changes[:_FACTS]:
        name = change.fact if len(pair.articles) == 1 else f"{change.article}/{change.fact}"
        marks = [*filter(None, [change.importance]), *[UNREVIEWED] * change.unreviewed]
        importance = f" ({', '.join(marks)})" if marks else ""
        yield f"{change.turn}: {name}{importance}: {change.statement}"
