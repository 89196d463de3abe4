"""Statements spliced of two places of a text, each beside a true one that is cut out of it in the same way.

Summarisers that copy go on at another place than they began: "the greater adjutant stork is a landfill"; or leave out
what stands between: "Jill said" for "Jill's parents said". All words are the text's, so only who did what tells: errors
of a predicate and its arguments (Pagnoni et al. 2021). As a splice would soon be known by its make, the true statement
has the same predicate behind its own subject, or the same subject before what is said of it, and leaves out as much.
Half are written as systems write that learned from tokens: lower-cased, with spaces around marks.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from benchmarks.training.corpora import Example, Target
from benchmarks.training.rewording import SUBJECTS, phrase_of, sentence
from harness.english import syntax
from harness.text import sentences
from harness.verifiers._entailment.passages import passage

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_LENGTHS = range(5, 60)
"""Words of a sentence that is taken."""
_TOGETHER = 6
"""Sentences that stand together, of which parts are spliced."""
_WRITTEN = range(4, 31)
"""Words of a statement."""
_PREDICATES = frozenset({"ROOT", "conj", "relcl", "ccomp", "advcl"})
_ASIDE = frozenset({"advcl", "conj", "cc", "parataxis", "mark", "relcl", "punct"})
"""What is left out behind a verb where a statement is to be short."""
_LOOSE = frozenset({"prep", "npadvmod", "advmod"})
"""What is left out there at times."""
_ARGUMENTS = frozenset({"attr", "dobj", "prep", "agent", "acomp"})
"""What follows a verb and may follow another instead."""
_LEFT_OUT = 0.3
_SHORT = 0.7
_COPIED = 0.5
_VAGUE = frozenset({
    "man", "woman", "mother", "father", "parent", "boy", "girl", "person", "people", "child", "teenager", "victim",
    "suspect", "officer", "official", "spokesman", "spokeswoman", "leader", "player", "striker",
    "firm", "company", "club", "side", "team", "group", "organisation", "city", "country", "government",
})  # fmt: skip  # people, then what they make up
"""Nouns of which one may stand for what another means."""
_PARTITIVE = frozenset({
    "group", "number", "lot", "couple", "series", "part", "majority", "pair", "kind", "sort", "type", "one", "some",
    "many", "most", "all", "each", "none", "half", "quarter", "third", "hundred", "thousand", "dozen", "million", "per",
    "cent", "percent", "rest", "piece", "set", "range", "total", "handful", "host", "string", "wave", "crowd", "team",
    "member", "city", "town", "state", "county", "island", "republic", "kingdom", "month", "year", "day", "amount",
    "level", "spokesman", "spokeswoman", "spokesperson", "version", "form", "copy", "area", "region", "government",
    "mixture",
})  # fmt: skip  # a list
"""Nouns that stand for what they are of: of a group of men what is said is true of the men."""
_AMOUNTS = frozenset({"DATE", "MONEY", "CARDINAL", "PERCENT"})
_OF = frozenset({"of", "for", "from", "to", "with", "against", "by", "about", "on"})
_SPEECH = frozenset({"say", "tell", "add", "claim", "state", "announce", "warn", "report", "show", "suggest", "find"})
"""What an office says its spokesman says."""
_COMMAS = re.compile(r"(?:\s*,)+")
_ACTORS = frozenset({"PERSON", "ORG", "NORP", "GPE"})
"""Entities of which one does what another may have done as well; their clauses are taken first."""
_MARK = re.compile(r"\s*(?<!\d)([,.;:!?\"“”()]|['’]s\b|n['’]t\b)(?!\d)\s*")


@dataclass(frozen=True, slots=True)
class _Clause:
    """A verb with its subject and what follows it."""

    subject: Token
    verb: tuple[Token, ...]
    """With its helpers."""
    after: tuple[Token, ...]

    def written(self) -> str:
        return _text(self.subject, self.verb, self.after)


def spliced(premise: str, count: int, draw: random.Random) -> Iterator[Example]:
    """At most ``count`` true statements of a text, behind each one with the subject, or what is said, of another."""
    found = _found(premise, draw)
    pairs = [(one, other) for one, other in product(found, found) if _are_others(one.subject, other.subject)]
    draw.shuffle(pairs)
    pairs.sort(key=lambda pair: pair[0].subject.ent_type_ not in _ACTORS)
    yield from _beside_true(premise, ((other, _exchanged(one, other)) for one, other in pairs), count, draw)


def nested(premise: str, count: int, draw: random.Random) -> Iterator[Example]:
    """At most ``count`` true statements of a text, behind each the same of what stands within a phrase of it."""
    made = [(clause, false) for clause in _found(premise, draw) for false in _within(clause)]
    draw.shuffle(made)
    yield from _beside_true(premise, made, count, draw)


def _found(premise: str, draw: random.Random) -> list[_Clause]:
    """The clauses of a few sentences that stand together."""
    told = [span.text for span in sentences(premise) if len(span.text.split()) in _LENGTHS and "?" not in span.text]
    start = draw.randrange(max(1, len(told) - _TOGETHER + 1))
    return [each for doc in syntax.parse_all(told[start : start + _TOGETHER]) for each in _clauses(doc, draw)]


def _beside_true(
    premise: str, made: Iterable[tuple[_Clause, str]], count: int, draw: random.Random
) -> Iterator[Example]:
    """At most ``count`` of the clauses with what was made of each, written alike; each statement once."""
    taken: set[str] = set()
    for clause, false in made:
        if len(taken) >= 2 * count:
            return
        true = clause.written()
        if false and not {true, false} & taken and all(_is_readable(text) for text in (true, false)):
            taken |= {true, false}
            is_copied = draw.random() < _COPIED
            yield _example(premise, true, "supported", is_copied)
            yield _example(premise, false, "unsupported", is_copied)


def _within(clause: _Clause) -> Iterator[str]:
    """The clause with a noun that is part of its subject, or of its object, in the place of it."""
    subject, verb = clause.subject, clause.verb[-1]
    inner = _inner(subject)
    if inner is not None and verb.lemma_ not in _SPEECH and _is_plural(inner) == _is_plural(subject):
        yield _COMMAS.sub(",", sentence([*_bare(inner), "", *clause.verb, "", *clause.after]))
    head = next((each for each in verb.rights if each.dep_ in ("dobj", "attr")), None)
    inner = _inner(head) if head is not None else None
    if head is not None and inner is not None and clause.after[0] in list(head.subtree):
        rest = [token for token in clause.after if token not in list(head.subtree)]
        yield _text(subject, clause.verb, [*_bare(inner), *rest])


def _inner(noun: Token) -> Token | None:
    """The first noun that a phrase's own noun is described by, as of another thing; none of a part or an amount."""
    if noun.pos_ != "NOUN" or noun.lemma_.casefold() in _PARTITIVE or noun.ent_type_ in _AMOUNTS:
        return None
    for child in noun.children:
        if child.dep_ == "poss" and child.pos_ in ("PROPN", "NOUN"):
            return child
        found = syntax.child(child, "pobj") if child.dep_ == "prep" and child.lower_ in _OF else None
        if found is not None and found.pos_ in ("NOUN", "PROPN") and found.ent_type_ not in _AMOUNTS:
            return found
    return None


