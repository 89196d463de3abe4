"""Which words of a false statement make it false: those that a true one, which is nearly the same, does not have.

People and rules write false statements by changing true ones. What they changed tells a network at which word to look,
where the label of the whole leaves it to find out (as FAVA and LettuceDetect learn from spans: Mishra et al. 2024;
Kovács and Recski 2025).
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from harness.checker_en.entailment.network import WORD

Stretches = tuple[tuple[int, int], ...]
"""Start and end of parts of a text, in characters."""
ALIKE = 0.6
"""The least share of words in common, of both texts, from which one is a version of the other."""
CHANGED = 0.5
"""The largest share of a statement's words that is told from the rest."""


def differing(false: str, true: Iterable[str]) -> Stretches | None:
    """Where the statement differs from the nearest true one; None where none is near enough.

    Of words that are left out, those on either side are meant.
    """
    words = list(WORD.finditer(false))
    written = [word.group().casefold() for word in words]
    matches = [SequenceMatcher(None, _words(text), written, autojunk=False) for text in true]
    nearest = max(matches, key=SequenceMatcher.ratio, default=None)
    if nearest is None or not words or nearest.ratio() < ALIKE:
        return None
    changed = [
        (max(0, start - 1), min(end + 1, len(words))) if start == end else (start, end)
        for kind, _, _, start, end in nearest.get_opcodes()
        if kind != "equal"
    ]
    if not changed or sum(end - start for start, end in changed) > CHANGED * len(words):
        return None
    return tuple((words[start].start(), words[end - 1].end()) for start, end in changed)


def _words(text: str) -> list[str]:
    return [word.group().casefold() for word in WORD.finditer(text)]
