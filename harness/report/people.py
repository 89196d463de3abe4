"""What people say of the verdicts that a report shows, each beside its verdict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.checker.labelling.queue import Question, question
from harness.records import Annotation, Use


@dataclass(frozen=True, slots=True)
class PeopleLabels:
    """The labels that hold, by what they answer."""

    labels: Mapping[Question, Sequence[Annotation]]

    def of(self, use: Use, hypothesis: str, premise: str) -> Sequence[Annotation]:
        """Everybody's of these texts; none where nobody was asked."""
        return self.labels.get(question(use, hypothesis, premise), ()) if self.labels else ()


def people_labels(labels: Sequence[Annotation]) -> PeopleLabels:
    """These labels, to look up."""
    found: dict[Question, list[Annotation]] = defaultdict(list)
    for label in labels:
        found[label.question].append(label)
    return PeopleLabels(dict(found))
