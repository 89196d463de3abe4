"""Text without its disguises: invisible characters, look-alike letters and compatibility forms, offsets kept."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from harness.text import compatible

_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f")
_PLAIN = str.maketrans({"‘": "'", "’": "'", "`": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "−": "-"})
_LATIN = re.compile(r"[A-Za-z]")
_WORD = re.compile(r"[^\W\d_]+")
# Letters of Cyrillic and Greek that print like a Latin one (Unicode TR 39 lists them; these are the ones in use).
_TWINS = str.maketrans(
    "АВСЕНІЈКМОРЅТУХаеіјорсѕухԁһΑΒΕΖΗΙΚΜΝΟΡΤΥΧοραν",
    "ABCEHIJKMOPSTYXaeijopcsyxdhABEZHIKMNOPTYXopav",
)


@dataclass(frozen=True, slots=True)
class Plain:
    """A text made plain, and where its characters were."""

    text: str
    places: tuple[int, ...] | None
    """Offset of each character in the source, and of its end; None where the text kept its length."""
    spoofed: bool
    """Whether a word mixed Latin letters with look-alikes of another alphabet."""

    def source(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the source of a stretch of the plain text."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1 if end > start else self.places[start]


def plain(source: str) -> Plain:
    """Invisible characters dropped, NFKC, quotes and dashes plain, look-alikes in Latin words made Latin."""
    if source.isascii():
        return Plain(source.replace("`", "'"), None, spoofed=False)
    pieces, places = [], []
    for place, sign in enumerate(source):
        if sign in _INVISIBLE or unicodedata.combining(sign):
            continue
        form = compatible(sign, source[place - 1 : place]).translate(_PLAIN)
        pieces.append(form)
        places += [place] * len(form)
    text = "".join(pieces)
    unmasked = _WORD.sub(_unmasked, text)
    kept_length = len(text) == len(source) and places == list(range(len(source)))
    return Plain(unmasked, None if kept_length else (*places, len(source)), spoofed=unmasked != text)


def _unmasked(word: re.Match[str]) -> str:
    """A word in two alphabets with its look-alikes made Latin; a word in one alphabet stays."""
    letters = word.group()
    return letters if letters.isascii() or not _LATIN.search(letters) else letters.translate(_TWINS)
