"""Normalise words for comparison: stems, case and accents."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import snowballstemmer

_snowball = lru_cache(maxsize=1 << 16)(snowballstemmer.stemmer("english").stemWord)
_LONGEST = 40
"""Letters of a word that is stemmed; longer strings are not words, and slow the stemmer down."""


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
