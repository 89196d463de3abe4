"""Many comparisons at once: Holm's correction, and letters for systems that do not differ significantly.

The tests check Holm's correction against statsmodels, which would bring pandas. The letters are the compact letter
display of Piepho (2004, "An algorithm for a letter-based representation of all-pairwise comparisons").
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from string import ascii_lowercase


def holm(p: Sequence[float | None]) -> tuple[float | None, ...]:
    """Correct p values (Holm 1979) and keep their order; None stays None and does not count."""
    ordered = sorted((value, position) for position, value in enumerate(p) if value is not None)
    corrected: list[float | None] = [None] * len(p)
    largest = 0.0
    for rank, (value, position) in enumerate(ordered):
        largest = max(largest, min(1.0, (len(ordered) - rank) * value))
        corrected[position] = largest
    return tuple(corrected)


def group_systems(count: int, different: Collection[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    """Group systems 0..count-1 so that two systems share a group exactly if they do not differ.

    A system may be in several groups. If systems are sorted best first, the first group contains the best system.
    """
    groups: list[frozenset[int]] = [frozenset(range(count))] if count else []
    for one, other in sorted({(min(pair), max(pair)) for pair in different}):
        split: list[frozenset[int]] = []
        for group in groups:
            split += [group - {one}, group - {other}] if {one, other} <= group else [group]
        groups = []
        for group in sorted(set(split), key=lambda members: (-len(members), sorted(members))):
            if not any(group <= larger for larger in groups):
                groups.append(group)
    return tuple(sorted(tuple(sorted(group)) for group in groups))


def assign_letters(count: int, different: Collection[tuple[int, int]]) -> tuple[str, ...]:
    """Assign letters to systems 0..count-1, one for each of their groups. After z come a1, b1, …, a2, …"""
    marks = [""] * count
    for number, members in enumerate(group_systems(count, different)):
        turn, letter = divmod(number, len(ascii_lowercase))
        for member in members:
            marks[member] += ascii_lowercase[letter] + (str(turn) if turn else "")
    return tuple(marks)
