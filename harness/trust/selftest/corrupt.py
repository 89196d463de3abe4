"""References and facts with one error put in on purpose, or with other words for the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from harness.checker_en.noun_phrases import Phrase
from harness.checker_en.speakers import speakers
from harness.perturbations import ALL, Edit, edits
from harness.perturbations.attribution import exchangeable
from harness.perturbations.edit import Change, edited
from harness.perturbations.passage import Passage
from harness.records import Fact, Item, Reference, Span
from harness.text import sentences

_EMPTY_BULLET = re.compile(r"^[ \t]*(?:[-*•–]|\d{1,2}[.)])?[ \t]*(?:\n|\Z)", re.MULTILINE)
_SPACES = re.compile(r"(?<=\S) {2,}")


@dataclass(frozen=True, slots=True)
class Corrupted:
    """A text with one thing changed."""

    kind: str
    text: str
    before: tuple[str, ...]
    """The sentences that are no longer there."""
    after: tuple[str, ...]
    """The sentences that are there in their place; none where one was taken out."""
    altered: str
    """The words that the change touched."""


def of_reference(item: Item, reference: Reference, rng: np.random.Generator, each: int) -> list[Corrupted]:
    """A reference with an error in one of its sentences, up to ``each`` of a kind, and with its speakers exchanged."""
    language = item.article.language
    by_kind: dict[str, list[Corrupted]] = {kind: [] for kind in ALL}
    for sentence in sentences(reference.text, language):
        for edit in edits(sentence.text, rng, context=item.article.text):
            text = reference.text[: sentence.start] + edit.text + reference.text[sentence.end :]
            by_kind[edit.kind].append(
                Corrupted(edit.kind, text, (sentence.text,), (edit.text,), altered(edit, sentence))
            )
    chosen = [one for every in by_kind.values() for one in _few(every, rng, each)]
    return [*chosen, *_shuffled_speakers(reference.text, language)]


def of_fact(item: Item, fact: Fact, rng: np.random.Generator, each: int) -> list[Edit]:
    """A fact's statement with an error, or in other words, up to ``each`` of a kind."""
    candidates = edits(fact.statement, rng, context=item.article.text)
    return [edit for kind in ALL for edit in [edit for edit in candidates if edit.kind == kind][:each]]


def without(text: str, dropped: Span) -> str:
    """The text without this sentence; a bullet that stood before it goes with it."""
    left = text[: dropped.start] + text[dropped.end :]
    lines = _EMPTY_BULLET.sub(lambda match: "" if match.group().strip() else match.group(), left)
    return _SPACES.sub(" ", lines).strip()


def altered(edit: Edit, sentence: Span) -> str:
    """The old words that an edit touched; for words put in, those on either side."""
    if edit.original.text.strip():
        return edit.original.text
    before, after = sentence.text[: edit.original.start].split(), sentence.text[edit.original.end :].split()
    return " ".join([*before[-1:], *after[:1]])


def _few(corrupted: Sequence[Corrupted], rng: np.random.Generator, each: int) -> list[Corrupted]:
    kept = sorted(rng.permutation(len(corrupted))[:each])
    return [corrupted[place] for place in kept]


def _shuffled_speakers(text: str, language: str) -> Iterator[Corrupted]:
    """Each speaker says what the next one said, where at least two speak in different sentences."""
    spoken: list[Phrase] = []
    for speaker in speakers(Passage(text).doc):
        if speaker.whole and all(exchangeable(speaker, other) for other in spoken):
            spoken.append(speaker)
    if len({_place(text, language, speaker.start) for speaker in spoken}) < 2:
        return
    moved = [*spoken[1:], spoken[0]]
    changes = [Change(one.start, one.end, other.text) for one, other in zip(spoken, moved, strict=True)]
    edit = edited("attribution", text, changes)
    if edit is None:
        return
    old, new = ([span.text for span in sentences(version, language)] for version in (text, edit.text))
    before = tuple(sentence for sentence in old if sentence not in new)
    after = tuple(sentence for sentence in new if sentence not in old)
    yield Corrupted("speakers", edit.text, before, after, " ".join(speaker.text for speaker in spoken))


def _place(text: str, language: str, at: int) -> int:
    """The number of the sentence in which an offset lies."""
    return sum(span.start <= at for span in sentences(text, language))
