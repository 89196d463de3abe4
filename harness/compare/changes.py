"""List what changed between two sides: facts kept or lost, and summaries whose verdicts or text differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

import numpy as np

from harness.compare.stored import StoredVerdict
from harness.document.blocks import Piece
from harness.records import Fact, Importance, Label, Place, Summary
from harness.stats.paired_facts import FactDifference, compare_facts
from harness.stats.resampling import Resampler

# Facts ----------------------------------------------------------------------------------------------------------------


class FactKey(NamedTuple):
    """A fact of an article. If its statement is edited, it counts as another fact."""

    article: str
    fact: str
    statement: str


FactVerdicts = Mapping[FactKey, "Counter[Label]"]

Turn = Literal["lost", "gained", "contradicted", "no longer contradicted"]
"""``lost``: kept in fewer samples, or in none; reports say ``no longer kept``."""

_WORDS = re.compile(r"\S+|\s+")
_ORDER: tuple[Importance | None, ...] = ("essential", "supporting", "detail", None)


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact that one side keeps, or contradicts, more often than the other."""

    article: str
    fact: str
    statement: str
    importance: Importance | None
    """None if today's data does not have the fact."""
    turn: Turn
    before: Counter[Label]
    after: Counter[Label]
    unreviewed: bool = False
    """True if the fact is a suggestion that nobody has reviewed."""


@dataclass(frozen=True, slots=True)
class FactChanges:
    """How two sides differ on the facts on which both have verdicts. The reference is the first side."""

    compared: int
    changes: tuple[FactChange, ...]
    """Sorted by importance; among equals, facts that got worse come first."""
    test: FactDifference | None
    """The second side minus the first, all facts weighted equally. If None, ``reason`` says why."""
    reason: str | None = None

    def of(self, turn: Turn) -> tuple[FactChange, ...]:
        return tuple(change for change in self.changes if change.turn == turn)


def count_verdicts(lines: Iterable[StoredVerdict]) -> FactVerdicts:
    """Count the verdicts on each fact over samples and systems; abstentions do not count."""
    verdicts: dict[FactKey, Counter[Label]] = {}
    for line in lines:
        if line.use == "coverage" and not line.verdict.abstained:
            verdicts.setdefault(FactKey(line.article_id, line.target, line.hypothesis), Counter())[line.label] += 1
    return verdicts


def compare_fact_verdicts(
    before: FactVerdicts, after: FactVerdicts, facts: Mapping[tuple[str, str], Fact], resampler: Resampler
) -> FactChanges:
    """Compare the facts on which both sides have verdicts, and list those that changed."""
    shared = [key for key in before if key in after]
    changes = []
    for key in shared:
        old, new = before[key], after[key]
        turn: Turn | None = None
        if kept := share(new, "supported") - share(old, "supported"):
            turn = "gained" if kept > 0 else "lost"
        elif wrong := share(new, "contradicted") - share(old, "contradicted"):
            turn = "contradicted" if wrong > 0 else "no longer contradicted"
        if turn:
            fact = facts.get((key.article, key.fact))
            importance, unreviewed = (fact.importance, fact.unreviewed) if fact else (None, False)
            changes.append(FactChange(*key, importance, turn, old, new, unreviewed))
    changes.sort(  # by importance, then facts that got worse first
        key=lambda change: (
            _ORDER.index(change.importance),
            change.turn not in ("lost", "contradicted"),
            not change.after["contradicted"],
        )
    )
    if not shared:
        return FactChanges(0, (), None, "no fact has a verdict on both sides")
    if any(before[key].total() > 1 or after[key].total() > 1 for key in shared):
        reason = "a side has several summaries of an article, so a fact is kept in a share of them"
        return FactChanges(len(shared), tuple(changes), None, reason)
    first, second = ([float(side[key]["supported"]) for key in shared] for side in (before, after))
    articles = [key.article for key in shared]
    test = compare_facts(second, first, articles, np.random.default_rng(resampler.seed), resampler.count)
    return FactChanges(len(shared), tuple(changes), test)


def share(labels: Counter[Label], label: Label) -> float:
    return labels[label] / labels.total()


# Summaries ------------------------------------------------------------------------------------------------------------

