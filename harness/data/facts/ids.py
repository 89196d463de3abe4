"""A short name for a new fact, made from its statement."""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain, count

from harness.text import words

_LONGEST = 6
"""Words in a name."""
LIGHT = frozenset(
    words(
        "a an and are as at be been by for from had has have he her his in is it its of on or she that the their they "
        "this to was were which who will with would"
    )
)


def fact_id(statement: str, taken: Collection[str]) -> str:
    """``minerals-agreement-not-signed``: the first words that carry weight; numbered where the name is taken."""
    weighty = [word for word in words(statement) if word not in LIGHT]
    name = "-".join(word.replace("'", "") for word in weighty[:_LONGEST]) or "fact"
    numbered = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(each for each in numbered if each not in taken)
