"""Two texts, word by word: what stands in both, what is gone, what is new."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from harness.document.blocks import Piece

_PIECE = re.compile(r"\S+|\s+")


def diff(before: str, after: str) -> list[Piece]:
    """Pieces of words with the white space between them, in order.

    Those without a mark and those that are gone give the one text; those without a mark and those that are new give
    the other.
    """
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    found: list[Piece] = []
    for tag, start, end, begin, finish in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("".join(old[start:end])))
            continue
        if end > start:
            found.append(Piece("".join(old[start:end]), "gone"))
        if finish > begin:
            found.append(Piece("".join(new[begin:finish]), "new"))
    return found
