"""What people would find of a whole run, from the labels they gave to some of it.

Of each system's fact recall and faithfulness three estimates: by the automatic verdicts alone, by the labels alone,
and by both (prediction-powered, see ``stats/ppi.py``). Only labels of the random sample count
(``labelling/queue.py``): what was labelled because it was doubtful stands for nothing but itself. A fact counts as it
does in the leaderboard, every summary of an article alike and every article alike, so that the automatic estimate is
the leaderboard's number.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.config import layers
from harness.data.labels.people import People
from harness.records import Annotation, Check, Metric, Place, Results, Use
from harness.scorers.fact_recall import FactRecall
from harness.stats.ppi import PredictionPowered, estimate
from harness.trust.labelling.queue import Task, drawn, labelled_when_drawn, tasks

_METRICS: Mapping[str, Use] = {"fact_recall": "coverage", "faithfulness": "grounding"}


@dataclass(frozen=True, slots=True)
class Estimated:
    """A metric of one system, by the verifier, by people, and by both."""

    system: str
    metric: Metric
    shares: PredictionPowered
    labelled: int
    """Verdicts of the random sample that people gave an answer to."""
    verdicts: int


@dataclass(frozen=True, slots=True)
class Estimates:
    """The estimates of every system and metric that a run has."""

    people: tuple[str, ...]
    """Whose labels they rest on."""
    estimates: tuple[Estimated, ...]
    """Metric by metric, the systems in their order."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """A verdict, and the pair that people are asked of."""

    task: Task
    article: str
    automatic: float
    human: float | None
    """The share of the people who decided that called it supported; None if none of them decided."""
    counts: float


def estimates(results: Results) -> Estimates | None:
    """The estimates; None where nobody labelled a verdict of the run, or it has neither metric."""
    every = tasks([results]) if results.labels else []
    questions = {task.question for task in every}
    labels = [label for label in results.labels if label.question in questions and label.label is not None]
    if not labels:
        return None
    units = _units(every, People.of(labels), _scorer(results))
    metrics = [(metric, _METRICS[metric.name]) for metric in results.metrics if metric.name in _METRICS]
    estimated = [
        _estimated(system.name, metric, units[system.name, use], labels)
        for metric, use in metrics
        for system in results.manifest.systems
        if units[system.name, use]
    ]
    names = dict.fromkeys(label.annotator for label in labels)
    return Estimates(tuple(names), tuple(estimated)) if estimated else None


def _estimated(system: str, metric: Metric, units: Sequence[_Unit], labels: Sequence[Annotation]) -> Estimated:
    different = list({unit.task.id: unit.task for unit in units}.values())
    asked = {label.question for label in labels}
    sample = {task.question for task in drawn(different, asked, labelled_when_drawn(labels))}
    human = [unit.human if unit.task.question in sample else None for unit in units]
    interval = estimate(
        [unit.automatic for unit in units],
        human,
        [unit.article for unit in units],
        counts=[unit.counts for unit in units],
    )
    return Estimated(system, metric, interval, sum(value is not None for value in human), len(units))


def _units(every: Sequence[Task], people: People, scorer: FactRecall) -> dict[tuple[str, Use], list[_Unit]]:
    """The verdicts by system and use. Those of a summary count 1 together, and so do the summaries of an article.

    As in the leaderboard, a summary has no fact recall where one of the article's facts has no verdict on it.
    """
    weighed = _weighed(every, scorer)
    of_summary: dict[tuple[Place, Use], float] = defaultdict(float)
    for _, check, weight in weighed:
        of_summary[check.place, check.use] += weight
    summaries = Counter((place.system, place.article_id, use) for place, use in of_summary)
    units: dict[tuple[str, Use], list[_Unit]] = defaultdict(list)
    for task, check, weight in weighed:
        counts = weight / of_summary[check.place, check.use] / summaries[check.system, check.article_id, check.use]
        is_labelled = people.label(task.use, task.hypothesis, task.premise) is not None
        human = people.check(check, task.premise).verdict.probabilities.supported if is_labelled else None
        automatic = check.verdict.probabilities.supported
        units[check.system, check.use].append(_Unit(task, check.article_id, automatic, human, counts))
    return units


def _weighed(every: Sequence[Task], scorer: FactRecall) -> list[tuple[Task, Check, float]]:
    """The verdicts that count, each with its weight among those of its summary; abstentions do not count."""
    judged: dict[Place, set[str]] = defaultdict(set)
    for task in every:
        for check in task.checks:
            if check.use == "coverage":
                judged[check.place].add(check.target)
    return [
        (task, check, weight)
        for task in every
        if (weight := _weight(task, scorer))
        for check in task.checks
        if not check.verdict.abstained
        and (check.use == "grounding" or judged[check.place].issuperset(fact.id for fact in task.item.facts))
    ]


def _weight(task: Task, scorer: FactRecall) -> float:
    """What a fact or a claim counts among those of its summary; 0 for a fact that is no longer written."""
    if task.use == "grounding":
        return 1.0
    return scorer.weight(task.fact) if task.fact else 0.0


def _scorer(results: Results) -> FactRecall:
    """The scorer of fact recall with the options of the run."""
    written = layers.of_mapping({"scorers": results.manifest.config.get("scorers", [])}, Path(), "manifest.json")
    options = next(
        (each for each in written.data["scorers"] if isinstance(each, dict) and each["kind"] == "fact_recall"), {}
    )
    return FactRecall.model_validate({key: value for key, value in options.items() if key != "kind"})
