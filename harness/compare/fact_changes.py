"""Facts by name: which of them one side keeps and the other does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from harness.compare.stored import StoredVerdict
from harness.records import Fact, Importance, Label
from harness.stats.paired_facts import FactDifference, compare_facts
from harness.stats.resampling import Resampler


class FactKey(NamedTuple):
    """A fact of an article; one whose statement was changed is another fact."""

    article: str
    fact: str
    statement: str


FactVerdicts = Mapping[FactKey, "Counter[Label]"]
"""What a side's verdicts on each fact were, and how many of each."""

Turn = Literal["lost", "gained", "contradicted", "no longer contradicted"]

_ORDER: tuple[Importance | None, ...] = ("essential", "supporting", "detail", None)


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact of which one side keeps another share than the other."""

    article: str
    fact: str
    statement: str
    importance: Importance | None
    """None where the data of today does not have the fact."""
    turn: Turn
    """``lost``: kept no longer, or in fewer samples, whatever it is now; in words ``no longer kept``."""
    before: Counter[Label]
    after: Counter[Label]
    unreviewed: bool = False
    """Whether it was suggested and no person has read it yet."""


@dataclass(frozen=True, slots=True)
class FactChanges:
    """Two sides on the facts that both were judged on, the reference first."""

    compared: int
    changes: tuple[FactChange, ...]
    """Essential facts first, and of one importance first those that are no longer kept."""
    test: FactDifference | None
    """Second minus first, each fact alike; None where ``reason`` says why."""
    reason: str | None = None

    def of(self, *turns: Turn) -> tuple[FactChange, ...]:
        """The changes of these kinds, in order."""
        return tuple(change for change in self.changes if change.turn in turns)


def fact_verdicts(lines: Iterable[StoredVerdict]) -> FactVerdicts:
    """The verdicts on facts, counted over samples and systems."""
    verdicts: dict[FactKey, Counter[Label]] = {}
    for line in lines:
        if line.use == "coverage":
            verdicts.setdefault(FactKey(line.article_id, line.target, line.hypothesis), Counter())[line.label] += 1
    return verdicts


def fact_changes(
    before: FactVerdicts, after: FactVerdicts, facts: Mapping[tuple[str, str], Fact], resampler: Resampler
) -> FactChanges:
    """What became of the facts that both sides have verdicts on."""
    shared = [key for key in before if key in after]
    changes = []
    for key in shared:
        turn = _turn(before[key], after[key])
        if turn:
            fact = facts.get((key.article, key.fact))
            importance, unread = (fact.importance, fact.unreviewed) if fact else (None, False)
            changes.append(FactChange(*key, importance, turn, before[key], after[key], unread))
    test, reason = _tested(before, after, shared, resampler)
    return FactChanges(len(shared), tuple(sorted(changes, key=_severity)), test, reason)


def share(labels: Counter[Label], label: Label) -> float:
    """The share of the verdicts that have the label."""
    return labels[label] / labels.total()


def _turn(before: Counter[Label], after: Counter[Label]) -> Turn | None:
    kept = share(after, "supported") - share(before, "supported")
    wrong = share(after, "contradicted") - share(before, "contradicted")
    if kept:
        return "gained" if kept > 0 else "lost"
    if wrong:
        return "contradicted" if wrong > 0 else "no longer contradicted"
    return None


def _severity(change: FactChange) -> tuple[int, bool, bool]:
    worse = change.turn in ("lost", "contradicted")
    return _ORDER.index(change.importance), not worse, not change.after["contradicted"]


def _tested(
    before: FactVerdicts, after: FactVerdicts, shared: list[FactKey], resampler: Resampler
) -> tuple[FactDifference | None, str | None]:
    if not shared:
        return None, "no fact has a verdict on both sides"
    if any(before[key].total() > 1 or after[key].total() > 1 for key in shared):
        return None, "a side has several summaries of an article, so a fact is kept in a share of them"
    kept, also = ([float(side[key]["supported"]) for key in shared] for side in (after, before))
    articles = [key.article for key in shared]
    return compare_facts(kept, also, articles, np.random.default_rng(resampler.seed), resampler.count), None
