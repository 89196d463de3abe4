"""``a`` or ``an``, by how the next word sounds."""

from __future__ import annotations

import re

_ARTICLE = re.compile(r"\b([Aa])n?(?=\s+[\"'“‘(]*$)")
_NEXT = re.compile(r"\s*[\"'“‘($£€]*([\w.]+)")

_SILENT_H = ("hour", "honest", "honor", "honour", "heir")
_LIKE_YOU = ("uni", "unani", "use", "usa", "usu", "util", "uto", "eu", "ura", "ubi", "uk")
"""How words begin whose first letter is a vowel and whose first sound is the y of ``you``."""
_BY_SOUND = ("unin", "unim", "unid")
"""And those of them that begin with a vowel after all: uninjured, unimportant, unidentified."""
_LETTERS = frozenset("AEFHILMNORSX8")
"""Letters whose name begins with a vowel: an FBI agent, an NHS trust."""
_SPOKEN = frozenset({"NATO", "NASA", "FIFA", "NASDAQ", "SARS", "MERS", "LASER", "SWAT"})
"""Acronyms that are read as a word that begins with a consonant."""


def agreed(text: str, at: int) -> str:
    """The text, with an article that stands right before ``at`` in the form that the word at ``at`` asks for."""
    before, after = text[:at], text[at:]
    word = _NEXT.match(after)
    if word is None:
        return text
    article = "an" if vowel_sound(word.group(1)) else "a"
    return _ARTICLE.sub(lambda match: match.group(1) + article[1:], before) + after


def vowel_sound(word: str) -> bool:
    """Whether the word begins with a vowel as it is spoken."""
    if word[:1].isdigit():
        return word.startswith("8") or re.match(r"(11|18)(?!\d)|(11|18),?\d{3}(?!\d)", word) is not None
    if len(word) > 1 and word.replace(".", "").isupper():
        return word not in _SPOKEN and word[0] in _LETTERS
    lower = word.lower()
    if lower.startswith(_SILENT_H):
        return True
    if lower.startswith(("one", "once")) and not lower.startswith("onero"):
        return False
    if lower.startswith(_LIKE_YOU):
        return lower.startswith(_BY_SOUND)
    return lower[:1] in "aeiou" and lower != ""
