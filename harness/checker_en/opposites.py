"""Words that exclude each other when said of one thing, looked up by stem."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from harness.checker_en import lists
from harness.checker_en.stems import stem

RELATIONS = frozenset({"befor", "after", "abov", "below", "insid", "outsid", "up", "down", "with", "without"})
"""Words of no content that have an opposite, by stem."""
_PREFIXES = ("un", "in", "im", "dis", "ir", "il", "non")


def opposite(one: str, other: str) -> bool:
    """Whether two stems exclude each other: listed, or the one is the other with a denying prefix."""
    if other in _opposites().get(one, ()):
        return True
    short, long = sorted((one, other), key=len)
    return len(short) >= 4 and any(long == prefix + short for prefix in _PREFIXES)


@cache
def antonyms() -> Mapping[str, Mapping[str, list[str]]]:
    """Word class → word → the opposites that can be written for it.

    A pair in a list named ``…, one way`` holds in its order only.
    """
    table: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, pairs in lists.load("antonyms", dict[str, list[tuple[str, str]]]).items():
        kind, _, one_way = name.partition(", ")
        for one, other in pairs:
            table[kind][one].append(other)
            if not one_way:
                table[kind][other].append(one)
    return table


@cache
def _opposites() -> Mapping[str, frozenset[str]]:
    """Stem → the stems that exclude it: the antonyms, and more that are read as opposites but would not be written.

    ``either side``: what stands left of the bar excludes what stands right of it; ``one of``: each excludes the others.
    """
    table: dict[str, set[str]] = defaultdict(set)
    more = lists.load("opposites", dict[str, list[str]])
    sides = [(word, other) for by_word in antonyms().values() for word in by_word for other in by_word[word]]
    sides += [(left, right) for line in more["either side"] for left, _, right in [line.partition("|")]]
    for left, right in ([set(map(stem, side.split())) for side in pair] for pair in sides):
        for one in left:
            table[one] |= right
        for one in right:
            table[one] |= left
    for words in (set(map(stem, line.split())) for line in more["one of"]):
        for word in words:
            table[word] |= words
    return {word: frozenset(others - {word}) for word, others in table.items()}
