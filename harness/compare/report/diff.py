"""A word-by-word diff of two texts."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from harness.document.blocks import Piece

_PIECE = re.compile(r"\S+|\s+")


def diff(before: str, after: str) -> list[Piece]:
    """Pieces of words with the white space between them; each is unmarked, ``gone`` or ``new``.

    The unmarked pieces with those that are gone give the first text, with those that are new the second.
    """
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    pieces: list[Piece] = []
    removed, added = "", ""
    for tag, start, end, begin, finish in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left, right = "".join(old[start:end]), "".join(new[begin:finish])
        if tag != "equal" or (left.isspace() and (removed or added)):  # adjacent changed words are one change
            removed, added = removed + left, added + right
            continue
        pieces += [*_change(removed, added), Piece(left)]
        removed, added = "", ""
    return [*pieces, *_change(removed, added)]


def _change(removed: str, added: str) -> list[Piece]:
    """The removed and the added words; white space that both end with is not part of the change."""
    shared = ""
    while removed and added and removed[-1] == added[-1] and removed[-1].isspace():
        removed, added, shared = removed[:-1], added[:-1], removed[-1] + shared
    return [piece for piece in (Piece(removed, "gone"), Piece(added, "new"), Piece(shared)) if piece.text]
