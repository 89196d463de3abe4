"""A premise ready to be searched: its sentences, and which of them bear on a statement."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from harness.checker_en.nations import national
from harness.checker_en.plain_text import plain
from harness.checker_en.sentence import Sentence
from harness.checker_en.stems import folded, stem
from harness.records import Span
from harness.text import sentences

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 600
"""Characters of a stretch that is parsed as one: a list or a text without stops is cut at a space."""
CANDIDATES = 6
"""Sentences of the premise that are parsed for one sentence of the statement."""


@dataclass(frozen=True)
class Premise:
    """A text and its sentences; nothing of it is parsed yet."""

    source: str

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        return tuple(pieces(self.source))

    @cached_property
    def index(self) -> Mapping[str, tuple[int, ...]]:
        """Stem → the sentences that have it, in order."""
        sentences_of: dict[str, list[int]] = defaultdict(list)
        for number, span in enumerate(self.spans):
            for key in {stem(word) for word in _WORD.findall(plain(span.text).text)}:
                sentences_of[key].append(number)
        return {key: tuple(numbers) for key, numbers in sentences_of.items()}

    @cached_property
    def names(self) -> frozenset[str]:
        """Every word of it as names hold them."""
        return frozenset(national(folded(word)) for span in self.spans for word in _WORD.findall(plain(span.text).text))

    def candidates(self, statement: Sentence) -> list[int]:
        """The sentences that share most with a statement, best first; rare words count more."""
        scores: dict[int, float] = defaultdict(float)
        for index in statement.content:
            word = statement.words[index]
            there = self.index.get(word.key) or self.index.get(word.other) or ()
            for number in there:
                scores[number] += word.weight * math.log1p(len(self.spans) / len(there))
        ranked = sorted(scores, key=lambda number: (-scores[number], number))
        return ranked[:CANDIDATES]

    def coverage(self, statement: Sentence, equal: frozenset[int]) -> float:
        """The share of a statement's content that is anywhere in it; ``equal``: words that are, in another form."""
        total = there = 0.0
        for index in statement.content:
            word = statement.words[index]
            total += word.weight
            there += word.weight * (index in equal or word.key in self.index or word.other in self.index)
        return there / total if total else 0.0


def pieces(source: str) -> Iterator[Span]:
    """The sentences of a text, the very long ones cut."""
    for span in sentences(source):
        start = span.start
        while span.end - start > _LONGEST:
            cut = source.rfind(" ", start + 1, start + _LONGEST)
            end = cut if cut > 0 else start + _LONGEST
            yield Span(start, end, source[start:end])
            start = end
        yield Span(start, span.end, source[start : span.end])
