"""Every version of a reference that a self-test scores and judges: as it is, and with one thing changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from harness.analysis.selftest import INTACT
from harness.records import Generation, Item, Pair, Reference, Summary, Verdict
from harness.stages import corrupt
from harness.stages.corrupt import Corrupted
from harness.text import sentences

Ask = Callable[[Sequence[Pair]], Sequence[Verdict]]
Carried = Mapping[str, frozenset[str]]
"""Sentence → the ids of the facts that it alone carries."""


@dataclass(frozen=True, slots=True)
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


def versions(item: Item, ask: Ask, rng: np.random.Generator, each: int) -> Iterator[Version]:
    """Of each reference the intact version first. ``ask`` says which sentence carries which fact."""
    for reference in item.references:
        carried = _carried(item, reference, ask)
        changed = [*corrupt.of_reference(item, reference, rng, each), *_dropped(item, reference, carried)[:each]]
        for number, change in enumerate([None, *changed]):
            text = reference.text if change is None else change.text
            made = Generation(f"{reference.id} {number}", text, reference_id=reference.id)
            summary = Summary(made.request_id, f"reference {reference.id}", item.article.id, number, made)
            yield Version(item, reference, change, carried, summary)


def _carried(item: Item, reference: Reference, ask: Ask) -> Carried:
    """By the verifier's own verdicts, sentence by sentence; what two sentences carry depends on neither."""
    texts = [span.text for span in sentences(reference.text, item.article.language)]
    asked = [(text, fact) for text in texts for fact in item.facts]
    day = item.article.date
    verdicts = ask([Pair(text, fact.statement, fact.accepted, fact.contradictions, day) for text, fact in asked])
    found = [(text, fact.id) for (text, fact), said in zip(asked, verdicts, strict=True) if said.label == "supported"]
    times = Counter(fact for _, fact in found)
    return {text: frozenset(fact for other, fact in found if other == text and times[fact] == 1) for text in texts}


def _dropped(item: Item, reference: Reference, carried: Carried) -> list[Corrupted]:
    """Without the one sentence that carries an essential fact."""
    essential = {fact.id for fact in item.facts if fact.importance == "essential"}
    found = []
    for span in sentences(reference.text, item.article.language):
        text = corrupt.without(reference.text, [span])
        if carried[span.text] & essential and text:
            found.append(Corrupted("dropped fact", text, (span.text,), (), ""))
    return found
