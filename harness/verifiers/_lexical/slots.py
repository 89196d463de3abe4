"""Slots: the numbers, dates and names of a passage, typed so that values of one type can be held against each other."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Literal, NamedTuple

from harness.verifiers._lexical.tokens import Token

Type = Literal["number", "year", "month", "day", "weekday", "name"]


class Slot(NamedTuple):
    type: Type
    key: str


class Conflict(NamedTuple):
    """A slot type where the hypothesis has values that the passage lacks, and the passage others in their place."""

    type: Type
    hypothesis: frozenset[str]
    passage: frozenset[str]


def slots(sentence: Sequence[Token], common: Container[str]) -> frozenset[Slot]:
    """The slots of one sentence. Its first word is a name if it is capital and not among the ``common`` words."""
    found = set()
    for at, token in enumerate(sentence):
        if token.kind == "number":
            found.add(Slot(_number_type(sentence, at), token.key))
        elif token.kind == "month":
            found.add(Slot("month", token.key))
        elif token.kind == "weekday":
            found.add(Slot("weekday", token.key))
        elif token.kind == "content" and token.capital and (at > 0 or token.key not in common):
            found.add(Slot("name", token.key))
    return frozenset(found)


def conflicts(hypothesis: frozenset[Slot], passage: frozenset[Slot]) -> list[Conflict]:
    """Where the two differ in a value of one type; a type that only one of them has is no conflict."""
    only_hypothesis, only_passage = hypothesis - passage, passage - hypothesis
    types = {slot.type for slot in only_hypothesis} & {slot.type for slot in only_passage}
    return [Conflict(each, _keys(only_hypothesis, each), _keys(only_passage, each)) for each in sorted(types)]


def _keys(found: frozenset[Slot], wanted: Type) -> frozenset[str]:
    return frozenset(slot.key for slot in found if slot.type == wanted)


def _number_type(sentence: Sequence[Token], at: int) -> Type:
    digits = sentence[at].key[1:]
    if not digits.isdecimal():
        return "number"
    beside = [*sentence[max(0, at - 1) : at], *sentence[at + 1 : at + 2]]
    if int(digits) <= 31 and any(token.kind == "month" for token in beside):
        return "day"
    return "year" if len(digits) == 4 and 1000 <= int(digits) <= 2100 else "number"
