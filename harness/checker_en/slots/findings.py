"""Findings of the checks of a pair, as records and as features."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from harness.records import Difference, DifferenceKind, Span

SlotType = Literal["number", "date", "name", "quote", "negation", "antonym", "role", "predicate", "word"]
TYPES: tuple[SlotType, ...] = get_args(SlotType)
_VALUES: Mapping[str, DifferenceKind] = {kind: kind for kind in get_args(DifferenceKind)}

_LONGEST = 60
"""Content words of the longest statement that was fitted on: of a longer one, its length says no more."""

Status = Literal["found", "missing", "conflict", "replaced"]
"""conflict: the premise has another value in its place; replaced: another word, which may mean the same."""
STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True, slots=True)
class Finding:
    """One slot of the statement, and what the premise has of it."""

    type: SlotType
    status: Status
    strength: float
    """0 to 1: how well the clause around it matches the sentence of the premise that it was held against."""
    statement: Span
    """The slot, in the statement."""
    premise: Span | None = None
    """What stands in the premise: the same, or the other value; None where nothing does."""

    @property
    def difference(self) -> str | None:
        """The difference in words; None where nothing differs."""
        text = self.statement.text
        if self.status == "conflict" and self.premise is not None:
            return _CONFLICT.get(self.type, "the premise says {premise} where the statement says {statement}").format(
                statement=text, premise=self.premise.text
            )
        if self.status == "missing":
            return f"the premise does not have: {text}"
        return None


_CONFLICT: Mapping[str, str] = {
    "negation": "the premise and the statement differ in a negation: {premise} / {statement}",
    "role": "the premise has who does it to whom the other way round: {premise}",
    "quote": "the premise quotes otherwise: {premise}",
}


@dataclass(frozen=True, slots=True)
class Findings:
    """All that the checks find of a pair, with how far the words of the two match."""

    slots: tuple[Finding, ...]
    alignment: float
    """0 to 1: the share of the statement's content in its best sentence of the premise; over several sentences of a
    statement the least."""
    order: float
    """0 to 1: the share of neighbouring words that are neighbours there too; over several sentences the least."""
    coverage: float
    """0 to 1: the share of the statement's content that is anywhere in the premise."""
    evidence: Span | None
    """The sentence of the premise that matches best; None where none shares a word."""
    spoofed: bool = False
    """Whether a word of either text mixes look-alike letters of two alphabets."""
    words: int = 0
    """Content words of the statement."""

    def of(self, status: Status, kind: SlotType | None = None) -> tuple[Finding, ...]:
        """The slots with a status, of one type or of all, strongest first."""
        chosen = [slot for slot in self.slots if slot.status == status and kind in (None, slot.type)]
        return tuple(sorted(chosen, key=lambda slot: -slot.strength))

    @property
    def differences(self) -> tuple[str, ...]:
        """The differences in words, conflicts first."""
        differences = [slot.difference for status in ("conflict", "missing") for slot in self.of(status)]
        return tuple(dict.fromkeys(text for text in differences if text))

    @property
    def values(self) -> tuple[Difference, ...]:
        """The values that differ, conflicts first: what else differs (a negation, who did it) is told in words only."""
        differences = (
            Difference(kind, slot.statement.text, slot.premise if slot.status == "conflict" else None)
            for slot in (*self.of("conflict"), *self.of("missing"))
            if (kind := _VALUES.get(slot.type))
        )
        return tuple(dict.fromkeys(differences))

    def features(self) -> dict[str, float]:
        """Counts and strengths by name, for what learns from them; all names are always there."""
        conflicts, missing = self.of("conflict"), self.of("missing")
        features = {
            "alignment": self.alignment,
            "order": self.order,
            "coverage": self.coverage,
            "coverage_squared": self.coverage**2,
            "log_words": math.log1p(min(self.words, _LONGEST)),
            "spoofed": float(self.spoofed),
            "conflict": conflicts[0].strength if conflicts else 0.0,
            "missing": len(missing) / self.words if self.words else 0.0,
        }
        for kind in TYPES:
            features |= self._of_type(kind)
        return features

    def _of_type(self, kind: SlotType) -> dict[str, float]:
        """How many slots of a type have each status; how strong the strongest conflict is, and the weakest find."""
        by_status = {status: self.of(status, kind) for status in STATUSES}
        features = {f"{kind}_{status}": float(len(slots)) for status, slots in by_status.items()}
        found, conflicts, replaced = (by_status[status] for status in ("found", "conflict", "replaced"))
        features[f"{kind}_found_least"] = found[-1].strength if found else 1.0
        features[f"{kind}_conflict_strength"] = conflicts[0].strength if conflicts else 0.0
        strongest = replaced[0].strength if replaced else 0.0
        features[f"{kind}_replaced_strength"] = strongest
        features[f"{kind}_replaced_in_order"] = strongest * self.order
        return features