def _bare(noun: Token) -> list[Token]:
    """Its phrase, without the mark of a possessor."""
    found = phrase_of(noun)
    return found[:-1] if found and found[-1].dep_ == "case" else found


def _exchanged(one: _Clause, other: _Clause) -> str:
    """The second with the subject of the first, or followed by what follows the first's verb; '' where neither fits."""
    first, second = one.after[0], other.after[0]
    if first.dep_ == second.dep_ and first.dep_ in _ARGUMENTS and _is_same_use(one, other):
        return "" if _content(one.after) & _content(other.after) else _text(other.subject, other.verb, one.after)
    if _nouns(one.subject) & {token.lemma_.casefold() for token in (*other.verb, *other.after)}:
        return ""
    return _text(one.subject, other.verb, other.after)


def _is_same_use(one: _Clause, other: _Clause) -> bool:
    """Whether what follows one verb can follow the other: the same verb, or the same preposition."""
    first, second = one.after[0], other.after[0]
    return (first.lemma_ == second.lemma_) if first.dep_ == "prep" else one.verb[-1].lemma_ == other.verb[-1].lemma_


def _example(premise: str, text: str, label: Target, is_copied: bool) -> Example:
    text = " ".join(_MARK.sub(r" \1 ", text.casefold()).split()) if is_copied else text
    return Example(passage(premise, text).text, text, label, "spliced")


