"""Paraphrase a text, as a control: change contractions, the position of a time, and the format of a value."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from harness.checker_en.number_words import spell
from harness.suggest.edits.edit import Change, Passage, shuffle
from harness.suggest.edits.number import find_numbers
from harness.suggest.english import child, end, neighbour, uncapitalise, word_set

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Span, Token

_REPORTING = word_set("say claim believe think announce insist confirm report warn argue add")
_MONTH = "|".join(tuple(month_name)[1:])
_AMERICAN = re.compile(rf"(?<!\b[Ii]n )\b({_MONTH}) (\d{{1,2}})(?:, (\d{{4}}))?\b(?![:.]\d)")
_BRITISH = re.compile(rf"\b(\d{{1,2}}) ({_MONTH})(?: (\d{{4}}))?(?!\w)")
_PERCENT = re.compile(r"(?<=\d)(?:%| percent\b| per cent\b)")
_LONG_NAMES = {"US": "United States", "UK": "United Kingdom", "EU": "European Union", "UN": "United Nations"}
_CONTRACTIBLE = word_set("do does did is are was were has have had could would should must")
_STEMS = {"ca": "cannot", "wo": "will not"}


def paraphrase(passage: Passage, rng: np.random.Generator) -> Iterator[list[Change]]:
    """Yield one paraphrase of each sort in random order, then all of them; texts with quotation marks are skipped."""
    if any(token.is_quote for token in passage.doc):
        return
    by_sort = [list(sort(passage)) for sort in (_change_words, _move_time, _change_formats)]
    for sort in shuffle(rng, by_sort):
        yield from shuffle(rng, sort)[:1]
    yield from chain.from_iterable(by_sort)


def _change_words(passage: Passage) -> Iterator[list[Change]]:
    """Exchange ``did not`` and ``didn't``, or ``said he left`` and ``said that he left``."""
    for token in passage.doc:
        before = neighbour(token, -1)
        if token.dep_ == "neg" and before is not None and before.lower_ in _CONTRACTIBLE | set(_STEMS):
            full = f"{before.text} not" if token.lower_ == "n't" else f"{before.text}n't"
            yield [Change(before.idx, end(token), _STEMS.get(before.lower_, full))]
        elif token.lemma_.lower() in _REPORTING and token.pos_ == "VERB" and (change := _add_or_drop_that(token)):
            yield [change]


def _add_or_drop_that(verb: Token) -> Change | None:
    clause, after = child(verb, "ccomp"), neighbour(verb, 1)
    if clause is None or after is None or clause.i < verb.i or clause.left_edge.i != after.i:
        return None
    if after.lower_ == "that" and after.dep_ == "mark":
        return Change(after.idx, after.nbor(1).idx, "")
    subject = child(clause, "nsubj", "nsubjpass", "expl")
    if subject is None or subject.left_edge.i != after.i or child(clause, "mark") is not None:
        return None
    return Change(end(verb), end(verb), " that") if after.pos_ in ("PRON", "PROPN", "DET", "NOUN", "ADJ") else None


def _move_time(passage: Passage) -> Iterator[list[Change]]:
    """Move a time to the front: ``They met on Monday.`` → ``On Monday, they met.``"""
    for sentence in passage.doc.sents:
        first, last, root = sentence[0], sentence[-1], sentence.root
        subject = child(root, "nsubj", "nsubjpass")
        if subject is None or subject.left_edge.i != first.i or last.text != "." or child(root, "conj", "ccomp"):
            continue
        time = next((other for other in root.rights if _ends_with_time(other, sentence)), None)
        if time is not None:
            front = f"{sentence.doc[time.left_edge.i : last.i].text}, {uncapitalise(first)}"
            before = sentence.doc[time.left_edge.i - 1]
            yield [Change(first.idx, end(first), front), Change(end(before), last.idx, "")]


def _ends_with_time(token: Token, sentence: Span) -> bool:
    """True for ``on Monday`` or ``in 2014`` at the end of the sentence: a preposition and a date, nothing more."""
    return (
        token.dep_ == "prep"
        and token.lower_ in ("on", "in")
        and token.right_edge.i == sentence[-1].i - 1
        and child(token, "pobj") is not None
        and all(other.ent_type_ == "DATE" or other.i == token.i for other in token.subtree)
    )


def _change_formats(passage: Passage) -> Iterator[list[Change]]:
    """Change the format of numbers (words or digits), dates, percent signs, and short or long names."""
    for number in find_numbers(passage.text):
        if number.text[0].isalpha():
            yield [Change(number.start, number.end, str(int(number.value)))]
        elif number.unit == "" and number.text.isdecimal() and 2 <= number.value <= 20:
            yield [Change(number.start, number.end, spell(int(number.value)))]
    for pattern, comma in ((_AMERICAN, ""), (_BRITISH, ",")):
        for match in pattern.finditer(passage.text):
            year = f"{comma} {match[3]}" if match[3] else ""
            yield [Change(match.start(), match.end(), f"{match[2]} {match[1]}{year}")]
    for match in _PERCENT.finditer(passage.text):
        yield [Change(match.start(), match.end(), " percent" if match.group() == "%" else "%")]
    for token in passage.doc:
        near = (neighbour(token, -1), neighbour(token, 1))
        if token.text in _LONG_NAMES and not any(other is not None and other.tag_ in ("NNP", "$") for other in near):
            yield [Change(token.idx, end(token), _LONG_NAMES[token.text])]
