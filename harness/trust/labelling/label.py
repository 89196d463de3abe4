"""Ask people what verifiers have answered: what ``harness label`` and the page for judging do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from uuid import uuid4

from harness.data import labels
from harness.data.labels.pair_key import PairKey
from harness.errors import UsageError
from harness.manifest import now
from harness.records import Annotation, Label, Results, Shown, Use
from harness.trust.labelling.queue import QueuedTask, Task, queue, tasks

LONGEST_NAME = 80
"""Characters of an annotator's name."""


def annotator(name: str) -> str:
    """The name without white space around it; UsageError where it is none that can stand in a table."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        shown = name[:LONGEST_NAME]
        raise UsageError(f"{shown!r} is no annotator's name; write one line of up to {LONGEST_NAME} characters")
    return name


@dataclass(frozen=True, slots=True)
class SubmittedLabel:
    """What a person says to a question, and what was before their eyes."""

    ask: QueuedTask
    label: Label
    note: str = ""
    blind: bool = True
    marked: bool = True
    """Whether evidence was marked in the premise."""
    queued: bool = True
    """Whether the pair came next in the queue; false where the person picked it, to correct its verdict say."""


class AnnotationQueue:
    """What people can be asked of one run or several, in order, and where the answers go.

    UsageError where the runs keep labels in different files: what is labelled in one would be missing in the other.
    """

    def __init__(self, runs: Sequence[Results], use: Use | None = None) -> None:
        self.tasks = [task for task in tasks(runs) if use in (None, task.use)]
        self.queued = {ask.task.id: ask for ask in queue(self.tasks)}
        """Every pair by its id, in the order in which they are asked."""
        self.count = Counter(task.use for task in self.tasks)
        self._known = frozenset(task.question for task in self.tasks)
        self._given = _labels_file(runs)

    def file(self, task: Task) -> Path:
        """Where labels of a pair are kept; DataError where nothing says where."""
        return labels.require_path(task.item.article, self._given)

    def labels(self) -> list[Annotation]:
        """Everybody's that hold on these pairs, as the files are now; DataError where a line of one is no label."""
        return [label for of_file in self.labels_by_file() for label in of_file]

    def labels_by_file(self) -> list[list[Annotation]]:
        """The same, file by file, each in the order in which its lines were written."""
        lines = (labels.holding(labels.read(path)) for path in self._files)
        return [[label for label in of_file if label.question in self._known] for of_file in lines]

    @cached_property
    def _files(self) -> tuple[Path, ...]:
        articles = {task.item.article.id: task.item.article for task in self.tasks}.values()
        return tuple(dict.fromkeys(path for each in articles if (path := labels.path_of(each, self._given))))


class AnnotationSession:
    """One person's way through the questions. Each answer is on disk at once, at the end of a file."""

    def __init__(self, questions: AnnotationQueue, name: str) -> None:
        self.questions, self.annotator = questions, annotator(name)

    def waiting(self, mine: Sequence[Annotation] | None = None) -> list[QueuedTask]:
        """What is still to be asked, as the files are now; last, that of which the person could not tell.

        ``mine``: the person's labels, where they have been read.
        """
        own = {label.question: label.label for label in (self.mine() if mine is None else mine)}
        open_ = [ask for ask in self.questions.queued.values() if own.get(ask.task.question) in (None, "uncertain")]
        return sorted(open_, key=lambda ask: ask.task.question in own)

    def mine(self) -> list[Annotation]:
        """The person's own labels that hold, the last given last.

        Within a file their order is that of its lines, also where a clock was set back; across files it is the time.
        """
        given: list[tuple[str, Annotation]] = []
        for of_file in self.questions.labels_by_file():
            latest = ""
            for label in of_file:
                if label.annotator == self.annotator:
                    latest = max(latest, label.time)
                    given.append((latest, label))
        return [label for _, label in sorted(given, key=lambda each: each[0])]

    def submit(self, answers: Sequence[SubmittedLabel]) -> list[Annotation]:
        """Keep answers, all or none, each in place of an earlier one of the same person to the same question."""
        earlier = {label.question: label.id for label in self.mine()}
        by_file: dict[Path, list[Annotation]] = {}
        for answer in answers:
            path = self.questions.file(answer.ask.task)
            by_file.setdefault(path, []).append(self._line(answer, earlier))
        if len(answers) == 1:
            [(path, lines)] = by_file.items()
            labels.append(path, lines)
        else:
            labels.append_all(by_file)
        return [line for lines in by_file.values() for line in lines]

    def take_back(self, label: Annotation) -> None:
        """A label that this person gave holds no longer; what it replaced holds again."""
        task = next(task for task in self.questions.tasks if task.question == label.question)
        line = replace(label, id=_new_id(), time=now(), label=None, replaces=label.id, note="", probability=None)
        labels.append(self.questions.file(task), [line])

    def _line(self, answer: SubmittedLabel, earlier: dict[PairKey, str]) -> Annotation:
        task = answer.ask.task
        use, hypothesis, premise_hash = task.question
        return Annotation(
            id=_new_id(),
            annotator=self.annotator,
            time=now(),
            article_id=task.item.article.id,
            use=use,
            target=task.checks[0].target,
            hypothesis=hypothesis,
            premise_hash=premise_hash,
            label=answer.label,
            shown=_shown(task, answer),
            premise=task.premise if use == "coverage" else None,
            probability=answer.ask.probability if answer.queued and answer.blind else None,
            replaces=earlier.get(task.question),
            note=answer.note.strip().encode("utf-8", "replace").decode(),  # half a surrogate pair: no file can hold it
        )


def _labels_file(runs: Sequence[Results]) -> Path | None:
    """The file that the runs keep labels in; None where each article has its own."""
    files = {run.labels_file for run in runs}
    if len(files) > 1:
        listed = ", ".join(f"{run.manifest.name} in {run.labels_file or 'files beside its articles'}" for run in runs)
        raise UsageError(
            f"these runs keep their labels apart: {listed}; "
            "label one at a time, or name one labels: FILE in their configs"
        )
    return next((Path(file) for file in files if file), None)


def _shown(task: Task, answer: SubmittedLabel) -> Shown:
    evidence = (task.evidence,) if answer.marked and task.evidence else ()
    if answer.blind:
        return Shown(True, evidence)
    return Shown(False, evidence, task.checks[0].verdict.label, task.checks[0].system)


def _new_id() -> str:
    return uuid4().hex[:16]
