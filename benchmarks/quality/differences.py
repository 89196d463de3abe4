"""Find the words that make a statement false: the words that a nearly identical true statement does not have.

Most false statements in the data are true statements with a change. The network learns which words are wrong, as FAVA
and LettuceDetect learn from marked spans (Mishra et al. 2024; Kovács and Recski 2025).
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from harness.checker_en.network import WORD

Stretches = tuple[tuple[int, int], ...]
"""Start and end of parts of a text, in characters."""
MIN_SIMILARITY = 0.6
"""Minimum share of common words for one text to be a version of the other."""
MAX_CHANGED = 0.5
"""Maximum share of a statement's words that may differ."""


def find_changes(false: str, true: Iterable[str]) -> Stretches | None:
    """Find where the statement differs from the nearest true statement; None if no true statement is near enough.

    If the false statement leaves words out, the words on both sides of the gap are marked.
    """
    words = list(WORD.finditer(false))
    written = [word.group().casefold() for word in words]
    matches = [SequenceMatcher(None, _split_words(text), written, autojunk=False) for text in true]
    nearest = max(matches, key=SequenceMatcher.ratio, default=None)
    if nearest is None or not words or nearest.ratio() < MIN_SIMILARITY:
        return None
    changed = [
        (max(0, start - 1), min(end + 1, len(words))) if start == end else (start, end)
        for kind, _, _, start, end in nearest.get_opcodes()
        if kind != "equal"
    ]
    if not changed or sum(end - start for start, end in changed) > MAX_CHANGED * len(words):
        return None
    return tuple((words[start].start(), words[end - 1].end()) for start, end in changed)


def _split_words(text: str) -> list[str]:
    return [word.group().casefold() for word in WORD.finditer(text)]
