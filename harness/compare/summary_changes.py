"""Two runs of one system, summary by summary: whose verdicts changed, and whose text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from harness.compare.stored import StoredVerdict
from harness.records import Label, Place, Summary

Labels = Mapping[str, Label]
"""Statement (of a fact, or of a claim) → label, in one summary."""


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A fact or a claim whose verdict changed; None where it has no verdict there."""

    name: str
    """The fact's id, or the claim in its own words."""
    statement: str
    before: Label | None
    after: Label | None


@dataclass(frozen=True, slots=True)
class SummaryChange:
    """A summary in the one run and in the other."""

    place: Place
    facts: tuple[VerdictChange, ...]
    """The facts whose verdict changed, by id."""
    claims: tuple[VerdictChange, ...]
    """The sentences, word for word in both, whose verdict changed."""
    unsupported: tuple[int, int]
    """Sentences that the article does not support, before and after."""
    wrong: tuple[int, int]
    """Those of them that it contradicts."""
    before: str | None
    after: str | None

    @property
    def verdicts_changed(self) -> bool:
        """Whether a verdict changed."""
        return bool(self.facts or self.claims or self.unsupported[0] != self.unsupported[1])

    @property
    def text_changed(self) -> bool:
        """Whether the text changed."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class SummaryChanges:
    """The summaries that both runs have, of one system."""

    compared: int
    changes: tuple[SummaryChange, ...]
    """The most changed first."""
    missing: tuple[int, int]
    """Summaries without a text, or not there at all, that have one in the other run: before and after."""
    wrong: tuple[int, int]
    """Claims that the article contradicts, of all summaries that have a text on both sides: before and after."""

    @property
    def verdicts_changed(self) -> int:
        """In how many summaries a verdict changed."""
        return sum(change.verdicts_changed for change in self.changes)

    @property
    def texts_changed(self) -> int:
        """Of how many summaries the text changed."""
        return sum(change.text_changed for change in self.changes)


@dataclass(frozen=True, slots=True)
class VerifiedSummaries:
    """The summaries of one side, with their verdicts, by (article, sample)."""

    summaries: Mapping[tuple[str, int], Summary]
    facts: Mapping[tuple[str, int], Labels]
    claims: Mapping[tuple[str, int], Labels]
    """By their words; the last verdict on a sentence that a summary repeats."""
    claim_labels: Mapping[tuple[str, int], Counter[Label]]
    """How many claims have which label; a sentence that is repeated counts each time."""
    statements: Mapping[tuple[str, str], str]
    """(article, fact id) → what the fact says."""

    @property
    def with_text(self) -> frozenset[tuple[str, int]]:
        """Where there is a text."""
        return frozenset(place for place, summary in self.summaries.items() if summary.text is not None)

    @classmethod
    def of(cls, summaries: Iterable[Summary], lines: Sequence[StoredVerdict]) -> VerifiedSummaries:
        """What a side wrote; facts by id, claims by their words."""
        facts: dict[tuple[str, int], dict[str, Label]] = {}
        claims: dict[tuple[str, int], dict[str, Label]] = {}
        claim_labels: dict[tuple[str, int], Counter[Label]] = {}
        for line in lines:
            place = (line.article_id, line.sample)
            if line.use == "coverage":
                facts.setdefault(place, {})[line.target] = line.label
            else:
                claims.setdefault(place, {})[line.hypothesis] = line.label
                claim_labels.setdefault(place, Counter())[line.label] += 1
        statements = {(line.article_id, line.target): line.hypothesis for line in lines if line.use == "coverage"}
        placed = {(summary.article_id, summary.sample): summary for summary in summaries}
        return cls(placed, facts, claims, claim_labels, statements)


def summary_changes(before: VerifiedSummaries, after: VerifiedSummaries) -> SummaryChanges:
    """The changes of the summaries that stand on both sides."""
    shared = [place for place in before.summaries if place in after.summaries]
    changes = [_change(place, before, after) for place in shared]
    changed = [change for change in changes if change.verdicts_changed or change.text_changed]
    old, new = before.with_text, after.with_text
    wrong = [sum(_wrong(side, place) for place in old & new) for side in (before, after)]
    return SummaryChanges(
        compared=len(shared),
        changes=tuple(sorted(changed, key=_size, reverse=True)),
        missing=(len(new - old), len(old - new)),
        wrong=(wrong[0], wrong[1]),
    )


def _change(place: tuple[str, int], before: VerifiedSummaries, after: VerifiedSummaries) -> SummaryChange:
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
        facts=_verdict_changes(*facts, statements),
        claims=_verdict_changes(*claims, {name: name for name in claims[0] if name in claims[1]}),
        unsupported=(_unsupported(before, place), _unsupported(after, place)),
        wrong=(_wrong(before, place), _wrong(after, place)),
        before=old.text,
        after=new.text,
    )


def _verdict_changes(before: Labels, after: Labels, statements: Mapping[str, str]) -> tuple[VerdictChange, ...]:
    """Those whose label differs; ``statements`` names the ones to look at, with what they say."""
    pairs = ((name, before.get(name), after.get(name)) for name in statements)
    return tuple(VerdictChange(name, statements[name], old, new) for name, old, new in pairs if old != new)


def _unsupported(side: VerifiedSummaries, place: tuple[str, int]) -> int:
    labels = side.claim_labels.get(place, Counter())
    return labels.total() - labels["supported"]


def _wrong(side: VerifiedSummaries, place: tuple[str, int]) -> int:
    return side.claim_labels.get(place, Counter())["contradicted"]


def _size(change: SummaryChange) -> tuple[bool, int, int]:
    return change.verdicts_changed, len(change.facts), len(change.claims)
