"""Which systems cannot be told apart, as letters: two systems that share a letter do not differ significantly.

The compact letter display of Piepho (2004, "An algorithm for a letter-based representation of all-pairwise
comparisons"), by insert and absorb.
"""

from __future__ import annotations

from collections.abc import Collection
from string import ascii_lowercase


def groups(count: int, different: Collection[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    """Groups of systems 0..count-1 none of which holds a different pair; every pair that is not different shares one.

    ``different`` holds pairs in either order. A system may be in several groups. Groups come in the order of their
    members, so with systems sorted best first the first group is that of the best.
    """
    columns: list[frozenset[int]] = [frozenset(range(count))] if count else []
    for one, other in sorted({(min(pair), max(pair)) for pair in different}):
        split: list[frozenset[int]] = []
        for column in columns:
            split += [column - {one}, column - {other}] if {one, other} <= column else [column]
        columns = _absorbed(split)
    return tuple(sorted(tuple(sorted(column)) for column in columns))


def letters(count: int, different: Collection[tuple[int, int]]) -> tuple[str, ...]:
    """The letters of systems 0..count-1: one for each group that a system is in. After z come a1, b1, …, a2, …"""
    marks = [""] * count
    for number, members in enumerate(groups(count, different)):
        turn, letter = divmod(number, len(ascii_lowercase))
        for member in members:
            marks[member] += ascii_lowercase[letter] + (str(turn) if turn else "")
    return tuple(marks)


def _absorbed(columns: list[frozenset[int]]) -> list[frozenset[int]]:
    """The columns that are no part of another."""
    kept: list[frozenset[int]] = []
    for column in sorted(set(columns), key=lambda members: (-len(members), sorted(members))):
        if not any(column <= larger for larger in kept):
            kept.append(column)
    return kept
