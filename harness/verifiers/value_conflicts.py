"""Find wrong values and names in languages that a verifier does not read: "54 Mio. Euro" instead of 45.

A false accusation is worse than an abstention. A conflict therefore needs a counterpart: a sentence of the premise that
differs from the statement in exactly one value or name. Everything else stays undecided.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import permutations, product

from harness import languages
from harness.records import Difference, DifferenceKind, Pair, Probabilities, Span
from harness.text import base_language, sentences
from harness.verifiers.decide import Prediction
from harness.verifiers.locale_names import Name, read_names
from harness.verifiers.locale_values import HAN, Value, can_read, load_stop_words, read_values, stem

_CONTRADICTED = Probabilities(0.05, 0.9, 0.05)
"""The probabilities of every conflict. They are not fitted, because there are no labelled pairs."""
_MIN_SHARED_WORDS = 0.8
"""Minimum share of the statement's words that its counterpart has. It must have all of the statement's names, German
nouns and Han characters."""
_MIN_SHARED_CLAUSE = 0.5
"""Minimum share of the words around the premise's value, in its clause, that the statement has. With fewer, the two
values may measure different things, such as a total and a part of it."""
_NEGATION = re.compile(
    r"\b(?:nicht|nichts|kein\w*|nie|niemals|ohne|weder|kaum|ne|n|pas|jamais|aucune?|sans|ni|no|nunca|jamás|ning[uú]n\w*"
    r"|sin|tampoco)\b|[不没沒未无無非否]",
    re.IGNORECASE,
)
"""Sentences with a negation are not compared, because 54 does not contradict "not 45"."""
_PLACE = re.compile(r"\b(?:in|aus|nahe|bei|à|en)(?: [A-ZÀ-ÖØ-Þ][\w-]+)+")
_PART_WORDS = re.compile(
    r"\b(?:erste|zweite|dritte|vierte|letzt|vergangen|nächst|premi|deuxi|second|troisi|derni|prochain|primer|segund|tercer"
    r"|últim|pasad|próxim|dont\b|davon\b|darunter\b)|[上下前后後首末]",
    re.IGNORECASE,
)
"""Words for parts of a whole: a number for the first half of a year does not contradict one for the second half."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    span: Span
    values: Sequence[Value]
    names: Sequence[Name]
    plain: str
    """The text with blanks for values."""
    words: dict[str, bool]
    """Stem of each content word, or Han character → True if a counterpart must have it."""

    def without(self, name: Name) -> _Sentence:
        """Return the sentence with blanks for a name."""
        plain = _blank(self.plain, self.span, name.span)
        return replace(self, plain=plain, words=_read_words(plain, name.language))


def find_conflict(pair: Pair, known_languages: AbstractSet[str]) -> Prediction | None:
    """Predict that a value or a name contradicts the hypothesis, or return None if no conflict is clear.

    The result is also None for texts in ``known_languages``, which the verifier reads itself.
    """
    is_foreign = base_language(pair.language) not in known_languages
    tag = pair.language if is_foreign else languages.detect_outside(pair.premise, known_languages)
    if tag is None or not can_read(tag):
        return None
    if any(languages.detect_other(text, tag) for text in (pair.premise, pair.hypothesis)):
        return None
    return _find_value_conflict(pair, tag) or _find_name_conflict(pair, tag)


def _find_value_conflict(pair: Pair, tag: str) -> Prediction | None:
    premise = _read_sentences(pair.premise, tag)
    accepted = [value for text in pair.accepted for sentence in _read_sentences(text, tag) for value in sentence.values]
    for stated in _read_sentences(pair.hypothesis, tag):
        found = [(*values, each) for each in premise if (values := _find_difference(stated, each, base_language(tag)))]
        if not found:
            continue
        value, other, evidence = found[0]
        is_consistent = all(other.agrees(each) for _, each, _ in found)
        is_accepted = any(each.agrees(other) for each in accepted)
        if is_consistent and not is_accepted and not _is_said_elsewhere(value, other, pair.premise, premise):
            return _make_prediction(value.kind, value.span, other.span, evidence)
    return None


def _find_name_conflict(pair: Pair, tag: str) -> Prediction | None:
    known = " ".join((pair.premise, *pair.accepted))
    for stated, other in product(_read_sentences(pair.hypothesis, tag), _read_sentences(pair.premise, tag)):
        for name, found in product(stated.names, other.names):
            name, found = name.drop_shared_start(found), found.drop_shared_start(name)
            is_new = name.replaces(found) and not name.is_in(known) and not found.is_in(pair.hypothesis)
            if is_new and _is_only_difference(name, stated, found, other):
                return _make_prediction("name", name.span, found.span, other)
    return None


def _make_prediction(kind: DifferenceKind, stated: Span, found: Span, evidence: _Sentence) -> Prediction:
    return Prediction(
        _CONTRADICTED,
        evidence.span,
        objection=f"the premise says {found.text} where the statement says {stated.text}",
        differences=(Difference(kind, stated.text, found),),
    )


