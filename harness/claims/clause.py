"""A clause, and a part that is detached from one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.claims.grammar import COMMAS, subject
from harness.claims.wording import Words

if TYPE_CHECKING:
    from spacy.tokens import Token


@dataclass(frozen=True)
class Clause:
    """Something that can be said on its own: a verb with what hangs on it, or what a noun is said to be."""

    head: Token
    area: frozenset[int]
    """The tokens that it consists of, with all that may yet be detached from it."""
    agent: Token | None
    """Its subject, which may stand outside of it."""
    carried: Words = ()
    """The words of a noun that stands outside of it: its subject as a rule."""
    helper: Words = ()
    """The words between the noun and the clause: auxiliaries, or a form of "be"."""
    hole: int | None = None
    """The token that stands for the noun, "who" or "which"; without one the noun comes first."""
    slot: int | None = None
    """The token after which the noun belongs, where it is not the hole's own place."""

    def words(self, kept: frozenset[int]) -> Words:
        """What is kept of the clause's tokens, in order, with the noun and its helper in their place."""
        noun = self.carried + self.helper
        if self.hole is None:
            return noun + tuple(sorted(kept))
        place = self.hole if self.slot is None else self.slot
        found: Words = ()
        for token in sorted(kept):
            found += () if token == self.hole else (token,)
            found += noun if token == place else ()
        return found

    def subject_words(self, rest: frozenset[int]) -> Words:
        """The subject as it is carried into another clause."""
        own = subject(self.head)
        if own is None or own.i == self.hole:
            return self.carried
        return nucleus(own, rest)


@dataclass(frozen=True)
class Part:
    """A clause in the making: what is detached, before the clause that it is detached from has found its own words."""

    head: Token
    area: frozenset[int]
    cut: frozenset[int] = frozenset()
    """What goes with it and belongs to neither: commas, "and", "while"."""
    bond: frozenset[int] = frozenset()
    """What joins it to its clause where that is a claim too: "because"."""
    noun: Token | None = None
    """What is carried into it; None where it has its own subject."""
    shared: bool = False
    """Whether it is the subject of the clause that is carried into it."""
    tail: Words = ()
    """What follows the noun at once: "'s"."""
    helper: Words = ()
    hole: int | None = None
    slot: int | None = None

    def has_noun(self, outer: Clause) -> bool:
        """Whether what is carried into it is there to be carried."""
        return self.noun is None or self.shared or self.noun.i in outer.area

    def clause(self, outer: Clause, rest: frozenset[int]) -> Clause:
        """The part as a clause; ``rest`` is what the outer clause keeps."""
        if self.shared:
            carried = outer.subject_words(rest)
        else:
            carried = nucleus(self.noun, rest) + self.tail if self.noun is not None else ()
        agent = self.noun if self.noun is not None and not self.tail else subject(self.head)
        return Clause(self.head, self.area, agent, carried, self.helper, self.hole, self.slot)


def nucleus(noun: Token, rest: frozenset[int]) -> Words:
    """The noun with what belongs to it closely: up to the first comma after it, lists excepted."""
    places = tuple(token.i for token in sorted(noun.subtree, key=lambda token: token.i) if token.i in rest)
    if any(child.dep_ == "conj" for child in noun.children):
        return places
    behind = noun.doc[noun.i + 1 : noun.right_edge.i + 1]
    end = next((token.i for token in behind if token.text in COMMAS), len(noun.doc))
    return tuple(place for place in places if place < end)