SummaryPlace = tuple[str, int]
Labels = Mapping[str, Label]
"""Labels in one summary, by fact id or by the text of the claim."""


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A fact or claim whose verdict changed; ``before`` or ``after`` is None if there was no verdict."""

    name: str
    statement: str
    before: Label | None
    after: Label | None


@dataclass(frozen=True, slots=True)
class SummaryChange:
    """A summary whose verdicts or text changed between two runs."""

    place: Place
    facts: tuple[VerdictChange, ...]
    claims: tuple[VerdictChange, ...]
    """Changed verdicts on claims that have the same words in both summaries."""
    unsupported: tuple[int, int]
    """Number of claims that are not supported, before and after."""
    wrong: tuple[int, int]
    """Number of claims that the article contradicts."""
    before: str | None
    after: str | None

    @property
    def verdicts_changed(self) -> bool:
        return bool(self.facts or self.claims or self.unsupported[0] != self.unsupported[1])

    @property
    def text_changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class SummaryChanges:
    compared: int
    changes: tuple[SummaryChange, ...]
    missing: tuple[int, int]
    """Number of summaries that have a text in one run only: those missing before, and those missing after."""
    wrong: tuple[int, int]
    """Number of claims that the article contradicts, in summaries with a text on both sides: before and after."""

    @property
    def verdicts_changed(self) -> int:
        return sum(change.verdicts_changed for change in self.changes)

    @property
    def texts_changed(self) -> int:
        return sum(change.text_changed for change in self.changes)


@dataclass(frozen=True, slots=True)
class VerifiedSummaries:
    """The summaries of one side with their verdicts."""

    summaries: Mapping[SummaryPlace, Summary]
    facts: Mapping[SummaryPlace, Labels]
    claims: Mapping[SummaryPlace, Labels]
    """By the text of the claim. If a summary repeats a sentence, its last verdict counts."""
    claim_counts: Mapping[SummaryPlace, Counter[Label]]
    statements: Mapping[tuple[str, str], str]
    """Statements of the facts, by (article, fact id)."""

    @classmethod
    def of(cls, summaries: Iterable[Summary], lines: Sequence[StoredVerdict]) -> VerifiedSummaries:
        facts: dict[SummaryPlace, dict[str, Label]] = {}
        claims: dict[SummaryPlace, dict[str, Label]] = {}
        claim_counts: dict[SummaryPlace, Counter[Label]] = {}
        checked = [line for line in lines if not line.verdict.abstained]
        for line in checked:
            place = (line.article_id, line.sample)
            if line.use == "coverage":
                facts.setdefault(place, {})[line.target] = line.label
            else:
                claims.setdefault(place, {})[line.hypothesis] = line.label
                claim_counts.setdefault(place, Counter())[line.label] += 1
        statements = {(line.article_id, line.target): line.hypothesis for line in checked if line.use == "coverage"}
        placed = {(summary.article_id, summary.sample): summary for summary in summaries}
        return cls(placed, facts, claims, claim_counts, statements)

    def count_wrong(self, place: SummaryPlace) -> int:
        return self.claim_counts.get(place, Counter())["contradicted"]

    def count_unsupported(self, place: SummaryPlace) -> int:
        labels = self.claim_counts.get(place, Counter())
        return labels.total() - labels["supported"]


def compare_summaries(before: VerifiedSummaries, after: VerifiedSummaries) -> SummaryChanges:
    shared = [place for place in before.summaries if place in after.summaries]
    changes = [_compare_summary(place, before, after) for place in shared]
    changed = [change for change in changes if change.verdicts_changed or change.text_changed]
    changed.sort(key=lambda change: (change.verdicts_changed, len(change.facts), len(change.claims)), reverse=True)
    old, new = (
        {place for place, summary in side.summaries.items() if summary.text is not None} for side in (before, after)
    )
    return SummaryChanges(
        compared=len(shared),
        changes=tuple(changed),
        missing=(len(new - old), len(old - new)),
        wrong=(sum(map(before.count_wrong, old & new)), sum(map(after.count_wrong, old & new))),
    )


def _compare_summary(place: SummaryPlace, before: VerifiedSummaries, after: VerifiedSummaries) -> SummaryChange:
    old, new = before.summaries[place], after.summaries[place]
    facts = before.facts.get(place, {}), after.facts.get(place, {})
    claims = before.claims.get(place, {}), after.claims.get(place, {})
    statements = {
        name: side.statements[place[0], name]
        for side, labels in ((before, facts[0]), (after, facts[1]))
        for name in labels
    }
    return SummaryChange(
        place=old.place,
        facts=_compare_labels(*facts, statements),
        claims=_compare_labels(*claims, {name: name for name in claims[0] if name in claims[1]}),
        unsupported=(before.count_unsupported(place), after.count_unsupported(place)),
        wrong=(before.count_wrong(place), after.count_wrong(place)),
        before=old.text,
        after=new.text,
    )


def _compare_labels(before: Labels, after: Labels, statements: Mapping[str, str]) -> tuple[VerdictChange, ...]:
    """List the verdicts whose labels differ, for the names in ``statements``."""
    pairs = ((name, before.get(name), after.get(name)) for name in statements)
    return tuple(VerdictChange(name, statements[name], old, new) for name, old, new in pairs if old != new)


# Words ----------------------------------------------------------------------------------------------------------------


def diff(before: str, after: str) -> list[Piece]:
    """Compare two texts word by word. Each piece is unmarked, ``gone`` or ``new``.

    The unmarked and ``gone`` pieces together are the first text; the unmarked and ``new`` pieces are the second.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[Piece] = []
    removed, added = "", ""
    for tag, start, end, begin, finish in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left, right = "".join(old[start:end]), "".join(new[begin:finish])
        if tag != "equal" or (left.isspace() and (removed or added)):  # merge adjacent changed words into one change
            removed, added = removed + left, added + right
            continue
        pieces += [*_change(removed, added), Piece(left)]
        removed, added = "", ""
    return [*pieces, *_change(removed, added)]


def _change(removed: str, added: str) -> list[Piece]:
    shared = ""
    while removed and added and removed[-1] == added[-1] and removed[-1].isspace():
        removed, added, shared = removed[:-1], added[:-1], removed[-1] + shared
    return [piece for piece in (Piece(removed, "gone"), Piece(added, "new"), Piece(shared)) if piece.text]
