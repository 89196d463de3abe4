"""Statements in which one word turns what is said: how many, in what order, and why; each beside a true one.

"Most of the islanders use the ferry" is not "all of them use it", though every other word is the text's, nor is "the
dam broke because the mayor resigned" what "the dam broke, and the mayor resigned" says. Quantifiers are a scale of
which each is false where another is true, or says more than it (Horn 1972); that two things are told together gives
neither an order nor a cause.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import permutations
from typing import TYPE_CHECKING

from benchmarks.training.clauses import Clause, Made, beside_true, clauses, few, tidy
from benchmarks.training.corpora import Example
from benchmarks.training.rewording import phrase_of, within
from harness.checker_en import syntax

if TYPE_CHECKING:
    from spacy.tokens import Doc

_TURNS: dict[str, tuple[str, ...]] = {
    "most": ("all", "none", "few"),
    "many": ("most", "all", "few"),
    "some": ("most", "all", "none"),
    "several": ("most", "all", "no"),
    "few": ("many", "most"),
    "half": ("most", "all"),
    "at least": ("at most", "fewer than", "exactly"),
    "at most": ("at least", "more than"),
    "up to": ("at least", "more than"),
    "more than": ("fewer than", "nearly", "exactly"),
    "fewer than": ("more than", "at least"),
    "less than": ("more than", "at least"),
    "nearly": ("more than", "exactly"),
    "almost": ("more than", "exactly"),
    "one of the": ("the only one of the", "each of the"),
    "often": ("always", "never"),
    "sometimes": ("always", "never"),
    "usually": ("always", "never"),
    "first": ("last",),
    "after": ("before",),
    "before": ("after",),
    "although": ("because",),
    "because": ("although",),
    "despite": ("because of",),
    "because of": ("despite",),
}
"""Words, and others that say something else of as much."""
_LINKS = ("because", "after", "before", "although")
"""Between two statements that the text does not join."""
_COUNTS = frozenset({"at least", "at most", "up to", "more than", "fewer than", "less than", "nearly", "almost"})
"""Turns that stand before a number."""


def turned(premise: str, count: int, draw: random.Random) -> Iterator[Example]:
    """At most ``count`` true statements of a text, behind each the same with another quantity, order or cause."""
    docs = few(premise, draw)
    found = [made for doc in docs for made in _reworded(doc, draw)]
    joined = list(_joined([clause for doc in docs for clause in list(clauses(doc, draw))[:1]], draw))
    draw.shuffle(found)
    draw.shuffle(joined)
    yield from beside_true(premise, "turned", [*found[:count], *joined], count, draw)


def _reworded(doc: Doc, draw: random.Random) -> Iterator[Made]:
    """The sentence with another word for one of its turns."""
    words = [token.lower_ for token in doc]
    for turn, others in _TURNS.items():
        run = turn.split()
        for at in range(len(words) - len(run)):
            following = doc[at + len(run)]
            if words[at : at + len(run)] != run or (turn in _COUNTS and following.pos_ != "NUM"):
                continue
            if turn == "because" and following.lower_ == "of":
                continue
            if turn == "first" and (doc[at].dep_ != "amod" or syntax.beside(doc[at], -1) != "the"):
                continue
            other = draw.choice(others)
            start, end = doc[at].idx, syntax.end(doc[at + len(run) - 1])
            shown = other if doc.text[start].islower() else f"{other[:1].upper()}{other[1:]}"
            yield Made(doc.text, doc.text[:start] + shown + doc.text[end:])


def _joined(found: list[Clause], draw: random.Random) -> Iterator[Made]:
    """Two statements of what happened, of different sentences, joined by "and", and as cause or order."""
    past = [clause for clause in found if clause.verb[0].tag_ == "VBD"]
    for one, other in permutations(past, 2):
        first = [*phrase_of(one.subject), *one.verb, *one.after]
        second = within([*phrase_of(other.subject), *other.verb, *other.after])
        yield Made(tidy([*first, "and", *second]), tidy([*first, draw.choice(_LINKS), *second]))
