"""Replace the verifier's verdicts by people's labels, when verdicts are counted, scored or shown.

The verdicts on disk stay the verifier's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from harness.records import PEOPLE, Annotation, Check, Label, Probabilities, Use, Verdict
from harness.signature import digest

PairKey = tuple[Use, str, str]
"""Use, hypothesis and hash of the premise: ``Annotation.question``."""

_hash_premise = lru_cache(maxsize=4096)(digest)


def pair_key(use: Use, hypothesis: str, premise: str) -> PairKey:
    return use, hypothesis, _hash_premise(premise)


def pair_id(key: PairKey) -> str:
    """Return the id of a pair in pages and files."""
    return digest(*key)


@dataclass(frozen=True, slots=True)
class People:
    """People's current labels by pair. ``bool(people)`` is False if no label decides a pair.

    An ``uncertain`` label leaves the decision to other annotators, or to the verifier.
    """

    labels: Mapping[PairKey, Sequence[Annotation]]

    @classmethod
    def from_labels(cls, labels: Sequence[Annotation]) -> People:
        by_question: dict[PairKey, list[Annotation]] = defaultdict(list)
        for label in labels:
            by_question[label.question].append(label)
        return cls(dict(by_question))

    def __bool__(self) -> bool:
        return any(map(select_deciding, self.labels.values()))

    def labels_of(self, use: Use, hypothesis: str, premise: str) -> Sequence[Annotation]:
        return self.labels.get(pair_key(use, hypothesis, premise), ()) if self.labels else ()

    def label(self, use: Use, hypothesis: str, premise: str) -> Label | None:
        """Return the label of most annotators: uncertain in a tie, None if nobody decided."""
        annotations = select_deciding(self.labels_of(use, hypothesis, premise))
        return _find_majority(annotations) if annotations else None

    def check(self, check: Check, premise: str) -> Check:
        """Return the check, with people's verdict instead of the verifier's if people decided."""
        annotations = select_deciding(self.labels_of(check.use, check.hypothesis, premise))
        if not annotations:
            return check
        own, label = check.verdict, _find_majority(annotations)
        votes = Counter(annotation.label for annotation in annotations)
        names = " and ".join(dict.fromkeys(annotation.annotator for annotation in annotations))
        same = label == own.label
        verdict = Verdict(
            label=label,
            probabilities=Probabilities(
                *(votes[each] / votes.total() for each in ("supported", "contradicted", "absent"))
            ),
            evidence=own.evidence if same or label in ("supported", "contradicted") else None,
            verifier=f"{PEOPLE}|{names}",
            reason=own.reason if same else "people disagree" if label == "uncertain" else None,
            differences=own.differences if label in ("contradicted", "absent") else (),
        )
        return replace(check, verdict=verdict)


def select_deciding(annotations: Sequence[Annotation]) -> list[Annotation]:
    """Select the annotations whose label is not ``uncertain``."""
    return [annotation for annotation in annotations if annotation.label not in (None, "uncertain")]


def _find_majority(annotations: Sequence[Annotation]) -> Label:
    (first, most), *others = Counter(annotation.label for annotation in annotations).most_common()
    return "uncertain" if first is None or (others and others[0][1] == most) else first
