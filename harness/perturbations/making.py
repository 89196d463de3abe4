"""All edits of a text, and its false versions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from importlib.metadata import version
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from harness import store
from harness.checker_en import lists, syntax
from harness.perturbations import actors, antonym, attribution, date, invention, name, negation, number, paraphrase
from harness.perturbations.edit import ALL, Change, Edit, Kind, edited
from harness.perturbations.passage import Passage
from harness.signature import code_version

if TYPE_CHECKING:
    import numpy as np

Maker = Callable[[Passage, "np.random.Generator"], Iterator[list[Change]]]

EACH = 3
"""Edits of one kind at the most."""

_MAKERS: dict[Kind, Maker] = {
    "number": number.changes,
    "date": date.changes,
    "name": name.changes,
    "negation": negation.changes,
    "antonym": antonym.changes,
    "actors": actors.changes,
    "invention": invention.changes,
    "attribution": attribution.changes,
    "paraphrase": paraphrase.changes,
}
_VALUES: tuple[Kind, ...] = ("number", "date", "name")
_STATEMENTS: tuple[Kind, ...] = ("antonym", "negation", "actors", "attribution")


def edits(text: str, rng: np.random.Generator, kinds: Collection[Kind] = ALL, *, context: str = "") -> list[Edit]:
    """Every edit of these kinds that applies to a sentence or short text, up to three a kind, in the order of ``ALL``.

    ``context`` is the article: other names, numbers and details are drawn from it. One ``rng`` gives one result, and
    the edits of a kind do not depend on which other kinds are asked for. English; ``StoreError`` where the parser
    cannot be had.
    """
    seed = int(rng.integers(2**63))
    passage = Passage(text, context)
    return [edit for kind in ALL if kind in kinds for edit in _of_kind(kind, passage, seed)]


def false_versions(statement: str, rng: np.random.Generator, context: str = "", limit: int = 8) -> list[Edit]:
    """Statements that cannot be true if this one is, the most confusable first; at most ``limit``.

    Values swapped for others of their type come first, then antonyms, negations, actors and speakers; of the kinds on
    one level, one edit each in turn. An invented detail is none: with it the statement would still hold.
    """
    every = edits(statement, rng, (*_VALUES, *_STATEMENTS), context=context)
    by_kind = {kind: [edit for edit in every if edit.kind == kind] for kind in ALL}
    values = zip_longest(*(by_kind[kind] for kind in _VALUES))
    ordered = [*chain.from_iterable(values), *chain.from_iterable(by_kind[kind] for kind in _STATEMENTS)]
    distinct: dict[str, Edit] = {}
    for edit in ordered:
        if edit is not None:
            distinct.setdefault(edit.text, edit)
    return list(distinct.values())[:limit]


def signature() -> str:
    """What edits depend on beside text, context and generator: code, word lists, lexicon and parser."""
    lexicons = "|".join(f"{package}:{version(package)}" for package in ("lemminflect", "num2words", "spacy"))
    parser = f"{syntax.MODEL}:{store.checksum(syntax.MODEL)[:8]}"
    return f"perturbations|lists:{lists.checksum()}|{lexicons}|{parser}|code:{code_version(__name__)}"


def _of_kind(kind: Kind, passage: Passage, seed: int) -> list[Edit]:
    import numpy as np

    rng = np.random.default_rng([seed, ALL.index(kind)])
    by_text: dict[str, Edit] = {}
    for changes in _MAKERS[kind](passage, rng):
        edit = edited(kind, passage.text, changes)
        if edit is not None:
            by_text.setdefault(edit.text, edit)
    return _few(list(by_text.values()))


def _few(every: list[Edit]) -> list[Edit]:
    """Up to three, of different places in the text as far as there are so many."""
    first_of_place: dict[tuple[int, int], Edit] = {}
    for edit in every:
        first_of_place.setdefault((edit.original.start, edit.original.end), edit)
    firsts = list(first_of_place.values())
    return [*firsts, *(edit for edit in every if edit not in firsts)][:EACH]
