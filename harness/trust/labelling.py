"""Collect people's labels, and read them as rows for measuring or calibrating a verifier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from uuid import uuid4

from harness.data import labels
from harness.data.labels import People, pair_id
from harness.data.pairs import Corpus, HumanLabel, LabelledPair
from harness.document import format as fmt
from harness.errors import UsageError
from harness.records import Annotation, Label, Results, Shown, Use
from harness.signature import digest
from harness.trust.queue import Task, list_tasks, order_tasks

_LONGEST_NAME = 80


class AnnotationQueue:
    """The pairs of a run, and its label files."""

    def __init__(self, results: Results, use: Use | None = None) -> None:
        ordered = order_tasks([task for task in list_tasks(results) if use in (None, task.use)])
        self.tasks = {task.id: task for task, _ in ordered}
        """Id → pair, in the order in which people are asked."""
        self.probabilities = {task.id: probability for task, probability in ordered}
        """Id → ``Annotation.probability``."""
        self._known = frozenset(task.pair_key for task in self.tasks.values())
        self._labels_file = Path(results.labels_file) if results.labels_file else None

    def find_annotator(self, name: str) -> str:
        """Return a name as earlier labels spell it: names that differ only in capitals are one person's.

        Raises UsageError if the name is empty, long or unprintable, or if the config must name a file for the labels.
        """
        name, most = name.strip(), _LONGEST_NAME
        if not name or len(name) > most or not name.isprintable():
            raise UsageError(f"{name[:most]!r} is not an annotator's name; write one line of up to {most} characters")
        known = {label.annotator for label in self.read_labels()}
        same = [each for each in sorted(known) if each.casefold() == name.casefold()]
        return name if name in known or not same else same[0]

    def find_file(self, label: Annotation) -> Path:
        return labels.require_path(self.tasks[pair_id(label.pair_key)].item.article, self._labels_file)

    def read_labels(self) -> list[Annotation]:
        """Read the labels of these pairs, without those that later lines replace; raise DataError for invalid lines."""
        current = (labels.select_current(labels.read(path)) for path in self._files)
        return [label for of_file in current for label in of_file if label.pair_key in self._known]

    @cached_property
    def _files(self) -> tuple[Path, ...]:
        return tuple({labels.require_path(task.item.article, self._labels_file): None for task in self.tasks.values()})


class AnnotationSession:
    """One person's labels, each appended to a file immediately."""

    def __init__(self, queue: AnnotationQueue, name: str) -> None:
        self.queue, self.annotator = queue, queue.find_annotator(name)

    def list_waiting(self) -> list[Task]:
        """List the pairs that the person has not decided; those labelled uncertain come last, oldest first."""
        own = {label.pair_key: label.label for label in self.list_labels()}
        order = {key: number for number, key in enumerate(own, start=1)}
        left = [task for task in self.queue.tasks.values() if own.get(task.pair_key) in (None, "uncertain")]
        return sorted(left, key=lambda task: order.get(task.pair_key, 0))

    def list_labels(self) -> list[Annotation]:
        """List the person's current labels, latest last."""
        own = [label for label in self.queue.read_labels() if label.annotator == self.annotator]
        return sorted(own, key=lambda label: label.time)

    def annotate(
        self, task: Task, label: Label, note: str = "", *, blind: bool = True, marked: bool = True, queued: bool = True
    ) -> Annotation:
        """Make a label for a pair; ``submit`` stores it.

        ``blind``: the person saw neither verdict nor system. ``marked``: the evidence was marked in the premise.
        ``queued``: the pair came next in the queue; nobody picked it, e.g. to correct its verdict.
        """
        evidence = (task.evidence,) if marked and task.evidence else ()
        seen = () if blind else (task.checks[0].verdict.label, task.checks[0].system)
        use, hypothesis, premise_hash = task.pair_key
        return Annotation(
            id=uuid4().hex[:16],
            annotator=self.annotator,
            time=_now(),
            article_id=task.item.article.id,
            use=use,
            target=task.checks[0].target,
            hypothesis=hypothesis,
            premise_hash=premise_hash,
            label=label,
            shown=Shown(blind, evidence, *seen),
            premise=task.premise if use == "coverage" else None,
            probability=self.queue.probabilities[task.id] if queued and blind else None,
            note=note.strip().encode("utf-8", "replace").decode(),  # files cannot hold a lone surrogate
        )

    def submit(self, given: Sequence[Annotation]) -> list[Annotation]:
        """Store labels, each replacing the person's earlier label for the same pair; return the stored lines."""
        earlier = {label.pair_key: label.id for label in self.list_labels()}
        by_file: dict[Path, list[Annotation]] = defaultdict(list)
        for label in given:
            by_file[self.queue.find_file(label)].append(replace(label, replaces=earlier.get(label.pair_key)))
        labels.append(by_file)
        return [line for lines in by_file.values() for line in lines]

    def withdraw(self, label: Annotation) -> None:
        """Withdraw a label of this person, so that the label that it replaced is valid again."""
        line = replace(
            label, id=uuid4().hex[:16], time=_now(), label=None, replaces=label.id, note="", probability=None
        )
        labels.append({self.queue.find_file(label): [line]})


