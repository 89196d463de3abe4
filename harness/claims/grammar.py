"""What a parse says of the verbs and nouns of a sentence: subject, tense, number, negation, and their stretch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from harness.claims.inflection import past_tense, present_tense
from harness.claims.lexicon import COLLECTIVE, QUANTIFIED

if TYPE_CHECKING:
    from spacy.tokens import Token

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"})
AUXILIARIES = frozenset({"aux", "auxpass"})
COMMAS = frozenset({",", ";", "--", "–", "—"})
"""What sets a part of a sentence off. A plain dash does not: in tokenised text it may be a hyphen."""

_PLURAL_PRONOUNS = frozenset({"they", "we", "you", "these", "those"})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})


def subject(verb: Token) -> Token | None:
    """The verb's own subject; the parse hangs it on the auxiliary at times."""
    heads = (verb, *auxiliaries(verb))
    return next((child for head in heads for child in head.children if child.dep_ in SUBJECTS), None)


def auxiliaries(verb: Token) -> list[Token]:
    """The verb's own auxiliaries before it."""
    return [child for child in verb.lefts if child.dep_ in AUXILIARIES]


def is_clause(verb: Token) -> bool:
    """Whether the token is a verb with tense: its own, or an auxiliary's."""
    return verb.pos_ in {"VERB", "AUX"} and any(each.tag_ in _FINITE for each in (*auxiliaries(verb), verb))


def is_past(verb: Token) -> bool:
    """Whether the verb, or its first auxiliary, has the past tense."""
    return next(iter((*auxiliaries(verb), verb))).tag_ == "VBD"


def is_modal(verb: Token) -> bool:
    return any(each.tag_ == "MD" for each in (*auxiliaries(verb), verb))


def is_negated(verb: Token) -> bool:
    return any(child.dep_ == "neg" for child in verb.children)


def is_passive(verb: Token) -> bool:
    return any(child.dep_ == "auxpass" for child in verb.lefts)


def is_plural(noun: Token) -> bool:
    return (
        noun.tag_ in {"NNS", "NNPS"}
        or noun.lower_ in _PLURAL_PRONOUNS
        or any(child.dep_ == "conj" for child in noun.children)
    )


def is_quantified(noun: Token) -> bool:
    """Whether what is said of the noun says less when it is said in parts."""
    return noun.lower_ in QUANTIFIED or any(child.lower_ in QUANTIFIED for child in noun.lefts)


def disagrees(noun: Token, verb: Token) -> bool:
    """Whether the noun cannot be the verb's subject, by number: then the parse is not to be trusted."""
    finite = next(iter((*auxiliaries(verb), verb)))
    if finite.tag_ == "VBZ" or finite.lower_ == "was":
        return is_plural(noun)
    if finite.tag_ == "VBP" or finite.lower_ == "were":
        # Names are left to the writer: teams and bands take either form.
        return noun.tag_ == "NN" and not is_plural(noun) and noun.lower_ not in COLLECTIVE
    return False


def be(noun: Token, past: bool) -> str:
    """The form of "be" that goes with the noun."""
    if noun.lower_ == "i":
        return "was" if past else "am"
    if is_plural(noun):
        return "were" if past else "are"
    return "was" if past else "is"


def tensed(verb: Token, past: bool, plural: bool) -> str:
    """A verb in -ing with a tense."""
    lemma = verb.lemma_.lower()
    return past_tense(verb.lower_, lemma) if past else present_tense(lemma, plural)


def stretch(token: Token) -> frozenset[int]:
    """The token with all that hangs on it, without commas at its ends; empty where that is no unbroken stretch."""
    tokens = sorted(token.subtree, key=lambda each: each.i)
    while tokens and tokens[0].text in COMMAS:
        del tokens[0]
    while tokens and (tokens[-1].text in COMMAS or tokens[-1].text in {".", "!", "?"}):
        del tokens[-1]
    places = [each.i for each in tokens]
    unbroken = bool(places) and places[-1] - places[0] + 1 == len(places)
    return frozenset(places) if unbroken else frozenset()


def before(token: Token, area: Iterable[int]) -> list[int]:
    """The commas, and the "and" or "but", that stand right before the area."""
    doc, found = token.doc, []
    place = min(area) - 1
    while place >= 0 and (doc[place].text in COMMAS or doc[place].lower_ in {"and", "but", "yet"}):
        found.append(place)
        place -= 1
    return found


def after(token: Token, area: Iterable[int]) -> list[int]:
    """The comma that stands right after the area."""
    place = max(area) + 1
    return [place] if place < len(token.doc) and token.doc[place].text in COMMAS else []


def climbed(noun: Token) -> Iterator[Token]:
    """The noun, then the nouns that it belongs to: "Hull" and "man" of "a man from Hull"."""
    yield noun
    while noun.dep_ in {"pobj", "appos", "prep", "npadvmod"} and noun.head.i < noun.i:
        noun = noun.head
        if noun.pos_ in {"NOUN", "PROPN", "PRON"}:
            yield noun


def is_set_off(token: Token, area: frozenset[int]) -> bool:
    """Whether commas, or the ends of the sentence, stand around the area, and at least one comma."""
    if not area:
        return False
    doc, ahead, behind = token.doc, min(area) - 1, max(area) + 1
    opened = ahead >= 0 and doc[ahead].text in COMMAS
    closed = behind < len(doc) and doc[behind].text in COMMAS
    ends = behind >= len(doc) or doc[behind].text in {".", "!"}
    return (opened or ahead < 0) and (closed or ends) and (opened or closed)


def around(noun: Token, area: frozenset[int]) -> frozenset[int]:
    """The commas around what is said of a noun; the second stays where it closes what stands between the two."""
    opening = before(noun, area)
    between = any(noun.doc[place].text in COMMAS for place in range(noun.i, min(area)) if place not in opening)
    return frozenset(opening if between else [*opening, *after(noun, area)])
