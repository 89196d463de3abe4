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
    pieces: list[Piece] = []
    gone, come = "", ""
    for tag, start, end, begin, finish in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left, right = "".join(old[start:end]), "".join(new[begin:finish])
        if tag != "equal" or (left.isspace() and (gone or come)):  # changed words on both sides are one change
            gone, come = gone + left, come + right
            continue
        pieces += [*_change(gone, come), Piece(left)]
        gone, come = "", ""
    return [*pieces, *_change(gone, come)]


def _change(gone: str, come: str) -> list[Piece]:
    """What is gone and what is new; white space that both end with is not part of the change."""
    shared = ""
    while gone and come and gone[-1] == come[-1] and gone[-1].isspace():
        gone, come, shared = gone[:-1], come[:-1], gone[-1] + shared
    return [piece for piece in (Piece(gone, "gone"), Piece(come, "new"), Piece(shared)) if piece.text]
