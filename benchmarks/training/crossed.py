"""Statements in which two parts of one kind have changed places, each beside the true one.

"Canada beat Chile by 22 to 9" says whose a number is by the order of words alone; so do "sales rose but profits fell"
and "born in Leeds, he moved to York". Two values, names, subjects, objects or verbs of a sentence change places, as
words do in PAWS (Zhang et al. 2019).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from benchmarks.training.clauses import Made, beside_true, clauses, few, is_plural, tidy
from benchmarks.training.corpora import Example
from benchmarks.training.rewording import SUBJECTS, phrase_of
from harness.checker_en import lists, syntax
from harness.checker_en.names import alike, parts

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_VALUES = frozenset({"CARDINAL", "MONEY", "PERCENT", "QUANTITY", "ORDINAL", "DATE", "TIME"})
_NAMES = frozenset({"PERSON", "ORG", "GPE", "NORP", "LOC"})
_EMPTY = lists.group("be have do say tell add get go")
"""Verbs that say little by themselves, or what somebody says."""
_PHRASES = 0.5
"""How often phrases and verbs are taken before values and names, which more sentences have."""

_Run = list["Token"]
"""Tokens that stand together."""


def crossed(premise: str, count: int, draw: random.Random) -> Iterator[Example]:
    """At most ``count`` true statements of a text, behind each the same with two of its parts exchanged."""
    made = []
    for doc in few(premise, draw):
        whole = [*doc[:-1]] if doc[-1].is_punct else [*doc]
        for told in (whole, *([*phrase_of(each.subject), *each.verb, *each.after] for each in clauses(doc, draw))):
            first, second = list(_entities(doc, told)), [*_phrases(told), *_verbs(told)]
            if draw.random() < _PHRASES:
                first, second = second, first
            pairs = first or second
            if pairs:
                made.append(Made(tidy(told), tidy(_exchanged(told, *draw.choice(pairs)))))
    draw.shuffle(made)
    yield from beside_true(premise, "crossed", made, count, draw)


def _entities(doc: Doc, told: Sequence[Token]) -> Iterator[tuple[_Run, _Run]]:
    """Names or values of one type that are not of one list and not of one bearer."""
    here = {token.i for token in told}
    runs = [(ent.label_, ent.root, _bare(list(ent))) for ent in doc.ents if ent.label_ in _VALUES | _NAMES]
    for (kind, root, one), (other_kind, other_root, other) in combinations(runs, 2):
        if kind != other_kind or root.pos_ != other_root.pos_ or other_root in root.conjuncts:
            continue
        if all(run and all(token.i in here for token in run) and not _is_hyphenated(run) for run in (one, other)):
            keys = [parts(token.text for token in run) for run in (one, other)]
            if not alike(*keys) and not set(keys[0]) & set(keys[1]):
                yield one, other


def _phrases(told: Sequence[Token]) -> Iterator[tuple[_Run, _Run]]:
    """Subjects, or objects, of two verbs."""
    for one, other in combinations(told, 2):
        is_same_use = one.dep_ == other.dep_ and one.dep_ in (*SUBJECTS, "dobj") and is_plural(one) == is_plural(other)
        if is_same_use and one.pos_ == other.pos_ != "PRON" and one.lemma_ != other.lemma_ and one.head != other.head:
            runs = phrase_of(one), phrase_of(other)
            if all(runs) and runs[0][-1].i < runs[1][0].i and all(set(run) <= set(told) for run in runs):
                yield runs


def _verbs(told: Sequence[Token]) -> Iterator[tuple[_Run, _Run]]:
    """Verbs in one form, each with a subject of its own, and both with an object or neither."""
    verbs = [token for token in told if token.pos_ == "VERB" and token.lemma_ not in _EMPTY]
    for one, other in combinations(verbs, 2):
        subjects = [syntax.child(verb, *SUBJECTS) for verb in (one, other)]
        objects = [syntax.child(verb, "dobj", "prt", "xcomp", "ccomp") is None for verb in (one, other)]
        if one.tag_ == other.tag_ and one.lemma_ != other.lemma_ and all(subjects) and objects[0] == objects[1]:
            yield [one], [other]


def _exchanged(told: Sequence[Token], one: _Run, other: _Run) -> list[Token]:
    """The tokens with two runs of them in each other's place."""
    told = list(told)
    (first, end), (second, stop) = sorted((told.index(run[0]), told.index(run[-1]) + 1) for run in (one, other))
    return [*told[:first], *told[second:stop], *told[end:second], *told[first:end], *told[stop:]]


def _bare(run: _Run) -> _Run:
    """An entity without its article and its mark of a possessor."""
    run = run[1:] if run[0].lower_ == "the" else run
    return run[:-1] if run and run[-1].tag_ == "POS" else run


def _is_hyphenated(run: _Run) -> bool:
    return any(syntax.beside(run[at], step) in ("-", "–", "/") for at, step in ((0, -1), (-1, 1)))
