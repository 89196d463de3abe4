"""Two texts, word by word: what stands in both, what is gone, what is new."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_PIECE = re.compile(r"\S+|\s+")

Kind = Literal["same", "gone", "new"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words of one kind, with the white space between them."""

    kind: Kind
    text: str


def diff(before: str, after: str) -> list[Piece]:
    """The pieces in order: those that are the same and gone give the one text, those same and new the other."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    found: list[Piece] = []
    for tag, start, end, begin, finish in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(old[start:end])))
            continue
        if end > start:
            found.append(Piece("gone", "".join(old[start:end])))
        if finish > begin:
            found.append(Piece("new", "".join(new[begin:finish])))
    return found
