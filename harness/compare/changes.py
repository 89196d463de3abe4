"""List what changed between two sides: facts kept or lost, and summaries whose verdicts or text differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, NamedTuple, get_args

from harness.compare.stored import BriefCheck
from harness.document.blocks import Piece
from harness.document.labels import MARKS, format_counts
from harness.records import Fact, Importance, Label, Place, Summary

# Facts ----------------------------------------------------------------------------------------------------------------


class FactKey(NamedTuple):
    """A fact of an article. If its statement is edited, it counts as another fact."""

    article: str
    fact: str
    statement: str


FactVerdicts = Mapping[FactKey, "Counter[Label]"]

Turn = Literal["no longer kept", "newly contradicted", "gained", "no longer contradicted"]
"""How a fact changed: judged by the share of samples that keep it or, if that is unchanged, that contradict it."""

_UNSUPPORTED: tuple[Label, ...] = ("contradicted", "absent", "uncertain")
_IMPORTANCES: tuple[Importance | None, ...] = (*get_args(Importance), None)


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact that one side keeps, or contradicts, more often than the other."""

    article: str
    fact: str
    statement: str
    importance: Importance | None
    """None if the current articles do not have the fact."""
    turn: Turn
    before: Counter[Label]
    after: Counter[Label]
    unreviewed: bool = False


@dataclass(frozen=True, slots=True)
class FactChanges:
    """The changes among the facts that have verdicts on both sides."""

    compared: int
    changes: tuple[FactChange, ...]
    """Sorted by importance; among equals, facts that got worse come first."""

    def of(self, turn: Turn) -> tuple[FactChange, ...]:
        return tuple(change for change in self.changes if change.turn == turn)


def count_verdicts(checks: Iterable[BriefCheck]) -> FactVerdicts:
    """Count the verdicts on each fact over samples and systems; abstentions do not count."""
    verdicts: dict[FactKey, Counter[Label]] = {}
    for check in checks:
        if check.use == "coverage" and not check.abstained:
            key = FactKey(check.article_id, check.target, check.hypothesis)
            verdicts.setdefault(key, Counter())[check.label] += 1
    return verdicts


def compare_facts(before: FactVerdicts, after: FactVerdicts, facts: Mapping[tuple[str, str], Fact]) -> FactChanges:
    """Compare the facts on which both sides have verdicts; ``facts`` are the current ones by (article, id)."""
    shared = [key for key in before if key in after]
    changes = []
    for key in shared:
        if turn := _find_turn(before[key], after[key]):
            fact = facts.get((key.article, key.fact))
            importance, unreviewed = (fact.importance, fact.unreviewed) if fact else (None, False)
            changes.append(FactChange(*key, importance, turn, before[key], after[key], unreviewed))
    changes.sort(
        key=lambda change: (
            _IMPORTANCES.index(change.importance),
            change.turn not in ("no longer kept", "newly contradicted"),
            not change.after["contradicted"],
        )
    )
    return FactChanges(len(shared), tuple(changes))


def _find_turn(before: Counter[Label], after: Counter[Label]) -> Turn | None:
    if kept := share(after, "supported") - share(before, "supported"):
        return "gained" if kept > 0 else "no longer kept"
    if wrong := share(after, "contradicted") - share(before, "contradicted"):
        return "newly contradicted" if wrong > 0 else "no longer contradicted"
    return None


def share(labels: Counter[Label] | None, label: Label) -> float:
    """Compute the share of the verdicts with this label; 0 if there are no verdicts."""
    return labels[label] / labels.total() if labels else 0.0


def describe_verdicts(labels: Counter[Label] | None) -> str:
    """``kept``, ``2 kept, 1 lost`` for several samples, or ``no verdict``."""
    if labels and labels.total() == 1:
        return MARKS[next(iter(labels))].fact
    return format_counts(labels or Counter(), "coverage") or "no verdict"


# Summaries ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A fact or claim whose verdict changed; ``before`` or ``after`` is None if there was no verdict."""

    name: str
    """The id of the fact, or the text of the claim."""
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
    """Number of summaries missing from the first run only, and number missing from the second run only. If a run has
    fewer samples of an article, the additional samples of the other run do not count."""
    wrong: tuple[int, int]
    """Number of claims that the article contradicts, in summaries with a text in both runs: before and after."""

    @property
    def verdicts_changed(self) -> int:
        return sum(change.verdicts_changed for change in self.changes)

    @property
    def texts_changed(self) -> int:
        return sum(change.text_changed for change in self.changes)


