"""Estimate what people would find in a whole run from the labels they gave to some of it.

Fact recall and faithfulness of each system are estimated from the automatic verdicts alone, from the labels alone, and
from both (prediction-powered inference, see ``stats/ppi.py``). Only labels in the random sample count (``queue.py``).
Facts and articles are weighted as in the leaderboard, so the automatic estimate equals the leaderboard's number.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from harness.claims import find_claims
from harness.data.labels import People
from harness.document import format as fmt
from harness.document.blocks import Block, Cell, Notes, Table, make_paragraphs
from harness.document.labels import group_by_role
from harness.records import Annotation, Check, Metric, Place, Results, Use
from harness.scorers.verdicts import FactRecall
from harness.stats.agreement import Figure
from harness.stats.ppi import PredictionPowered, estimate
from harness.trust.labelling import warn_of_fitted_labels
from harness.trust.queue import Task, find_drawn, list_tasks, select_sample

TITLE = "Scores corrected with people's labels"
_METRICS: Mapping[str, Use] = {"fact_recall": "coverage", "faithfulness": "grounding"}
_HOW = "Keep labelling (harness label): half of the pairs that it asks about are drawn at random."
_FEW = 100  # with fewer labels, the standard error of a share of 0.5 is above 0.05


@dataclass(frozen=True, slots=True)
class SystemEstimate:
    """A metric of one system: from the verifier's verdicts, from people's labels, and from both."""

    system: str
    metric: Metric
    shares: PredictionPowered
    labelled: int
    """Number of labelled verdicts in the random sample; for ratings, of rated summaries."""
    total: int
    """Number of all verdicts or summaries of the system that have an automatic score."""

    @property
    def figures(self) -> tuple[Figure, Figure, Figure]:
        return self.shares.automatic, self.shares.human, self.shares.combined


class _Unit(NamedTuple):
    task: Task
    check: Check
    """One of the task's verdicts."""
    weight: float


def estimate_run(results: Results) -> tuple[list[str], list[SystemEstimate]]:
    """Return the annotators of a run's verdicts, and the estimates by metric and system; both empty without labels."""
    tasks = list_tasks(results) if results.labels else []
    asked = {task.pair_key for task in tasks}
    labels = [label for label in results.labels if label.pair_key in asked and label.label is not None]
    if not labels:
        return [], []
    scorer = FactRecall.model_validate(next(iter(list_scorer_options(results, "fact_recall")), {}))
    units, people = _collect_units(results, tasks, scorer), People(labels)
    estimates = [
        _estimate(system.name, metric, of_system, people, labels)
        for metric in results.metrics
        for system in results.manifest.systems
        if metric.name in _METRICS and (of_system := units[system.name, _METRICS[metric.name]])
    ]
    return list(dict.fromkeys(label.annotator for label in labels)), estimates


def list_scorer_options(results: Results, kind: str) -> list[dict[str, object]]:
    """List the options of each scorer of this kind in a run's config."""
    scorers = results.manifest.config.get("scorers")
    mappings = [each for each in scorers if isinstance(each, dict)] if isinstance(scorers, list) else []
    return [{key: each[key] for key in each if key != "kind"} for each in mappings if each.get("kind") == kind]


def _collect_units(results: Results, tasks: Sequence[Task], scorer: FactRecall) -> dict[tuple[str, Use], list[_Unit]]:
    """Collect the verdicts by system and use.

    The weights of an article's verdicts add up to 1, shared equally among its summaries. As in the leaderboard, a
    summary has no value if any fact or claim lacks a verdict; abstentions and removed facts do not count.
    """
    judged: dict[tuple[Place, Use], set[str]] = defaultdict(set)
    for task in tasks:
        for check in task.checks:
            judged[check.place, check.use].add(check.target)
    languages = {item.article.id: item.article.language for item in results.items}
    claims = {
        summary.place: len(find_claims(summary.generation, languages[summary.article_id]))
        for summary in results.summaries
        if (summary.place, "grounding") in judged
    }
    weighted: list[_Unit] = []
    of_summary: dict[tuple[Place, Use], float] = defaultdict(float)
    for task in tasks:
        weight = 1.0 if task.use == "grounding" else scorer.weight(task.fact) if task.fact else 0.0
        facts = {fact.id for fact in task.item.facts}
        for check in task.checks:
            of_use = judged[check.place, check.use]
            is_complete = facts <= of_use if check.use == "coverage" else len(of_use) >= claims[check.place]
            if weight and is_complete and not check.verdict.abstained:
                weighted.append(_Unit(task, check, weight))
                of_summary[check.place, check.use] += weight
    summaries = Counter((place.system, place.article_id, use) for place, use in of_summary)
    units: dict[tuple[str, Use], list[_Unit]] = defaultdict(list)
    for task, check, weight in weighted:
        share = weight / of_summary[check.place, check.use] / summaries[check.system, check.article_id, check.use]
        units[check.system, check.use].append(_Unit(task, check, share))
    return units