@lru_cache(maxsize=256)
def _read_sentences(text: str, tag: str) -> tuple[_Sentence, ...]:
    return tuple(_read_sentence(span, tag) for span in sentences(text, base_language(tag)))


def _read_sentence(span: Span, tag: str) -> _Sentence:
    values, plain = read_values(span, tag), span.text
    for value in values:
        plain = _blank(plain, span, value.span)
    names = read_names(span, tag, [value.span for value in values])
    return _Sentence(span, values, names, plain, _read_words(plain, base_language(tag)))


def _blank(text: str, sentence: Span, span: Span) -> str:
    """Replace a span of the sentence with blanks, so that offsets stay valid."""
    start, end = span.start - sentence.start, span.end - sentence.start
    return text[:start] + " " * (end - start) + text[end:]


def _read_words(plain: str, language: str) -> dict[str, bool]:
    if language == "zh":
        return dict.fromkeys(set(re.findall(HAN, plain)) - load_stop_words(language), True)
    found = [word for word in re.findall(r"[^\W\d_]{2,}", plain) if word.casefold() not in load_stop_words(language)]
    return {stem(word, language): word[0].isupper() for word in found}


def _find_difference(stated: _Sentence, other: _Sentence, language: str) -> tuple[Value, Value] | None:
    """Return the values in which two counterparts differ, or None if they differ in anything else, or in nothing."""
    if not _is_counterpart(stated, other):
        return None
    ours = _list_unmatched(stated.values, other.values)
    if len(ours) != 1:
        return None
    theirs = [value for value in _list_unmatched(other.values, stated.values) if value.slot == ours[0].slot]
    if len(theirs) != 1 or not ours[0].differs(theirs[0]):
        return None
    return (ours[0], theirs[0]) if _covers_clause(stated, other, theirs[0].span, language) else None


def _is_only_difference(name: Name, stated: _Sentence, found: Name, other: _Sentence) -> bool:
    """True if the sentences are counterparts without these names and have the same values.

    The statement may leave out places that the premise's sentence names. That cannot make it true, because the premise
    never mentions ``name``, a person or firm.
    """
    stated, other = stated.without(name), other.without(found)
    other = replace(other, plain=_PLACE.sub(lambda place: " " * len(place[0]), other.plain))
    has_values = not _list_unmatched(stated.values, other.values)
    return has_values and _is_counterpart(stated, other) and _covers_clause(stated, other, found.span, name.language)


def _list_unmatched(values: Sequence[Value], others: Sequence[Value]) -> list[Value]:
    return [value for value in values if not any(value.agrees(each) for each in others)]


def _is_counterpart(stated: _Sentence, other: _Sentence) -> bool:
    """True if ``other`` has the words and the parts (``_PART_WORDS``) of ``stated``, and neither has a negation."""
    missing = stated.words.keys() - other.words.keys()
    if len(stated.words) < 2 or len(missing) > (1 - _MIN_SHARED_WORDS) * len(stated.words):
        return False
    if any(stated.words[word] for word in missing) or _NEGATION.search(stated.plain) or _NEGATION.search(other.plain):
        return False
    # numbers that are not values, such as scores
    numbers, others = (set(re.findall(r"\d+", each.plain)) for each in (stated, other))
    return numbers <= others and _find_parts(stated.plain) <= _find_parts(other.plain)


def _covers_clause(stated: _Sentence, other: _Sentence, span: Span, language: str) -> bool:
    """True if the statement has all names, and half of the words, of the clause around a span of the premise."""
    clauses = re.finditer("[^,;:，；：、()–—]+|.", other.plain)
    clause = next(match[0] for match in clauses if match.end() > span.start - other.span.start)
    around = _read_words(clause, language)
    missing = [word for word in around if word not in stated.words]
    if language != "zh" and any(around[word] for word in missing):
        return False
    is_similar = len(missing) <= (1 - _MIN_SHARED_CLAUSE) * len(around)
    return is_similar and _find_parts(clause) <= _find_parts(stated.plain)


def _find_parts(text: str) -> set[str]:
    return {part.casefold() for part in _PART_WORDS.findall(text)}


def _is_said_elsewhere(value: Value, other: Value, text: str, premise: Sequence[_Sentence]) -> bool:
    """True if the premise has the statement's value elsewhere, or as the sum or difference of two other values."""
    values = [each for sentence in premise for each in sentence.values if each != other]
    if any(value.agrees(each) or (value.kind == "number" and each.content[0] == value.content[0]) for each in values):
        return True
    amounts = [each.content[0] for each in (*values, other) if each.slot == value.slot]
    if value.slot == "%":
        amounts.append(Decimal(100))  # if 45% are for a plan, 55% are not
    numbers = [amount for amount in amounts if isinstance(amount, Decimal)]
    if any(value.content[0] in (one + two, one - two) for one, two in permutations(numbers, 2)):
        return True
    number = re.fullmatch(r"\D*(\d+(?:[.,'’\s]\d+)*)\D*", value.span.text)
    rest = f"{text[: other.span.start]} {text[other.span.end :]}"
    return bool(number and re.search(rf"(?<!\d){re.escape(number[1])}(?!\d)", rest))
