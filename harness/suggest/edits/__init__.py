"""Edit English text: make six kinds of errors that summarisers make.

number      another value of the same size and unit, from the article if it has one
date        another weekday, month, day, year or period
name        another person, place, nationality or organisation of the article
negation    a clause negated, or a negation removed
swap        the subject of a verb and another name exchanged
invention   a place, manner, aside or source that the article does not mention
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from harness.suggest.edits.edit import ALL, Change, Edit, Kind, Passage, apply
from harness.suggest.edits.invention import invent_details
from harness.suggest.edits.name import change_names, swap_names
from harness.suggest.edits.negation import negate_clauses
from harness.suggest.edits.number import change_dates, change_numbers

if TYPE_CHECKING:
    import numpy as np

__all__ = ["ALL", "Edit", "Kind", "make_edits", "make_false_versions"]

_MAKERS: dict[Kind, Callable[[Passage, np.random.Generator], Iterator[list[Change]]]] = {
    "number": change_numbers,
    "date": change_dates,
    "name": change_names,
    "negation": negate_clauses,
    "swap": swap_names,
    "invention": invent_details,
}


def make_edits(
    text: str, rng: np.random.Generator, kinds: Collection[Kind] = ALL, *, context: str = "", per_kind: int = 3
) -> list[Edit]:
    """Make up to ``per_kind`` edits of each kind to a sentence or short text, in the order of ``ALL``.

    Other names and numbers come from ``context``, the article. The edits of a kind do not depend on the other kinds.
    Raises StoreError if the parser is unavailable.
    """
    import numpy as np

    seed = int(rng.integers(2**63))
    passage = Passage(text, context)
    made = []
    for kind in (kind for kind in ALL if kind in kinds):
        by_text: dict[str, tuple[int, Edit]] = {}
        edits_at = Counter[int]()
        for changes in _MAKERS[kind](passage, np.random.default_rng([seed, ALL.index(kind)])):
            edit, place = apply(kind, text, changes), changes[0].start
            if edit is not None and edit.text not in by_text:
                by_text[edit.text] = (edits_at[place], edit)
                edits_at[place] += 1
        # every place gets its first edit before any place gets a second
        made += [edit for _, edit in sorted(by_text.values(), key=lambda each: each[0])[:per_kind]]
    return made


def make_false_versions(statement: str, rng: np.random.Generator, context: str, limit: int = 8) -> list[Edit]:
    """Make at most ``limit`` statements that cannot be true if this one is, the most confusable first.

    Changed values come first, one of each kind in turn, then negations and exchanged names. There are no inventions,
    because the statement may be true with them.
    """
    made = make_edits(statement, rng, ("number", "date", "name", "negation", "swap"), context=context)
    by_kind = {kind: [edit for edit in made if edit.kind == kind] for kind in ALL}
    values = chain.from_iterable(zip_longest(by_kind["number"], by_kind["date"], by_kind["name"]))
    ordered = [*filter(None, values), *by_kind["negation"], *by_kind["swap"]]
    return list({edit.text: edit for edit in ordered}.values())[:limit]
