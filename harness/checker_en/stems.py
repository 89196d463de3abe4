"""Words by what their forms have in common: without case and accents, and by their Snowball stem."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import snowballstemmer

_snowball = lru_cache(maxsize=1 << 16)(snowballstemmer.stemmer("english").stemWord)
_LONGEST = 40
"""Letters of a word that is stemmed: what is longer is no word, and takes the stemmer long."""


def stem(word: str) -> str:
    """The stem that the forms of a word share, whatever its case and accents."""
    return stemmed(folded(word))


def stemmed(word: str) -> str:
    """The stem of a word in lower case, accents kept."""
    return _snowball(word) if len(word) <= _LONGEST else word


@lru_cache(maxsize=1 << 16)
def folded(word: str) -> str:
    """Lower case and without accents: Erdoğan is erdogan."""
    low = word.lower()
    if low.isascii():
        return low
    return "".join(sign for sign in unicodedata.normalize("NFKD", low) if not unicodedata.combining(sign))
