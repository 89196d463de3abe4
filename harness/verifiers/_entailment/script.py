"""Whether a text is in a script that the network and the words can be expected to know."""

from __future__ import annotations

import unicodedata


def is_foreign(text: str) -> bool:
    """Whether most of its letters are not Latin ones: a denial in them looks like what it denies."""
    letters = [sign for sign in text if sign.isalpha()]
    latin = sum(sign.isascii() or unicodedata.name(sign, "").startswith("LATIN ") for sign in letters)
    return 2 * latin < len(letters)
