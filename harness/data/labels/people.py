"""People's labels in the place of the verifier's verdicts: where a person judged a pair, their label holds.

The verdicts on disk stay the verifier's. A verdict is overruled when it is read, to be counted, scored or shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from harness.data.labels.pair_key import PairKey, pair_key
from harness.document.labels import PEOPLE
from harness.records import Annotation, Check, Label, Probabilities, Use, Verdict


@dataclass(frozen=True, slots=True)
class People:
    """The labels that hold, by what they answer; false where there are none."""

    labels: Mapping[PairKey, Sequence[Annotation]]

    @classmethod
    def of(cls, labels: Sequence[Annotation]) -> People:
        """The labels that decide something; an ``uncertain`` one leaves the decision to the verifier."""
        by_question: dict[PairKey, list[Annotation]] = defaultdict(list)
        for label in labels:
            if label.label not in (None, "uncertain"):
                by_question[label.question].append(label)
        return cls(dict(by_question))

    def __bool__(self) -> bool:
        return bool(self.labels)

    def label(self, use: Use, hypothesis: str, premise: str) -> Label | None:
        """The label that most people gave; uncertain in a tie, None where nobody decided."""
        annotations = self._of(use, hypothesis, premise)
        return _majority(annotations) if annotations else None

    def check(self, check: Check, premise: str) -> Check:
        """The check with people's verdict in place of the verifier's, where there is one."""
        annotations = self._of(check.use, check.hypothesis, premise)
        return replace(check, verdict=_verdict(check.verdict, annotations)) if annotations else check

    def _of(self, use: Use, hypothesis: str, premise: str) -> Sequence[Annotation]:
        return self.labels.get(pair_key(use, hypothesis, premise), ()) if self.labels else ()


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
