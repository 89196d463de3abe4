"""People's labels of a run as the rows that a verifier is measured on and fitted to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from harness.data.labels.people import People
from harness.data.pairs.labelled import Corpus, HumanLabel, Judgement, UnsureRow
from harness.records import Results
from harness.signature import digest
from harness.trust.labelling.queue import Task, tasks

CLAIM = "claim"
"""The kind of a row that is no fact."""


def corpus(results: Results) -> Corpus:
    """A row for each pair that people gave a label to, the one that most gave; a draw counts as not known.

    A pair that several summaries hold is one row, under the first system; ``facts_by_system`` has a row for each of
    them. Each article's labels are named by themselves, so that a verifier that was fitted to some is recognised.
    """
    people = People.of([label for label in results.labels if label.label is not None])
    rows = [(task, _agreed(people, task)) for task in tasks([results]) if task.question in people.labels]
    judgements = tuple(_judgement(task, label, task.checks[0].system) for task, label in rows if label)
    facts = [(task, label) for task, label in rows if label and task.use == "coverage"]
    parts = _parts(rows)
    return Corpus(
        name=f"people's labels of {results.manifest.name}",
        digest=digest(parts),
        judgements=judgements,
        unsure_rows=tuple(UnsureRow(task.pair, task.item.article.id) for task, label in rows if label is None),
        parts=parts,
        facts_by_system=tuple(_judgement(task, label, check.system) for task, label in facts for check in task.checks),
    )


def part(article_id: str) -> str:
    """What the labels of one article are called among the data that a verifier learned from."""
    return f"{article_id}/labels.jsonl"


def learned_from(results: Results) -> frozenset[str]:
    """The articles of a run whose labels its verifier was fitted to: there it looks better than it is."""
    agreement = results.manifest.agreement
    if agreement is None:
        return frozenset()
    return frozenset(item.article.id for item in results.items if part(item.article.id) in agreement.fitted)


def _agreed(people: People, task: Task) -> HumanLabel | None:
    """The label that most gave; None where two are as frequent, or nobody could tell."""
    label = people.label(task.use, task.hypothesis, task.premise)
    return None if label == "uncertain" else label


def _judgement(task: Task, label: HumanLabel, system: str) -> Judgement:
    kind = CLAIM if task.use == "grounding" else task.fact.kind if task.fact else ""
    return Judgement(task.pair, label, task.item.article.id, system, kind)


def _parts(rows: Sequence[tuple[Task, HumanLabel | None]]) -> Mapping[str, str]:
    by_article: dict[str, list[tuple[str, HumanLabel | None]]] = defaultdict(list)
    for task, label in rows:
        by_article[task.item.article.id].append((task.id, label))
    return {part(name): digest(sorted(labels)) for name, labels in by_article.items()}
