"""The words of some lines that their longest common subsequences with another line take, on bit rows.

Which of several longest subsequences is taken changes the union over lines that ROUGE-Lsum counts, so it has to be the
one that rouge-score reads back out of its table. Libraries that align in bit-parallel (rapidfuzz) take another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Places:
    """Where the words of a text's lines stand, as bits: line behind line, a bit that is never set behind each.

    So one sum of bit rows goes through all lines at once, and no carry leaves its line.
    """

    def __init__(self, lines: Iterable[Sequence[str]]) -> None:
        self.of: dict[str, int] = {}
        """Word → its places."""
        self.lines: list[int] = []
        """The places of each line."""
        bit = 1
        for line in lines:
            first = bit
            for word in line:
                self.of[word] = self.of.get(word, 0) | bit
                bit <<= 1
            self.lines.append(bit - first)
            bit <<= 1
        self.all = sum(self.lines)


def matched(places: Places, other: Iterable[str]) -> int:
    """The places that rouge-score's longest common subsequence of each line with ``other`` takes."""
    rows = _rows(places, other)
    if not rows:
        return 0
    taken, grown = 0, rows[0][1]
    for line in places.lines:
        if line & grown:
            taken |= _walk(line, rows)
    return taken


def _rows(places: Places, other: Iterable[str]) -> list[tuple[int, int]]:
    """The tables of lengths, the last row first: the places of the row's word, and where the length grows.

    Growth as in Hyyrö 2004, "Bit-parallel LCS-length computation revisited". Of the words that stand in no line, one
    is kept wherever some follow each other: their rows are all alike.
    """
    rows: list[tuple[int, int]] = []
    flat = everywhere = places.all
    find = places.of.get
    for word in other:
        mask = find(word, 0)
        if mask:
            step = flat & mask
            flat = ((flat + step) | (flat - step)) & everywhere
            rows.append((mask, everywhere ^ flat))
        elif rows and rows[-1][0]:
            rows.append((0, everywhere ^ flat))
    rows.reverse()
    return rows


def _walk(line: int, rows: Iterable[tuple[int, int]]) -> int:
    """rouge-score's way back through the table of a line.

    From the line's end it passes over the places where the length does not grow, but takes the row's word where it
    meets it; at the first place where the length grows without it, it turns to the row before.
    """
    taken, left = 0, line
    for mask, growing in rows:
        word, growth = (mask & left).bit_length(), (growing & left).bit_length()
        if word and word >= growth:
            taken |= 1 << word - 1
            left &= (1 << word - 1) - 1
        else:
            left &= (1 << growth) - 1
        if not left:
            break
    return taken