def _now() -> str:
    """Return the current time to the microsecond, so that labels in several files sort in the order they were given."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def build_corpus(results: Results) -> Corpus:
    """Make a row for each labelled pair, with the majority label; a tie is unsure.

    A pair that occurs in several summaries is one row, under the first system; ``facts_by_system`` has a row for each
    summary. ``parts`` has a digest of each article's labels, to recognise a verifier that was fitted to them.
    """
    people = People(label for label in results.labels if label.label is not None)
    rows: list[tuple[Task, HumanLabel | None]] = []
    by_article: dict[str, list[tuple[str, HumanLabel | None]]] = defaultdict(list)
    for task in list_tasks(results):
        if task.pair_key in people.labels:
            label = people.label(task.use, task.hypothesis, task.premise)
            agreed = None if label == "uncertain" else label
            rows.append((task, agreed))
            by_article[task.item.article.id].append((task.id, agreed))
    parts = {name_part(article): digest(sorted(labelled)) for article, labelled in by_article.items()}
    return Corpus(
        name=f"people's labels of {results.manifest.name}",
        digest=digest(parts),
        labelled=tuple(_make_row(task, label, task.checks[0].system) for task, label in rows if label),
        unsure=sum(label is None for _, label in rows),
        parts=parts,
        facts_by_system=tuple(
            _make_row(task, label, check.system)
            for task, label in rows
            if label and task.use == "coverage"
            for check in task.checks
        ),
    )


def name_part(article_id: str) -> str:
    """Return the name of an article's labels in ``Agreement.fitted``, the data that a verifier was fitted to."""
    return f"{article_id}/labels.jsonl"


def warn_of_fitted_labels(results: Results) -> str:
    """Warn if a run's verifier was fitted to labels of the run's articles; otherwise return an empty string."""
    fitted = sorted(find_fitted_articles(results))
    if not fitted:
        return ""
    named = fmt.join_words(fitted[:3]) + (" and others" if len(fitted) > 3 else "")
    return f"The verifier of {results.manifest.name} was fitted to labels of {named}, so it looks too good on them."


def find_fitted_articles(results: Results) -> frozenset[str]:
    """Return the ids of the articles whose labels the run's verifier was fitted to; it looks too good on them."""
    fitted = results.manifest.agreement.fitted if results.manifest.agreement else {}
    return frozenset(item.article.id for item in results.items if name_part(item.article.id) in fitted)


def _make_row(task: Task, label: HumanLabel, system: str) -> LabelledPair:
    kind = "claim" if task.use == "grounding" else task.fact.kind if task.fact else ""
    return LabelledPair(task.pair, label, task.item.article.id, system, kind)