def _estimate(
    system: str, metric: Metric, units: Sequence[_Unit], people: People, labels: Sequence[Annotation]
) -> SystemEstimate:
    tasks = list({unit.task.id: unit.task for unit in units}.values())
    drawn = select_sample(tasks, {label.pair_key for label in labels}, find_drawn(labels))
    sample = {task.id for task in drawn if people.label(task.use, task.hypothesis, task.premise) is not None}
    human = [
        people.check(check, task.premise).verdict.probabilities.supported if task.id in sample else None
        for task, check, _ in units
    ]
    automatic = [check.verdict.probabilities.supported for _, check, _ in units]
    articles = [check.article_id for _, check, _ in units]
    shares = estimate(automatic, human, articles, weights=[weight for *_, weight in units])
    return SystemEstimate(system, metric, shares, sum(value is not None for value in human), len(units))


# The report -----------------------------------------------------------------------------------------------------------


def show_estimates(results: Results) -> tuple[Block, ...]:
    """Show the estimates of every system, or nothing if nobody labelled a verdict of the run."""
    people, estimates = estimate_run(results)
    if not estimates:
        return ()
    systems = [system.name for members in group_by_role(results.manifest.systems).values() for system in members]
    labelled = sorted((each for each in estimates if each.labelled), key=lambda each: systems.index(each.system))
    if not labelled:
        text = f"Nothing can be estimated yet: no pair that was drawn at random has both a label and a verdict. {_HOW}"
        return make_paragraphs([text], "quiet")
    tables = [
        tabulate_estimates(
            (metric, "verifier alone", "labels alone", "both", "labelled"),
            [each for each in labelled if each.metric == metric],
        )
        for metric in dict.fromkeys(each.metric for each in estimates if each.labelled)
    ]
    explained = filter(None, _explain(people, estimates, warn_of_fitted_labels(results)))
    return (*make_paragraphs(list(explained), "quiet"), *tables)


def tabulate_estimates(heads: Sequence[str | Metric], estimates: Sequence[SystemEstimate], title: str = "") -> Table:
    """Show the estimates of one metric."""
    notes = Notes(share.reason for each in estimates for share in each.figures)
    rows: list[list[str | Cell]] = [
        [each.system, *(make_cell(share, notes) for share in each.figures), f"{each.labelled:,} of {each.total:,}"]
        for each in estimates
    ]
    return Table.of(heads, rows, title=title, caption=notes.caption, notes=notes.texts)


def make_cell(figure: Figure, notes: Notes, places: int = 2, signed: bool = False) -> Cell:
    """Make a cell ``0.42 [0.30, 0.55]``. If a part is missing, a note gives the reason."""
    value, low, high = (fmt.decimal(number, places, signed) for number in (figure.value, figure.low, figure.high))
    return Cell(value, "" if figure.low is None else f"[{low}, {high}]", note=notes.mark(figure.reason))


def _explain(people: Sequence[str], estimates: Sequence[SystemEstimate], warning: str) -> Iterator[str]:
    annotators = "annotator" if len(people) == 1 else "annotators"
    names = fmt.join_words([f"“{name}”" for name in people])
    is_complete = all(each.labelled == each.total for each in estimates)
    drawn = "" if is_complete else " Only labels on verdicts that were drawn at random count here."
    yield (
        "Each number is estimated in three ways. “Verifier alone” averages the verifier's probabilities, even if "
        f"they are wrong. “Labels alone” uses the labels of the {annotators} {names}. “Both” uses the labels to "
        f"correct the probabilities (prediction-powered inference).{drawn}"
    )
    yield warning
    if is_complete:
        yield "Every verdict is labelled, so for these summaries the labels alone give the exact answer."
    elif without := sum(not each.labelled for each in estimates):
        yield f"Not in the tables: {fmt.plural(without, 'estimate')} without labels on verdicts drawn at random. {_HOW}"
    if few := [each.labelled for each in estimates if 0 < each.labelled < min(_FEW, each.total)]:
        yield f"Some estimates rest on as few as {fmt.plural(min(few), 'label')}: treat them as rough."
