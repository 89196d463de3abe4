"""Every version of a reference that a self-test scores and judges: as it is, and with one thing changed.

Which sentences bear on a fact is told by the words that they share with it: of no others is the verifier asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from harness.checker_en.lists import group
from harness.checker_en.stems import stemmed
from harness.checker_en.windows import index
from harness.perturbations import Edit
from harness.records import Fact, Generation, Item, Pair, Reference, Summary
from harness.seams import AskVerifier
from harness.text import sentences, words
from harness.trust.selftest import corrupt
from harness.trust.selftest.corrupt import Corrupted
from harness.trust.selftest.rates import INTACT

LOOKED_IN = 2
"""Sentences that a fact is looked for in, the nearest: enough to see that more than one carries it."""

Carried = Mapping[str, frozenset[str]]
"""Sentence → the ids of the facts that it alone carries."""
_SMALL = group(
    "a an the of to in on at for by with from and or is are was were be been has have had do does did not that this it "
    "its he she they his her their him them who which as"
)


class ReferenceEdits(NamedTuple):
    """A reference, and it with one sentence changed: all that can be made before the verifier is asked."""

    item: Item
    reference: Reference
    changes: Sequence[Corrupted]


class FactEdits(NamedTuple):
    """A fact, and its statement with an error or in other words."""

    item: Item
    fact: Fact
    edits: Sequence[Edit]


@dataclass(frozen=True)
class Version:
    """A reference in the place of a summary. ``Case.references`` leaves the reference itself out, changed or not."""

    item: Item
    reference: Reference
    change: Corrupted | None
    """None for the reference as it is."""
    carried: Carried
    summary: Summary

    @property
    def kind(self) -> str:
        return self.change.kind if self.change else INTACT

    @cached_property
    def touched(self) -> frozenset[str]:
        """The facts that may be found otherwise than in the reference as it is."""
        return touched(self.item, self.reference, self.change) | self.lost if self.change else frozenset()

    @property
    def lost(self) -> frozenset[str]:
        """The facts that a changed sentence alone carried."""
        changed = self.change.before if self.change else ()
        return frozenset().union(*(self.carried.get(sentence, frozenset()) for sentence in changed))


def versions(edits: ReferenceEdits, ask: AskVerifier, each: int) -> Iterator[Version]:
    """The intact version first. ``ask`` says which sentence carries which fact; ``each``: of dropped ones at most."""
    item, reference, changes = edits
    carried = _carried(item, reference, ask)
    changed = [*changes, *_dropped(item, reference, carried)[:each]]
    for number, change in enumerate([None, *changed]):
        text = reference.text if change is None else change.text
        generation = Generation(f"{reference.id} {number}", text, reference_id=reference.id)
        summary = Summary(generation.request_id, f"reference {reference.id}", item.article.id, number, generation)
        yield Version(item, reference, change, carried, summary)


def touched(item: Item, reference: Reference, change: Corrupted) -> frozenset[str]:
    """The ids of the facts that a change may touch."""
    return frozenset(fact.id for fact in item.facts if touches(change, reference.text, fact))


def _carried(item: Item, reference: Reference, ask: AskVerifier) -> Carried:
    """By the verifier's own verdicts, sentence by sentence; what two sentences carry depends on neither."""
    candidates = [(text, fact) for fact in item.facts for text in nearest(reference.text, fact, LOOKED_IN)]
    verdicts = ask([Pair.of_fact(text, fact, item.article) for text, fact in candidates])
    supported = [
        (text, fact.id)
        for (text, fact), verdict in zip(candidates, verdicts, strict=True)
        if verdict.label == "supported"
    ]
    times = Counter(fact for _, fact in supported)
    texts = [span.text for span in sentences(reference.text, item.article.language)]
    return {text: frozenset(fact for other, fact in supported if other == text and times[fact] == 1) for text in texts}


def _dropped(item: Item, reference: Reference, carried: Carried) -> list[Corrupted]:
    """Without the one sentence that carries an essential fact."""
    essential = {fact.id for fact in item.facts if fact.importance == "essential"}
    corrupted = []
    for span in sentences(reference.text, item.article.language):
        text = corrupt.without(reference.text, span)
        if carried[span.text] & essential and text:
            corrupted.append(Corrupted("dropped fact", text, (span.text,), (), ""))
    return corrupted


def nearest(text: str, fact: Fact, most: int) -> tuple[str, ...]:
    """The sentences that share the most with a fact, the best first."""
    sentences = index(text, "sentence").best(" ".join((fact.statement, *fact.accepted)), most)
    return tuple(window.text for window in sentences.windows)


def touches(change: Corrupted, text: str, fact: Fact) -> bool:
    """Whether a change of a text may alter what is found of a fact: in the sentence nearest to it, or in its words."""
    if not set(change.before).isdisjoint(nearest(text, fact, 1)):
        return True
    moved = stems(" ".join(change.before)) ^ stems(" ".join(change.after))
    return not moved.isdisjoint(stems(" ".join((fact.statement, *fact.accepted, *fact.contradictions))))


def stems(text: str) -> frozenset[str]:
    """The stems of its words, the small ones left out."""
    return frozenset(stemmed(word) for word in words(text) if word not in _SMALL)
