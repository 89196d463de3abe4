"""Clauses of a text, cut out as statements of their own, each with what was made of it behind it.

The true statement is cut out and written in the same way as the other, so that only what is said tells them apart. Half
are written as systems write that learned from tokens: lower-cased, with spaces around marks.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.training.corpora import Example, Target
from benchmarks.training.rewording import SUBJECTS, phrase_of, sentence
from harness.checker_en import lists, syntax
from harness.checker_en.entailment.passages import passage
from harness.text import sentences

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_LENGTHS = range(5, 60)
"""Words of a sentence that is taken."""
_TOGETHER = 6
"""Sentences that stand together, of which statements are made."""
_WRITTEN = range(4, 31)
"""Words of a statement."""
_PREDICATES = frozenset({"ROOT", "conj", "relcl", "ccomp", "advcl"})
_ASIDE = frozenset({"advcl", "conj", "cc", "parataxis", "mark", "relcl", "punct"})
"""What is left out behind a verb where a statement is to be short."""
_LOOSE = frozenset({"prep", "npadvmod", "advmod"})
"""What is left out there at times."""
SUPPOSED = lists.group("think believe deny fear hope suspect doubt predict expect")
"""Verbs that do not say that what is said behind them is so."""
_LEFT_OUT = 0.3
_SHORT = 0.7
_COPIED = 0.5
_COMMAS = re.compile(r"(?:\s*,)+")
_MARK = re.compile(r"\s*(?<!\d)([,.;:!?\"“”()]|['’]s\b|n['’]t\b)(?!\d)\s*")


@dataclass(frozen=True, slots=True)
class Clause:
    """A verb with its subject and what follows it."""

    subject: Token
    verb: tuple[Token, ...]
    """With its helpers."""
    after: tuple[Token, ...]

    def written(self) -> str:
        return written(self.subject, self.verb, self.after)


@dataclass(frozen=True, slots=True)
class Made:
    """A statement that was made of a true one."""

    true: str
    text: str
    label: Target = "unsupported"


def few(premise: str, draw: random.Random) -> list[Doc]:
    """A few sentences that stand together, parsed; no questions."""
    told = [span.text for span in sentences(premise) if len(span.text.split()) in _LENGTHS and "?" not in span.text]
    start = draw.randrange(max(1, len(told) - _TOGETHER + 1))
    return syntax.parse_all(told[start : start + _TOGETHER])


def beside_true(premise: str, source: str, found: Iterable[Made], count: int, draw: random.Random) -> Iterator[Example]:
    """At most ``count`` of the true statements with what was made of each, written alike; each statement once."""
    taken: set[str] = set()
    for made in found:
        if len(taken) >= 2 * count:
            return
        if made.text and not {made.true, made.text} & taken and all(map(_is_readable, (made.true, made.text))):
            taken |= {made.true, made.text}
            is_copied = draw.random() < _COPIED
            labelled: tuple[tuple[str, Target], ...] = ((made.true, "supported"), (made.text, made.label))
            for text, label in labelled:
                shown = " ".join(_MARK.sub(r" \1 ", text.casefold()).split()) if is_copied else text
                yield Example(passage(premise, shown).text, shown, label, source)


def written(subject: Token, verb: Sequence[Token | str], after: Sequence[Token]) -> str:
    return tidy([*phrase_of(subject), "", *verb, "", *after])


def tidy(parts: Sequence[Token | str]) -> str:
    """The parts as a sentence, without commas that have nothing between them."""
    return _COMMAS.sub(",", sentence(parts))


def clauses(doc: Doc, draw: random.Random, *, is_modal: bool = False, is_supposed: bool = False) -> Iterator[Clause]:
    """Each finite verb that is not denied, with its subject, or that of the verb it is joined to.

    With ``is_modal`` those with a modal are taken, and no others; with ``is_supposed`` also those that a text does not
    say to be so: that are thought, feared, or a condition.
    """
    for verb in doc:
        subject = _subject(verb) if verb.dep_ in _PREDICATES and verb.pos_ in ("VERB", "AUX") else None
        helpers = list(syntax.finite_auxiliaries(verb))
        is_wanted = (helpers or [verb])[0].tag_ in (("MD",) if is_modal else ("VBZ", "VBP", "VBD"))
        if subject is None or not is_wanted or any(child.dep_ == "neg" for child in verb.children):
            continue
        if not is_supposed and _is_supposed(verb):
            continue
        after = behind(verb, draw)
        if after and after[0].tag_ not in ("WDT", "WP", "WRB"):
            yield Clause(subject, (*helpers, verb), after)


def behind(verb: Token, draw: random.Random) -> tuple[Token, ...]:
    """What is said behind a verb, most often without what can be left out."""
    is_short = draw.random() < _SHORT
    after = [token for child in verb.rights for token in _kept(child, is_short, draw)]
    while after and after[-1].is_punct:
        after.pop()
    return tuple(after)


def is_condition(verb: Token) -> bool:
    """Whether its clause is what something else depends on."""
    mark = syntax.child(verb, "mark") if verb.dep_ == "advcl" else None
    return mark is not None and mark.lower_ in ("if", "unless", "whether")


def _is_supposed(verb: Token) -> bool:
    """Whether it is in a condition, or under a verb that does not say that it is so."""
    if is_condition(verb):
        return True
    return verb.dep_ == "ccomp" and (verb.head.lemma_ in SUPPOSED or syntax.child(verb.head, "neg") is not None)


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


def is_plural(noun: Token) -> bool:
    return noun.tag_.endswith("S") or any(child.dep_ == "conj" for child in noun.children)


def _is_readable(text: str) -> bool:
    return len(text.split()) in _WRITTEN and "(" not in text and ".." not in text
