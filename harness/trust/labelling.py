"""Collect people's labels, and read them as rows for measuring or calibrating a verifier."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from uuid import uuid4

from harness.data import labels
from harness.data.labels import PairKey, People
from harness.data.pairs import Corpus, HumanLabel, LabelledPair, UnsureRow
from harness.document import format as fmt
from harness.errors import UsageError
from harness.manifest import now
from harness.records import Annotation, Label, Results, Shown, Use
from harness.signature import digest
from harness.trust.queue import QueuedTask, Task, list_tasks, order_tasks

_LONGEST_NAME = 80


def check_annotator(name: str) -> str:
    """Return the name without surrounding white space; UsageError if it is empty, long or unprintable."""
    name = name.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise UsageError(
            f"{name[:_LONGEST_NAME]!r} is not an annotator's name; write one line of up to {_LONGEST_NAME} characters"
        )
    return name


@dataclass(frozen=True, slots=True)
class SubmittedLabel:
    queued_task: QueuedTask
    label: Label
    note: str = ""
    blind: bool = True
    """True if the person saw neither verdict nor system."""
    marked: bool = True
    """True if evidence was marked in the premise."""
    from_queue: bool = True
    """True if the pair came next in the queue; False if the person picked the pair, e.g. to correct a verdict."""


class AnnotationQueue:
    """The pairs of one or several runs, and their label files.

    Raises UsageError if the runs keep labels in different files, because a label in one would be missing in the other.
    """

    def __init__(self, runs: Sequence[Results], use: Use | None = None) -> None:
        self.tasks = [task for task in list_tasks(runs) if use in (None, task.use)]
        self.queued = {queued.task.id: queued for queued in order_tasks(self.tasks)}
        """Id → pair, in the order in which people are asked."""
        self.count = Counter(task.use for task in self.tasks)
        self._known = frozenset(task.question for task in self.tasks)
        files = {run.labels_file for run in runs}
        if len(files) > 1:
            where = (f"{run.manifest.name} in {run.labels_file or 'files beside its articles'}" for run in runs)
            raise UsageError(
                f"these runs keep their labels in different places: {', '.join(where)}; "
                "label one run at a time, or set the same labels: FILE in their configs"
            )
        self._given = next((Path(file) for file in files if file), None)

    def find_file(self, task: Task) -> Path:
        return labels.require_path(task.item.article, self._given)

    def read_labels(self) -> list[Annotation]:
        """Read the labels of these pairs that no later line replaces; DataError for an invalid line."""
        return [label for of_file in self.read_labels_by_file() for label in of_file]

    def read_labels_by_file(self) -> list[list[Annotation]]:
        """Read the same labels, one list for each file, in the order of the lines."""
        lines = (labels.select_current(labels.read(path)) for path in self._files)
        return [[label for label in of_file if label.question in self._known] for of_file in lines]

    @cached_property
    def _files(self) -> tuple[Path, ...]:
        articles = {task.item.article.id: task.item.article for task in self.tasks}.values()
        return tuple(dict.fromkeys(path for each in articles if (path := labels.find_path(each, self._given))))


class AnnotationSession:
    """One person's labels, each appended to a file immediately."""

    def __init__(self, queue: AnnotationQueue, name: str) -> None:
        self.queue, self.annotator = queue, check_annotator(name)

    def list_waiting(self) -> list[QueuedTask]:
        """List the pairs that the person has not decided, those labelled uncertain last."""
        own = {label.question: label.label for label in self.list_labels()}
        left = [each for each in self.queue.queued.values() if own.get(each.task.question) in (None, "uncertain")]
        return sorted(left, key=lambda each: each.task.question in own)

    def list_labels(self) -> list[Annotation]:
        """List the person's current labels, latest last. The labels of a file keep their order in the file."""
        given: list[tuple[str, Annotation]] = []
        for of_file in self.queue.read_labels_by_file():
            latest = ""
            for label in of_file:
                if label.annotator == self.annotator:
                    latest = max(latest, label.time)
                    given.append((latest, label))
        return [label for _, label in sorted(given, key=lambda each: each[0])]

    def submit(self, answers: Sequence[SubmittedLabel]) -> list[Annotation]:
        earlier = {label.question: label.id for label in self.list_labels()}
        by_file: dict[Path, list[Annotation]] = {}
        for answer in answers:
            path = self.queue.find_file(answer.queued_task.task)
            by_file.setdefault(path, []).append(self._annotate(answer, earlier))
        labels.append_all(by_file)
        return [line for lines in by_file.values() for line in lines]

    def withdraw(self, label: Annotation) -> None:
        """Withdraw a label of this person, so that the label that it replaced is valid again."""
        task = next(task for task in self.queue.tasks if task.question == label.question)
        line = replace(label, id=_make_id(), time=now(), label=None, replaces=label.id, note="", probability=None)
        labels.append(self.queue.find_file(task), [line])

    def _annotate(self, answer: SubmittedLabel, earlier: dict[PairKey, str]) -> Annotation:
        task = answer.queued_task.task
        use, hypothesis, premise_hash = task.question
        evidence = (task.evidence,) if answer.marked and task.evidence else ()
        seen = () if answer.blind else (task.checks[0].verdict.label, task.checks[0].system)
        return Annotation(
            id=_make_id(),
            annotator=self.annotator,
            time=now(),
            article_id=task.item.article.id,
            use=use,
            target=task.checks[0].target,
            hypothesis=hypothesis,
            premise_hash=premise_hash,
            label=answer.label,
            shown=Shown(answer.blind, evidence, *seen),
            premise=task.premise if use == "coverage" else None,
            probability=answer.queued_task.probability if answer.from_queue and answer.blind else None,
            replaces=earlier.get(task.question),
            note=answer.note.strip().encode("utf-8", "replace").decode(),  # files cannot hold a lone surrogate
        )


