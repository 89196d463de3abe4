"""Texts as the words that ROUGE compares, each word stemmed once in a process."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

from harness.scorers._porter import stem as _stem
from harness.text import UNSPACED

ENGLISH = "en"

STEMMERS = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech", "da": "danish", "nl": "dutch",
    "eo": "esperanto", "et": "estonian", "fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hi": "hindi",
    "hu": "hungarian", "id": "indonesian", "ga": "irish", "it": "italian", "lt": "lithuanian", "ne": "nepali",
    "no": "norwegian", "nb": "norwegian", "nn": "norwegian", "fa": "persian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "es": "spanish", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip  # a table of two columns
"""Language other than English → its algorithm in snowballstemmer."""

Reader = Callable[[str], list[str]]

_SHORTEST_STEMMED = 4
_LATIN = re.compile(r"[a-z0-9]+")
_UNSPACED = re.compile(f"[{UNSPACED}]")


@cache
def reader(language: str, stemmer: bool) -> Reader:
    """What turns a text into its words; with ``stemmer``, the language is English or in ``STEMMERS``.

    English as rouge-score reads it: the letters a to z and digits, words of four letters and more as their Porter
    stems. Other languages: runs of letters, marks and digits of any script, single characters where a script is
    written without spaces, and Snowball stems of all words.
    """
    if language == ENGLISH:
        stem: Callable[[str], str] | None = _porter if stemmer else None
        return lambda text: _words(_LATIN.findall(text.lower()), stem)
    stem = _snowball(STEMMERS[language]) if stemmer else None
    return lambda text: _words(unicodedata.normalize("NFKC", text).lower().translate(_SPACED).split(), stem)


def _words(words: list[str], stem: Callable[[str], str] | None) -> list[str]:
    return words if stem is None else list(map(stem, words))


@lru_cache(maxsize=1 << 16)
def _porter(word: str) -> str:
    return _stem(word) if len(word) >= _SHORTEST_STEMMED else word


def _snowball(algorithm: str) -> Callable[[str], str]:
    import snowballstemmer

    stem: Callable[[str], str] = lru_cache(maxsize=1 << 16)(snowballstemmer.stemmer(algorithm).stemWord)
    return stem


class _Spaced(dict[int, str]):
    """For ``str.translate``: a space for what belongs to no word, spaces around what is a word by itself."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        if unicodedata.category(sign)[0] not in "LMN":
            shown = " "
        elif _UNSPACED.match(sign):
            shown = f" {sign} "
        else:
            shown = sign
        self[code] = shown
        return shown


_SPACED = _Spaced()
