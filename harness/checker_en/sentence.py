"""A parsed sentence: its words with their grammar, and the keys by which words are compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from harness.checker_en import syntax
from harness.checker_en.lists import group
from harness.checker_en.spelling import Plain, plain, stem

if TYPE_CHECKING:
    from spacy.tokens import Doc

_CONTENT = frozenset({"NOUN", "PROPN", "VERB", "ADJ", "NUM", "ADV"})
# Verbs, nouns and adverbs that carry little meaning.
_LIGHT = group(
    "be have do say tell get make take go come give put also just still now then there here so very more most even "
    "only again too ever much thing way one former latter"
)
# Negators are no content, because the network reads negation itself.
_DENYING = group("not n't never no none noth nobodi neither nor")


class Word(NamedTuple):
    """A token with its grammar."""

    text: str
    key: str
    """Stem of the lemma, shared by the forms of a word."""
    other: str
    """Stem of the form, in case the lemma is wrong."""
    pos: str
    dep: str
    head: int
    start: int
    end: int
    entity: str
    """Type of its named entity, or ''."""

    @property
    def low(self) -> str:
        return self.text.lower()

    @property
    def content(self) -> bool:
        return self.pos in _CONTENT and self.key not in _DENYING and any(sign.isalnum() for sign in self.text)

    @property
    def weight(self) -> float:
        """1 for a content word, less for a light one, 0 for a function word."""
        if not self.content:
            return 0.0
        if self.key in _LIGHT:
            return 0.25
        return 0.5 if self.pos == "ADV" else 1.0

    def like(self, other: Word) -> bool:
        """True if both are forms of one word."""
        return self.key in (other.key, other.other) or self.other in (other.key, other.other)


@dataclass(frozen=True)
class Sentence:
    """A sentence with its words."""

    source: str
    plain: Plain
    words: tuple[Word, ...]

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """Index of a word → its dependents."""
        children: list[list[int]] = [[] for _ in self.words]
        for index, word in enumerate(self.words):
            if word.head != index:
                children[word.head].append(index)
        return tuple(map(tuple, children))

    def dependents(self, index: int, *deps: str) -> list[int]:
        """The dependents of a word with one of these relations."""
        return [child for child in self.children[index] if self.words[child].dep in deps]

    def ancestors(self, index: int) -> Iterator[int]:
        """A word and its heads, up to the root."""
        yield index
        while (head := self.words[index].head) != index:
            yield (index := head)

    def root(self, slot: range) -> int:
        """The word of a slot on which its others depend."""
        return next((index for index in slot if self.words[index].head not in slot), slot.start)

    @cached_property
    def content(self) -> tuple[int, ...]:
        return tuple(index for index, word in enumerate(self.words) if word.weight)

    def at(self, start: int, end: int) -> range:
        """The words that overlap a stretch of the plain text."""
        inside = [index for index, word in enumerate(self.words) if word.start < end and word.end > start]
        return range(inside[0], inside[-1] + 1) if inside else range(0)


def read(sources: Sequence[str]) -> list[Sentence]:
    """Parse texts as one sentence each, in batches."""
    texts = [plain(source) for source in sources]
    docs = syntax.parse_all([_lower_capitals(text.text) for text in texts])
    return [
        Sentence(source, text, tuple(_read_words(doc, text.text)))
        for source, text, doc in zip(sources, texts, docs, strict=True)
    ]


def _read_words(doc: Doc, text: str) -> Iterator[Word]:
    kept = [token for token in doc if not token.is_space]
    place = {token.i: index for index, token in enumerate(kept)}
    for index, token in enumerate(kept):
        shown = text[token.idx : syntax.end(token)]
        yield Word(
            shown, stem(token.lemma_), stem(shown), token.pos_, token.dep_, place.get(token.head.i, index), token.idx,
            syntax.end(token), token.ent_type_,
        )  # fmt: skip  # one record, read as one line


def _lower_capitals(text: str) -> str:
    """Lower-case a sentence in capitals, at equal length, because the parser was trained on ordinary text."""
    letters = [sign for sign in text if sign.isalpha()]
    if len(letters) < 4 or not all(sign.isupper() or not sign.islower() for sign in letters):
        return text
    return "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)