def _make_id() -> str:
    return uuid4().hex[:16]


def build_corpus(results: Results) -> Corpus:
    """Make a row for each labelled pair, with the label that most people gave; a tie is unsure.

    A pair that occurs in several summaries is one row, under the first system; ``facts_by_system`` has a row for each
    summary. Each article's labels are a part of their own, so that a verifier fitted to them can be recognised.
    """
    people = People.from_labels([label for label in results.labels if label.label is not None])
    rows: list[tuple[Task, HumanLabel | None]] = []
    by_article: dict[str, list[tuple[str, HumanLabel | None]]] = defaultdict(list)
    for task in list_tasks([results]):
        if task.question in people.labels:
            label = people.label(task.use, task.hypothesis, task.premise)
            agreed = None if label == "uncertain" else label
            rows.append((task, agreed))
            by_article[task.item.article.id].append((task.id, agreed))
    parts = {name_part(article): digest(sorted(labelled)) for article, labelled in by_article.items()}
    return Corpus(
        name=f"people's labels of {results.manifest.name}",
        digest=digest(parts),
        labelled=tuple(_judge(task, label, task.checks[0].system) for task, label in rows if label),
        unsure_rows=tuple(UnsureRow(task.pair, task.item.article.id) for task, label in rows if label is None),
        parts=parts,
        facts_by_system=tuple(
            _judge(task, label, check.system)
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
    return f"The verifier of {results.manifest.name} was fitted to the labels of {named}, so it looks too good there."


def find_fitted_articles(results: Results) -> frozenset[str]:
    """Return the ids of the articles whose labels the run's verifier was fitted to; it looks too good on them."""
    fitted = results.manifest.agreement.fitted if results.manifest.agreement else {}
    return frozenset(item.article.id for item in results.items if name_part(item.article.id) in fitted)


def _judge(task: Task, label: HumanLabel, system: str) -> LabelledPair:
    kind = "claim" if task.use == "grounding" else task.fact.kind if task.fact else ""
    return LabelledPair(task.pair, label, task.item.article.id, system, kind)
