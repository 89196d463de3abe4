"""Estimate what people would find in a whole run from the labels they gave to some of it.

Fact recall and faithfulness of each system are estimated from the automatic verdicts alone, from the labels alone, and
from both (prediction-powered, see ``stats/ppi.py``). Only labels of the random sample count (``queue.py``). Facts and
articles are weighted as in the leaderboard, so the automatic estimate is the leaderboard's number.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from harness.data.labels.people import People
from harness.document import format as fmt
from harness.document.blocks import Block, Cell, Heading, Table, sentences
from harness.document.notes import Notes
from harness.document.roles import grouped
from harness.records import Annotation, Check, Metric, Place, Results, Use
from harness.scorers.fact_recall import FactRecall
from harness.stats.ppi import PredictionPowered, Share, estimate
from harness.trust.agreement_report import warn_of_fitted_labels
from harness.trust.queue import Task, find_drawn, list_tasks, select_sample

TITLE = "What people would find"
_METRICS: Mapping[str, Use] = {"fact_recall": "coverage", "faithfulness": "grounding"}
_HOW = "harness label draws every second pair at random: keep labelling."
_FEW = 100  # with fewer labels, a system's estimates are rough: the standard error of a share of 0.5 is above 0.05


@dataclass(frozen=True, slots=True)
class Estimate:
    """A metric of one system, by the verifier, by people, and by both."""

    system: str
    metric: Metric
    shares: PredictionPowered
    labelled: int
    """Number of verdicts in the random sample that people decided."""
    verdicts: int


class Estimates(NamedTuple):
    """The estimates of a run, metric by metric, with the systems in their order."""

    people: tuple[str, ...]
    estimates: tuple[Estimate, ...]


class _Unit(NamedTuple):
    """A verdict, and the pair that people are asked about."""

    task: Task
    article: str
    automatic: float
    human: float | None
    """The share of supported among the people's decided labels; None if nobody decided."""
    counts: float


def estimate_run(results: Results) -> Estimates | None:
    """Estimate the metrics of a run; None if nobody labelled a verdict of it, or it has neither metric."""
    tasks = list_tasks([results]) if results.labels else []
    questions = {task.question for task in tasks}
    labels = [label for label in results.labels if label.question in questions and label.label is not None]
    if not labels:
        return None
    scorers = results.manifest.config.get("scorers")
    listed = scorers if isinstance(scorers, list) else []
    options = next((each for each in listed if isinstance(each, dict) and each.get("kind") == "fact_recall"), {})
    scorer = FactRecall.model_validate({key: value for key, value in options.items() if key != "kind"})
    units = _collect_units(tasks, People.from_labels(labels), scorer)
    estimates = [
        _estimate(system.name, metric, units[system.name, _METRICS[metric.name]], labels)
        for metric in results.metrics
        if metric.name in _METRICS
        for system in results.manifest.systems
        if units[system.name, _METRICS[metric.name]]
    ]
    names = dict.fromkeys(label.annotator for label in labels)
    return Estimates(tuple(names), tuple(estimates)) if estimates else None


def _estimate(system: str, metric: Metric, units: Sequence[_Unit], labels: Sequence[Annotation]) -> Estimate:
    different = list({unit.task.id: unit.task for unit in units}.values())
    asked = {label.question for label in labels}
    sample = {task.question for task in select_sample(different, asked, find_drawn(labels))}
    human = [unit.human if unit.task.question in sample else None for unit in units]
    shares = estimate(
        [unit.automatic for unit in units],
        human,
        [unit.article for unit in units],
        counts=[unit.counts for unit in units],
    )
    return Estimate(system, metric, shares, sum(value is not None for value in human), len(units))


