"""Small words that may stand or not, or be others: ``said that``, ``a law that``, ``more than 50``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from harness.english.syntax import child, end, neighbour
from harness.perturbations.edit import Change
from harness.perturbations.source import Source

if TYPE_CHECKING:
    from spacy.tokens import Token

_REPORTING = ("say", "claim", "believe", "think", "announce", "insist", "confirm", "report", "warn", "argue", "add")
_SIZES = {
    "more than": "over", "over": "more than", "less than": "under", "under": "less than", "about": "around",
    "around": "about", "approximately": "about", "nearly": "almost", "almost": "nearly",
}  # fmt: skip  # pairs
_SIZE = re.compile(rf"\b({'|'.join(_SIZES)})(?= [$£€]?\d)", re.IGNORECASE)


def changes(source: Source) -> Iterator[list[Change]]:
    """Each such word."""
    for match in _SIZE.finditer(source.text):
        yield [Change(match.start(), match.end(), _SIZES[match.group().lower()])]
    yield from ([change] for token in source.doc if (change := _that(token) or _which(token)))


def _that(verb: Token) -> Change | None:
    """``said he left`` → ``said that he left``, and back."""
    if verb.lemma_.lower() not in _REPORTING or verb.pos_ != "VERB":
        return None
    clause, after = child(verb, "ccomp"), neighbour(verb, 1)
    if clause is None or after is None or clause.i < verb.i or clause.left_edge.i != after.i:
        return None
    if after.lower_ == "that" and after.dep_ == "mark":
        return Change(after.idx, after.doc[after.i + 1].idx, "")
    starts = child(clause, "nsubj", "nsubjpass", "expl")
    plain = (
        starts is not None and starts.left_edge.i == after.i and after.pos_ in ("PRON", "PROPN", "DET", "NOUN", "ADJ")
    )
    return Change(end(verb), end(verb), " that") if plain and child(clause, "mark") is None else None


def _which(token: Token) -> Change | None:
    """``a law that bans`` → ``a law which bans``; not of people."""
    if token.lower_ != "that" or token.dep_ not in ("nsubj", "nsubjpass") or token.tag_ != "WDT":
        return None
    before = neighbour(token, -1)
    thing = before is not None and before.pos_ == "NOUN" and before.lower_ not in ("people", "man", "woman", "those")
    return Change(token.idx, end(token), "which") if thing else None