def _text(subject: Token, verb: Sequence[Token], after: Sequence[Token]) -> str:
    return _COMMAS.sub(",", sentence([*phrase_of(subject), "", *verb, "", *after]))


def _is_readable(text: str) -> bool:
    return len(text.split()) in _WRITTEN and "(" not in text and ".." not in text


def _clauses(doc: Doc, draw: random.Random) -> Iterator[_Clause]:
    """Each finite verb that is not denied or only possible, with its subject, or that of the verb it is joined to."""
    for verb in doc:
        subject = _subject(verb) if verb.dep_ in _PREDICATES and verb.pos_ in ("VERB", "AUX") else None
        helpers = [token for token in verb.lefts if token.dep_ in ("aux", "auxpass")]
        is_finite = (helpers or [verb])[0].tag_ in ("VBZ", "VBP", "VBD")
        if subject is None or not is_finite or any(child.dep_ == "neg" for child in verb.children):
            continue
        is_short = draw.random() < _SHORT
        after = [token for child in verb.rights for token in _kept(child, is_short, draw)]
        while after and after[-1].is_punct:
            after.pop()
        if after and after[0].tag_ not in ("WDT", "WP", "WRB"):
            yield _Clause(subject, (*helpers, verb), tuple(after))


def _kept(child: Token, is_short: bool, draw: random.Random) -> Sequence[Token]:
    """What of a phrase behind a verb is kept."""
    if not is_short:
        return list(child.subtree)
    is_left_out = child.dep_ in _ASIDE or (child.dep_ in _LOOSE and draw.random() < _LEFT_OUT)
    return () if is_left_out else phrase_of(child)


def _subject(verb: Token) -> Token | None:
    """A noun before the verb."""
    own = syntax.child(verb, *SUBJECTS)
    if own is None and verb.dep_ == "conj":
        own = syntax.child(verb.head, *SUBJECTS)
    if own is not None and own.tag_ in ("WP", "WDT"):
        own = verb.head if verb.dep_ == "relcl" else None
    return own if own is not None and own.pos_ in ("PROPN", "NOUN") and own.i < verb.i else None


def _are_others(one: Token, other: Token) -> bool:
    """Whether two subjects are of one kind and number, and can hardly be the same."""
    is_named = one.pos_ == "PROPN"
    if is_named != (other.pos_ == "PROPN") or _is_plural(one) != _is_plural(other) or _nouns(one) & _nouns(other):
        return False
    if is_named:
        return one.ent_type_ == other.ent_type_
    return not {one.lemma_.casefold(), other.lemma_.casefold()} <= _VAGUE


def _is_plural(noun: Token) -> bool:
    return noun.tag_.endswith("S") or any(child.dep_ == "conj" for child in noun.children)


def _nouns(noun: Token) -> set[str]:
    return _content(list(noun.subtree))


def _content(tokens: Sequence[Token]) -> set[str]:
    return {token.lemma_.casefold().strip(".") for token in tokens if token.pos_ in ("NOUN", "PROPN", "NUM")}