def _collect_units(tasks: Sequence[Task], people: People, scorer: FactRecall) -> dict[tuple[str, Use], list[_Unit]]:
    """Collect the verdicts by system and use.

    The weights of a summary's verdicts add up to 1, and so do the weights of an article's summaries. As in the
    leaderboard, a summary has no fact recall if any fact lacks a verdict; abstentions and removed facts do not count.
    """
    judged: dict[Place, set[str]] = defaultdict(set)
    for task in tasks:
        for check in task.checks:
            if check.use == "coverage":
                judged[check.place].add(check.target)
    weighted: list[tuple[Task, Check, float]] = []
    of_summary: dict[tuple[Place, Use], float] = defaultdict(float)
    for task in tasks:
        weight = 1.0 if task.use == "grounding" else scorer.weight(task.fact) if task.fact else 0.0
        facts = {fact.id for fact in task.item.facts}
        for check in task.checks:
            if not weight or check.verdict.abstained or (check.use == "coverage" and not facts <= judged[check.place]):
                continue
            weighted.append((task, check, weight))
            of_summary[check.place, check.use] += weight
    summaries = Counter((place.system, place.article_id, use) for place, use in of_summary)
    units: dict[tuple[str, Use], list[_Unit]] = defaultdict(list)
    for task, check, weight in weighted:
        counts = weight / of_summary[check.place, check.use] / summaries[check.system, check.article_id, check.use]
        is_labelled = people.label(task.use, task.hypothesis, task.premise) is not None
        human = people.check(check, task.premise).verdict.probabilities.supported if is_labelled else None
        automatic = check.verdict.probabilities.supported
        units[check.system, check.use].append(_Unit(task, check.article_id, automatic, human, counts))
    return units


# The report -----------------------------------------------------------------------------------------------------------


def show_estimates(results: Results, title: str = TITLE) -> tuple[Block, ...]:
    """Show the estimates of every system under a title; nothing if nobody labelled a verdict of the run."""
    estimates = estimate_run(results)
    if estimates is None:
        return ()
    labelled = [each for each in estimates.estimates if each.labelled]
    if not labelled:
        text = f"No pair that was drawn at random is labelled yet, so nothing can be estimated. {_HOW}"
        return (Heading(title, anchor="estimates"), *sentences([text], "quiet"))
    systems = [system.name for members in grouped(results.manifest.systems).values() for system in members]
    ordered = sorted(labelled, key=lambda each: systems.index(each.system))
    explained, without = _explain(estimates, warn_of_fitted_labels(results)), _collect_notes(labelled).shared
    if without:
        explained.append(f"No interval: {without}.")
    tables = (
        _tabulate([each for each in ordered if each.metric == metric], without)
        for metric in dict.fromkeys(each.metric for each in labelled)
    )
    return (Heading(title, anchor="estimates"), *sentences(explained, "quiet"), *tables)


def _tabulate(estimates: Sequence[Estimate], reason: str | None) -> Table:
    """Show the estimates of a metric; ``reason``: why no table has intervals, if the text above says so."""
    notes = _collect_notes(estimates)
    rows: list[list[str | Cell]] = [
        [each.system, *(notes.estimate(share) for share in _shares(each)), f"{each.labelled:,} of {each.verdicts:,}"]
        for each in estimates
    ]
    heads = (estimates[0].metric, "verifier alone", "labels alone", "both", "labelled")
    return Table.of(heads, rows, caption="" if reason else notes.shared or "", notes=notes.texts)


def _collect_notes(estimates: Sequence[Estimate]) -> Notes:
    """Collect the reasons why estimates have no interval."""
    return Notes(share.reason for each in estimates for share in _shares(each))


def _shares(each: Estimate) -> tuple[Share, Share, Share]:
    return each.shares.automatic, each.shares.human, each.shares.combined


def _explain(estimates: Estimates, warning: str) -> list[str]:
    annotator = "annotator" if len(estimates.people) == 1 else "annotators"
    names = fmt.listed([f"“{name}”" for name in estimates.people])
    explained = (
        "Each number is estimated in three ways. “Verifier alone” takes the verdicts at face value; its interval does "
        f"not allow for wrong verdicts. “Labels alone” uses the labels of the {annotator} {names}. “Both” uses the "
        "labels to correct the verdicts (prediction-powered inference). Only labels on pairs drawn at random are used."
    )
    lines = [explained, *filter(None, [warning])]
    if all(each.labelled == each.verdicts for each in estimates.estimates):
        return [*lines, "Every verdict is labelled, so for these summaries the labels alone give the exact answer."]
    without = sum(not each.labelled for each in estimates.estimates)
    if without:
        lines.append(
            f"Left out of the tables, because there is no such label: {fmt.plural(without, 'estimate')}. {_HOW}"
        )
    few = [each.labelled for each in estimates.estimates if 0 < each.labelled < min(_FEW, each.verdicts)]
    if few:
        lines.append(f"Some estimates rest on as few as {fmt.plural(min(few), 'label')}: treat them as rough.")
    return lines
