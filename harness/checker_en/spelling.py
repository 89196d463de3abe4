"""Normalise words for comparison: stems, case and accents, look-alike letters, invisible characters."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

from harness.text import convert_to_nfkc

_snowball = lru_cache(maxsize=1 << 16)(snowballstemmer.stemmer("english").stemWord)
_LONGEST = 40
"""Letters of a word that is stemmed; longer strings are not words, and slow the stemmer down."""
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f")
_PLAIN = str.maketrans({"‘": "'", "’": "'", "`": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "−": "-"})
_LATIN = re.compile(r"[A-Za-z]")
_WORD = re.compile(r"[^\W\d_]+")
# The Cyrillic and Greek letters in common use that print like Latin ones (Unicode TR 39 lists all).
_TWINS = str.maketrans(
    "АВСЕНІЈКМОРЅТУХаеіјорсѕухԁһΑΒΕΖΗΙΚΜΝΟΡΤΥΧοραν",
    "ABCEHIJKMOPSTYXaeijopcsyxdhABEZHIKMNOPTYXopav",
)


def stem(word: str) -> str:
    """The stem of a word, case and accents ignored."""
    return stem_lower_case(fold(word))


def stem_lower_case(word: str) -> str:
    """The stem of a word in lower case, accents kept."""
    return _snowball(word) if len(word) <= _LONGEST else word


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """Lower case without accents: Erdoğan is erdogan."""
    low = word.lower()
    if low.isascii():
        return low
    return "".join(sign for sign in unicodedata.normalize("NFKD", low) if not unicodedata.combining(sign))


@dataclass(frozen=True, slots=True)
class Plain:
    """A normalised text, with the original offset of each character."""

    text: str
    places: tuple[int, ...] | None
    """Offset in the source of each character and of the end; None if the length is unchanged."""

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Map a range of the plain text to offsets in the source."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1 if end > start else self.places[start]


def plain(source: str) -> Plain:
    """NFKC without invisible characters; quotes and dashes plain, look-alikes inside Latin words made Latin."""
    if source.isascii():
        return Plain(source.replace("`", "'"), None)
    pieces, places = [], []
    for place, sign in enumerate(source):
        if sign in _INVISIBLE or unicodedata.combining(sign):
            continue
        form = convert_to_nfkc(sign, source[place - 1 : place]).translate(_PLAIN)
        pieces.append(form)
        places += [place] * len(form)
    text = _WORD.sub(_to_latin, "".join(pieces))
    is_unchanged = len(text) == len(source) and places == list(range(len(source)))
    return Plain(text, None if is_unchanged else (*places, len(source)))


def _to_latin(word: re.Match[str]) -> str:
    """A word of two alphabets in Latin letters; a word of one alphabet as it is."""
    letters = word.group()
    return letters if letters.isascii() or not _LATIN.search(letters) else letters.translate(_TWINS)
