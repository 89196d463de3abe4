"""People's labels in the place of the verifier's verdicts: where a person judged a pair, their label holds.

The verdicts on disk stay the verifier's. A verdict is overruled when it is read, to be counted, scored or shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from harness.data.labels.pair_key import PairKey, pair_key
from harness.records import PEOPLE, Annotation, Check, Label, Probabilities, Use, Verdict


@dataclass(frozen=True, slots=True)
class People:
    """The labels that hold, by what they answer; false where none decides anything.

    An ``uncertain`` one is kept, and leaves the decision to others, or to the verifier.
    """

    labels: Mapping[PairKey, Sequence[Annotation]]

    @classmethod
    def of(cls, labels: Sequence[Annotation]) -> People:
        """These labels, by what they answer."""
        by_question: dict[PairKey, list[Annotation]] = defaultdict(list)
        for label in labels:
            by_question[label.question].append(label)
        return cls(dict(by_question))

    def __bool__(self) -> bool:
        return any(map(deciding, self.labels.values()))

    def labels_of(self, use: Use, hypothesis: str, premise: str) -> Sequence[Annotation]:
        """Everybody's labels of these two texts; none where nobody gave any."""
        return self.labels.get(pair_key(use, hypothesis, premise), ()) if self.labels else ()

    def label(self, use: Use, hypothesis: str, premise: str) -> Label | None:
        """The label that most people gave; uncertain in a tie, None where nobody decided."""
        annotations = deciding(self.labels_of(use, hypothesis, premise))
        return _majority(annotations) if annotations else None

    def check(self, check: Check, premise: str) -> Check:
        """The check with people's verdict in place of the verifier's, where there is one."""
        annotations = deciding(self.labels_of(check.use, check.hypothesis, premise))
        return replace(check, verdict=_verdict(check.verdict, annotations)) if annotations else check


def deciding(annotations: Sequence[Annotation]) -> list[Annotation]:
    """Those that are not ``uncertain``."""
    return [annotation for annotation in annotations if annotation.label not in (None, "uncertain")]


def _verdict(own: Verdict, annotations: Sequence[Annotation]) -> Verdict:
    label = _majority(annotations)
    votes = Counter(annotation.label for annotation in annotations)
    shares = {each: votes[each] / votes.total() for each in votes}
    names = " and ".join(dict.fromkeys(annotation.annotator for annotation in annotations))
    same = label == own.label
    return Verdict(
        label=label,
        probabilities=Probabilities(*(shares.get(each, 0.0) for each in ("supported", "contradicted", "absent"))),
        evidence=own.evidence if same or label in ("supported", "contradicted") else None,
        verifier=f"{PEOPLE}|{names}",
        reason=own.reason if same else "people disagree" if label == "uncertain" else None,
        differences=own.differences if label in ("contradicted", "absent") else (),
    )


def _majority(annotations: Sequence[Annotation]) -> Label:
    (first, most), *others = Counter(annotation.label for annotation in annotations).most_common()
    return "uncertain" if first is None or (others and others[0][1] == most) else first
