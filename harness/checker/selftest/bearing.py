"""Which sentences of a text bear on a fact, by the words that they share: of no others is the verifier asked."""

from __future__ import annotations

from harness.checker.selftest.corrupt import Corrupted
from harness.english.lists import group
from harness.english.stems import stemmed
from harness.records import Fact
from harness.text import words
from harness.verifiers.windows import index

_SMALL = group(
    "a an the of to in on at for by with from and or is are was were be been has have had do does did not that this it "
    "its he she they his her their him them who which as"
)


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
