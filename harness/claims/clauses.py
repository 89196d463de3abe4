"""A sentence taken apart into clauses: which words each claim has, and in what order.

What can be said on its own is detached from its clause, by the rules of ``rules.py``, and taken apart in turn. A clause
that is reported ("police said that …") gives each of its claims the report to carry along. In the manner of ClausIE
(Del Corro & Gemulla, WWW 2013), with fewer and more careful rules: where the parse is unsure, nothing is detached.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from harness.claims.clause import Clause, Part
from harness.claims.grammar import COMMAS, is_clause, is_modal, is_negated, stretch, subject
from harness.claims.lexicon import REPORTING
from harness.claims.quoted import cuts, quoted
from harness.claims.rules import RULES
from harness.claims.wording import Words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_WH = frozenset({"WDT", "WP", "WP$", "WRB"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A claim as words; ``own`` are the tokens that it stands in."""

    own: frozenset[int]
    words: Words

    @property
    def tokens(self) -> frozenset[int]:
        """All tokens of the sentence that it has, its own and those carried along."""
        return frozenset(word for word in self.words if isinstance(word, int))


def pieces(doc: Doc) -> list[Piece]:
    """The claims of a sentence in the order in which they stand there; one with all its words where it stays whole."""
    whole = Piece(frozenset(range(len(doc))), tuple(range(len(doc))))
    root = _root(doc)
    if root is None:
        return [whole]
    quotations = quoted(doc)
    source = _source(root)
    main = Clause(root, whole.own - source, subject(root))
    inner = _taken_apart(main, quotations)
    found = sorted(_framed(inner, main, source), key=lambda piece: (min(piece.own), -max(piece.own)))
    sound = _nothing_lost(doc, found) and not any(cuts(piece.tokens, quotations) for piece in found)
    return found if sound and len(found) > 1 else [whole]


def _root(doc: Doc) -> Token | None:
    """The main verb of a statement that was parsed as one; None for headlines, orders, questions and "NAME: …"."""
    roots = [token for token in doc if token.dep_ == "ROOT" and not token.is_punct]
    if len(roots) != 1 or any(token.text in {"?", ":"} for token in doc):
        return None
    return roots[0] if is_clause(roots[0]) and subject(roots[0]) else None


def _source(root: Token) -> frozenset[int]:
    """ "According to police", where it begins or ends the sentence: then all of the sentence is theirs."""
    doc = root.doc
    for token in doc:
        area = stretch(token) if token.lower_ == "according" else frozenset()
        if area and (min(area) == 0 or all(each.is_punct for each in doc[max(area) + 1 :])):
            near = {min(area) - 1, max(area) + 1} & set(range(len(doc)))
            return area | {place for place in near if doc[place].text in COMMAS}
    return frozenset()


def _taken_apart(clause: Clause, quotations: Sequence[frozenset[int]]) -> list[Piece]:
    """The clause without what is detached from it, then that, each taken apart in turn."""
    reported = _report(clause)
    parts = list(_parts(clause, reported, quotations))
    rest = clause.area - frozenset(chain.from_iterable(part.area | part.cut for part in parts))
    found = _reported(clause, rest, reported, quotations)
    for part in parts:
        found += _taken_apart(part.clause(clause, rest), quotations)
        if part.bond:
            kept = rest | part.area | part.bond
            found.append(Piece(kept, clause.words(kept)))
    return found


def _parts(clause: Clause, reported: Token | None, quotations: Sequence[frozenset[int]]) -> Iterator[Part]:
    """What the rules detach from the clause, outermost first; what is reported is left to itself."""
    taken = set(stretch(reported)) if reported else set()
    for place in sorted(clause.area):
        token = clause.head.doc[place]
        rule = RULES.get(token.dep_)
        if rule is None or place in taken or token == clause.head:
            continue
        part = rule(token, clause)
        if part and not taken & part.area and part.has_noun(clause) and not _within(part.area, quotations):
            taken |= part.area
            yield part


def _within(area: frozenset[int], quotations: Iterable[frozenset[int]]) -> bool:
    """Whether the area stands in, or cuts, what is quoted or bracketed."""
    return any(area & quotation and not quotation <= area for quotation in quotations)


def _report(clause: Clause) -> Token | None:
    """The verb of what the clause reports as said."""
    head = clause.head
    if head.lemma_.lower() not in REPORTING or is_negated(head) or is_modal(head):
        return None
    said = [child for child in head.children if child.dep_ == "ccomp" and stretch(child) & clause.area]
    sound = len(said) == 1 and is_clause(said[0]) and subject(said[0]) and stretch(said[0]) <= clause.area
    return said[0] if sound else None


def _reported(
    clause: Clause, rest: frozenset[int], reported: Token | None, quotations: Sequence[frozenset[int]]
) -> list[Piece]:
    """The claims of a clause with its parts gone: one, or as many as what it reports has."""
    whole = [Piece(rest, clause.words(rest))]
    if reported is None:
        return whole
    area = stretch(reported) & rest
    inner = _taken_apart(Clause(reported, area, subject(reported)), quotations)
    return _framed(inner, clause, rest - area) if len(inner) > 1 else whole


def _framed(inner: Sequence[Piece], clause: Clause, frame: frozenset[int]) -> list[Piece]:
    """Each piece between the words of the frame; the frame stands in the first piece, or in the last."""
    if not frame:
        return list(inner)
    start = min(min(piece.own) for piece in inner)
    ahead = frozenset(place for place in frame if place < start)
    behind = frame - ahead
    first, last = clause.words(ahead) if ahead else (), tuple(sorted(behind))
    framed = [Piece(piece.own, first + piece.words + last) for piece in inner]
    framed[0] = Piece(framed[0].own | ahead, framed[0].words)
    framed[-1] = Piece(framed[-1].own | behind, framed[-1].words)
    return framed


def _nothing_lost(doc: Doc, found: Iterable[Piece]) -> bool:
    """Whether each word of content stands in a claim."""
    said = frozenset(chain.from_iterable(piece.own | piece.tokens for piece in found))
    return all(
        token.i in said or token.is_punct or token.is_space or token.dep_ in {"cc", "mark"} or token.tag_ in _WH
        for token in doc
    )
