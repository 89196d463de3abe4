"""Words that negate, and values that a sentence excludes: ``X, not Y``."""

from __future__ import annotations

from harness.checker_en.lists import group
from harness.checker_en.sentence import Sentence

NEGATORS = group("not n't no never nobody none nothing neither nor cannot")
"""Words that negate on their own."""
_BREAKS = frozenset({",", "and", "but", "-", "(", ";"})
_CONTRASTS = frozenset({("rather", "than"), ("instead", "of"), ("apart", "from"), ("other", "than")})
_MODIFIERS = frozenset({"DET", "ADP", "ADJ", "PRON", "PROPN", "PART", "AUX"})


def exclusion(sentence: Sentence, slot: range) -> int | None:
    """Index of the first word that excludes a slot (``X, not Y``, ``X rather than Y``), or None."""
    words, at = sentence.words, slot.start - 1
    while at >= 0 and words[at].pos in _MODIFIERS and words[at].low not in ("not", "than", "of"):
        at -= 1
    if at < 0:
        return None
    low = words[at].low
    if low == "not":
        said = any(word.low == "but" for word in words[slot.stop :]) if at == 0 else words[at - 1].low in _BREAKS
        return at if said else None
    return at - 1 if at > 0 and (words[at - 1].low, low) in _CONTRASTS else None