class VerifiedSummary(NamedTuple):
    summary: Summary
    facts: list[BriefCheck]
    claims: list[BriefCheck]

    def count_claims(self, *labels: Label) -> int:
        return sum(check.label in labels for check in self.claims)


VerifiedSummaries = Mapping[tuple[str, int], VerifiedSummary]
"""One system's summaries, by article and sample."""


def attach_verdicts(summaries: Iterable[Summary], checks: Iterable[BriefCheck]) -> VerifiedSummaries:
    """Attach the verdicts, except abstentions, to one system's summaries."""
    verified = {(summary.article_id, summary.sample): VerifiedSummary(summary, [], []) for summary in summaries}
    for check in checks:
        place = (check.article_id, check.sample)
        if place in verified and not check.abstained:
            (verified[place].facts if check.use == "coverage" else verified[place].claims).append(check)
    return verified


def compare_summaries(before: VerifiedSummaries, after: VerifiedSummaries) -> SummaryChanges:
    """Compare the summaries that both sides have; those with the most changed verdicts come first."""
    pairs = [(old, after[place]) for place, old in before.items() if place in after]
    changes = []
    for old, new in pairs:
        # if a summary repeats a sentence, its last verdict counts
        old_claims, new_claims = ({check.hypothesis: check for check in side.claims} for side in (old, new))
        old_facts, new_facts = ({check.target: check for check in side.facts} for side in (old, new))
        change = SummaryChange(
            place=old.summary.place,
            facts=_compare_verdicts(old_facts, new_facts, old_facts | new_facts),
            claims=_compare_verdicts(old_claims, new_claims, [text for text in old_claims if text in new_claims]),
            unsupported=(old.count_claims(*_UNSUPPORTED), new.count_claims(*_UNSUPPORTED)),
            before=old.summary.text,
            after=new.summary.text,
        )
        if change.verdicts_changed or change.text_changed:
            changes.append(change)
    changes.sort(key=lambda change: (change.verdicts_changed, len(change.facts), len(change.claims)), reverse=True)
    old_texts, new_texts = (
        {place for place, each in side.items() if each.summary.text is not None} for side in (before, after)
    )
    old_wrong, new_wrong = (
        sum(side[place].count_claims("contradicted") for place in old_texts & new_texts) for side in (before, after)
    )
    missing = (_count_missing(new_texts - old_texts, before), _count_missing(old_texts - new_texts, after))
    return SummaryChanges(len(pairs), tuple(changes), missing, (old_wrong, new_wrong))


def _count_missing(places: Iterable[tuple[str, int]], side: VerifiedSummaries) -> int:
    """Count the places where the side has a summary without text, and those in articles that it lacks."""
    articles = {article for article, _ in side}
    return sum((article, sample) in side or article not in articles for article, sample in places)


def _compare_verdicts(
    before: Mapping[str, BriefCheck], after: Mapping[str, BriefCheck], names: Iterable[str]
) -> tuple[VerdictChange, ...]:
    changes = []
    for name in names:
        old, new = (side[name].label if name in side else None for side in (before, after))
        if old != new:
            changes.append(VerdictChange(name, (after.get(name) or before[name]).hypothesis, old, new))
    return tuple(changes)


# Words ----------------------------------------------------------------------------------------------------------------


def diff(before: str, after: str) -> list[Piece]:
    """Compare two texts word by word. Each piece is unmarked, ``gone`` or ``new``.

    The unmarked and ``gone`` pieces together are the first text; the unmarked and ``new`` pieces are the second.
    """
    old, new = (re.findall(r"\S+|\s+", text) for text in (before, after))
    pieces: list[Piece] = []
    removed, added = "", ""
    for tag, start, end, begin, finish in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left, right = "".join(old[start:end]), "".join(new[begin:finish])
        if tag != "equal" or (left.isspace() and (removed or added)):  # merge adjacent changed words into one change
            removed, added = removed + left, added + right
            continue
        pieces += [*_mark_change(removed, added), Piece(left)]
        removed, added = "", ""
    return [*pieces, *_mark_change(removed, added)]


def _mark_change(removed: str, added: str) -> list[Piece]:
    """Mark the removed and the added words; trailing white space that they share stays unmarked."""
    shared = ""
    while removed and added and removed[-1] == added[-1] and removed[-1].isspace():
        removed, added, shared = removed[:-1], added[:-1], removed[-1] + shared
    return [piece for piece in (Piece(removed, "gone"), Piece(added, "new"), Piece(shared)) if piece.text]
