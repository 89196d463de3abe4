"""Words of a sentence, in an order of our own, written as a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from harness.claims.grammar import COMMAS

if TYPE_CHECKING:
    from spacy.tokens import Doc

Word = int | str
"""A token of the sentence, by its place there, or a word of ours."""
Words = tuple[Word, ...]

_CLOSING = re.compile(r"^(?:[,;:.!?%)\]]|''|['’]s?$|n['’]t$)")


def written(doc: Doc, words: Sequence[Word], swaps: Mapping[int, str]) -> str:
    """The words as a sentence, with the capital and the full stop of theirs. ``swaps``: token → what replaces it."""
    text = ""
    last: Word | None = None
    for word in _trimmed(doc, words):
        piece = swaps.get(word, _cased(doc, word, first=not text)) if isinstance(word, int) else word
        text += ("" if not text or _touches(doc, last, word, piece) else " ") + piece
        last = word
    stop = _stop(doc)
    # "5 p.m." ends in the full stop already.
    return _capital(doc, text) + ("" if stop == "." and text.endswith(".") else stop)


def _trimmed(doc: Doc, words: Sequence[Word]) -> list[Word]:
    """Without commas that nothing follows or precedes any more, and without the full stop."""
    kept: list[Word] = []
    end = ending(doc)
    for word in words:
        ends = isinstance(word, int) and word >= end
        if not ends and not (_is_comma(doc, word) and (not kept or _is_comma(doc, kept[-1]))):
            kept.append(word)
    while kept and _is_comma(doc, kept[-1]):
        kept.pop()
    return kept


def _is_comma(doc: Doc, word: Word) -> bool:
    return isinstance(word, int) and doc[word].text in COMMAS | {"-"}


def ending(doc: Doc) -> int:
    """Where the marks begin that end the sentence; its length where there are none."""
    place = len(doc)
    while place and not doc[place - 1].text.strip(".!?…"):
        place -= 1
    return place


def _stop(doc: Doc) -> str:
    """The marks that end the sentence, with the space that tokenised text has before them."""
    place = ending(doc)
    space = doc[place - 1].whitespace_ if 0 < place < len(doc) else ""
    return space + doc[place:].text


def _cased(doc: Doc, place: int, first: bool) -> str:
    """The token; a capital that it has as the sentence's first word only is lost where it comes later."""
    token = doc[place]
    named = token.pos_ == "PROPN" or token.ent_type_ or token.text.isupper()
    return token.lower_ if place == 0 and not first and not named else token.text


def _capital(doc: Doc, text: str) -> str:
    """With a capital where the sentence has one."""
    return text[:1].upper() + text[1:] if doc[0].text[:1].isupper() else text


def _touches(doc: Doc, last: Word | None, word: Word, piece: str) -> bool:
    """Whether no space stands before the piece."""
    if isinstance(word, int) and isinstance(last, int) and word == last + 1:
        return not doc[last].whitespace_
    return bool(_CLOSING.match(piece)) and not (isinstance(word, int) and word and doc[word - 1].whitespace_)
