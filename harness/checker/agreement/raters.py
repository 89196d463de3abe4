"""Everybody who gave labels to the pairs of a run: people, and the verifiers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from harness.checker.labelling.queue import Task
from harness.data.labels.pair_key import PairKey
from harness.records import Annotation, Label
from harness.signature import kind_of


@dataclass(frozen=True, slots=True)
class Rater:
    """A person or a verifier, and what they say of each pair."""

    name: str
    """The annotator's name; the verifier's kind, numbered where several are of one kind."""
    person: bool
    labels: Mapping[PairKey, Label]


def people(tasks: Iterable[Task], labels: Sequence[Annotation]) -> list[Rater]:
    """The annotators, who gave most labels to these pairs first; a label that does not hold must not be among them."""
    questions = {task.question for task in tasks}
    by_person: dict[str, dict[PairKey, Label]] = {}
    for label in labels:
        if label.question in questions and label.label is not None:
            by_person.setdefault(label.annotator, {})[label.question] = label.label
    return [
        Rater(name, True, by_person[name]) for name in sorted(by_person, key=lambda name: (-len(by_person[name]), name))
    ]


def verifiers(tasks: Iterable[Task]) -> list[Rater]:
    """The verifiers that judged these pairs, in the order in which they are met."""
    by_verifier: dict[str, dict[PairKey, Label]] = {}
    for task in tasks:
        for check in task.checks:
            by_verifier.setdefault(check.verdict.verifier, {})[task.question] = check.verdict.label
    kinds = Counter(kind_of(signature) for signature in by_verifier)
    met: Counter[str] = Counter()
    raters = []
    for signature, labels in by_verifier.items():
        kind = kind_of(signature)
        met[kind] += 1
        raters.append(Rater(f"{kind} {met[kind]}" if kinds[kind] > 1 else kind, False, labels))
    return raters
