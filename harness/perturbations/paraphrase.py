"""Paraphrases: what a text says in other words, the one kind that is no error."""

from __future__ import annotations

import re
from calendar import month_abbr, month_name
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from harness.checker_en import lists
from harness.checker_en.forms import inflected, lemma
from harness.checker_en.noun_phrases import as_object, as_subject, phrase, uncapitalised
from harness.checker_en.number_words import spelled
from harness.checker_en.syntax import child, end, neighbour
from harness.perturbations.edit import Change
from harness.perturbations.number import WrittenNumber, written_numbers
from harness.perturbations.passage import Passage, shuffled
from harness.perturbations.single_words import entry, in_its_form, replaceable

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Span, Token

_NEVER_PASSIVE = lists.group(
    "have get want become lack resemble cost weigh fit suit like need mean contain meet be say tell make let help see "
    "hear leave lose enter reach join marry die hope think call give offer show send take"
)
_PLAIN = lists.group("nsubj dobj prep punct npadvmod")
_IN_ORDER = ("between", "from", "first", "respectively", "both", "either", "neither")
"""Words beside which the order of a pair matters or its parts go with others."""
_REPORTING = ("say", "claim", "believe", "think", "announce", "insist", "confirm", "report", "warn", "argue", "add")
_SIZES = {
    "more than": "over", "over": "more than", "less than": "under", "under": "less than", "about": "around",
    "around": "about", "approximately": "about", "nearly": "almost", "almost": "nearly",
}  # fmt: skip  # pairs
_YEAR = r"(?:1[5-9]|20)\d\d\b"
_SIZE = re.compile(rf"\b({'|'.join(_SIZES)})(?= (?!{_YEAR})[$£€]?\d[\d.,]*(?:bn|tn|m|k)?(?![\w/]))", re.IGNORECASE)
_PLACES = lists.group("over under about around")
"""Sizes that are also places or topics: ``over 20 towns``, ``argued about 12 homes``."""
_BEFORE_SIZE = lists.group("be for by of")
"""Lemmas after which even those are sizes."""
_TOGETHER = {"can": "can't", "will": "won't", "shall": "shan't"}
_APART = {"ca": "cannot", "wo": "will not", "sha": "shall not"}
_WITH_NOT = lists.group("do does did is are was were has have had can could will would should must")
_AFTER_PRONOUN = {"is": "'s", "are": "'re", "have": "'ve", "will": "'ll", "am": "'m"}
_WRITTEN_OUT = {"'re": "are", "'ve": "have", "'ll": "will", "'m": "am"}
_MONTH = "|".join((*tuple(month_name)[1:], *(rf"{short}\.?" for short in (*tuple(month_abbr)[1:], "Sept"))))
_AMERICAN = re.compile(rf"(?<!\b[Ii]n )\b({_MONTH}) (\d{{1,2}})(?:, (\d{{4}}))?\b(?![:.]\d)")
_BRITISH = re.compile(rf"\b(\d{{1,2}}) ({_MONTH})(?: (\d{{4}}))?(?!\w)")
_PERCENT = re.compile(r"(?<=\d)(?:%| percent\b| per cent\b)")
_LONG_NAMES = {"US": "United States", "UK": "United Kingdom", "EU": "European Union", "UN": "United Nations"}


def changes(passage: Passage, rng: np.random.Generator) -> Iterator[list[Change]]:
    """One of each way in an order of chance, then all; what is quoted stays as it was said."""
    by_way = [
        [changes for changes in way(passage) if not any(passage.quoted(change.start) for change in changes)]
        for way in _WAYS
    ]
    for every in shuffled(rng, by_way):
        yield from shuffled(rng, every)[:1]
    yield from chain.from_iterable(by_way)


def _voice(passage: Passage) -> Iterator[list[Change]]:
    """Each main clause in the simple past with one subject and one object: ``X praised Y`` → ``Y was praised by X``."""
    verbs = (token for token in passage.doc if token.dep_ == "ROOT" and token.tag_ == "VBD")
    yield from ([change] for verb in verbs if verb.lemma_ not in _NEVER_PASSIVE and (change := _passive(verb)))


def _passive(verb: Token) -> Change | None:
    subject, object_ = child(verb, "nsubj"), child(verb, "dobj")
    if subject is None or object_ is None or any(token.dep_ not in _PLAIN for token in verb.children):
        return None
    doer, done = phrase(subject), phrase(object_)
    participle = inflected(lemma(verb), "VBN")
    if doer is None or done is None or participle is None or subject.tag_ in ("WP", "WDT"):
        return None
    if done.text.split()[0].lower() in _PLACES:
        return None  # "argued over 20 homes": no object, whatever the parser says
    bound = any(token.tag_ in ("PRP$", "WP", "PRP") for token in verb.sent)
    adjacent = doer.end + 1 == verb.idx and end(verb) + 1 == done.start
    if bound or not adjacent or any(token.lower_ == "as" for token in object_.subtree):
        return None
    was = "were" if done.plural else "was"
    return Change(doer.start, done.end, f"{as_subject(done)} {was} {participle} by {as_object(doer)}")


def _order(passage: Passage) -> Iterator[list[Change]]:
    """Each pair of bare names or nouns, and each time that closes a sentence."""
    yield from (exchanged for token in passage.doc if (exchanged := _exchanged(token)))
    yield from (moved for sentence in passage.doc.sents if (moved := _time_first(sentence)))


def _exchanged(token: Token) -> list[Change] | None:
    """``Roy and Wright`` → ``Wright and Roy``: two single words of one class that are no ends of a phrase."""
    joint, other = neighbour(token, 1), neighbour(token, 2)
    if joint is None or other is None or joint.lower_ != "and" or other.head != token or other.dep_ != "conj":
        return None
    bare = token.tag_ == other.tag_ and token.tag_ in ("NNP", "NNS") and not _described(token) and not _described(other)
    after = neighbour(other, 1)
    ends = after is None or after.pos_ not in ("PROPN", "NOUN", "PART", "CCONJ", "NUM")
    ordered = any(near.lower_ in _IN_ORDER for near in token.sent)
    if not (bare and ends) or ordered or token.ent_type_ != other.ent_type_ or token.text[:1].islower():
        return None
    return [Change(token.idx, end(token), other.text), Change(other.idx, end(other), token.text)]


def _described(token: Token) -> bool:
    return any(other.dep_ not in ("cc", "conj", "punct") for other in token.children)


def _time_first(sentence: Span) -> list[Change] | None:
    """``They met on Monday.`` → ``On Monday, they met.``"""
    first, last = sentence[0], sentence[-1]
    root = sentence.root
    subject = child(root, "nsubj", "nsubjpass")
    plain = last.text == "." and child(root, "conj", "ccomp") is None
    if subject is None or subject.left_edge.i != first.i or not plain:
        return None
    time = next((other for other in root.rights if _is_a_time(other) and other.right_edge.i == last.i - 1), None)
    if time is None or any(token.text in '"“”' for token in sentence):
        return None
    start = time.left_edge.i
    front = f"{time.doc[start : last.i].text}, {uncapitalised(first)}"
    return [Change(first.idx, end(first), front), Change(end(time.doc[start - 1]), last.idx, "")]


def _is_a_time(token: Token) -> bool:
    """``on Monday``, ``in 2014``: a preposition and a date, nothing more."""
    head = child(token, "pobj")
    if token.dep_ != "prep" or token.lower_ not in ("on", "in") or head is None:
        return False
    return all(other.ent_type_ == "DATE" or other.i == token.i for other in token.subtree)


def _synonyms(passage: Passage) -> Iterator[list[Change]]:
    """Each word that has a synonym which can stand in its place."""
    for token in passage.doc:
        if not replaceable(token):
            continue
        kind, word = entry(token)
        if kind == "verb" and child(token, "dobj", "nsubjpass") is None:
            kind = "verb without an object"
        synonym = _listed_synonyms()[kind].get(word)
        if written := in_its_form(synonym, token) if synonym else None:
            yield [Change(token.idx, end(token), written)]


@cache
def _listed_synonyms() -> Mapping[str, Mapping[str, str]]:
    """Word class → word → its synonym."""
    listed = lists.load("synonyms", dict[str, list[tuple[str, str]]])
    return {kind: dict(pairs) for kind, pairs in listed.items()}


def _joints(passage: Passage) -> Iterator[list[Change]]:
    """Small words that may stand or not, or be others: ``said that``, ``a law that``, ``more than 50``."""
    for match in _SIZE.finditer(passage.text):
        if match.group().lower() not in _PLACES or _is_a_size(passage, match.start()):
            yield [Change(match.start(), match.end(), _SIZES[match.group().lower()])]
    yield from ([change] for token in passage.doc if (change := _that(token) or _which(token)))


def _is_a_size(passage: Passage, start: int) -> bool:
    """Whether ``over``, ``under``, ``about`` or ``around`` at this offset surely bounds the number after it."""
    token = next((token for token in passage.doc if token.idx == start), None)
    if token is None:
        return False
    before = neighbour(token, -1)
    if before is None or token.is_sent_start:
        return token.dep_ != "prep"  # "Over 12 months, prices rose."
    return before.lemma_.lower() in _BEFORE_SIZE


def _that(verb: Token) -> Change | None:
    """``said he left`` → ``said that he left``, and back."""
    if verb.lemma_.lower() not in _REPORTING or verb.pos_ != "VERB":
        return None
    clause, after = child(verb, "ccomp"), neighbour(verb, 1)
    if clause is None or after is None or clause.i < verb.i or clause.left_edge.i != after.i:
        return None
    if after.lower_ == "that" and after.dep_ == "mark":
        return Change(after.idx, after.doc[after.i + 1].idx, "")
    starts = child(clause, "nsubj", "nsubjpass", "expl")
    if starts is None or starts.left_edge.i != after.i or child(clause, "mark") is not None:
        return None
    nominal = after.pos_ in ("PRON", "PROPN", "DET", "NOUN", "ADJ")
    return Change(end(verb), end(verb), " that") if nominal else None


def _which(token: Token) -> Change | None:
    """``a law that bans`` → ``a law which bans``; not of people."""
    if token.lower_ != "that" or token.dep_ not in ("nsubj", "nsubjpass") or token.tag_ != "WDT":
        return None
    before = neighbour(token, -1)
    thing = before is not None and before.pos_ == "NOUN" and before.lower_ not in ("people", "man", "woman", "those")
    return Change(token.idx, end(token), "which") if thing else None


def _contractions(passage: Passage) -> Iterator[list[Change]]:
    """``did not`` and ``didn't``, ``it is`` and ``it's``: written out or drawn together."""
    return ([change] for token in passage.doc if (change := _contracted(token)))


def _contracted(token: Token) -> Change | None:
    before = neighbour(token, -1)
    if before is None:
        return None
    plain = token.lower_
    auxiliary = before.lower_
    if plain == "not" and auxiliary in _WITH_NOT and token.dep_ == "neg":
        return Change(before.idx, end(token), _TOGETHER.get(auxiliary, f"{before.text}n't"))
    if plain == "n't" and auxiliary in _WITH_NOT | set(_APART):
        return Change(before.idx, end(token), _APART.get(auxiliary, f"{before.text} not"))
    if plain in _WRITTEN_OUT and before.pos_ == "PRON":
        return Change(before.idx, end(token), f"{before.text} {_WRITTEN_OUT[plain]}")
    after = neighbour(token, 1)
    if plain in _AFTER_PRONOUN and token.pos_ == "AUX" and before.tag_ == "PRP" and token.dep_ != "ROOT":
        goes_on = after is not None and after.is_alpha and after.lower_ != "not"
        return Change(before.idx, end(token), f"{before.text}{_AFTER_PRONOUN[plain]}") if goes_on else None
    return None


def _formats(passage: Passage) -> Iterator[list[Change]]:
    """Each value that has another common format: number words and digits, parts of a date, short and long names."""
    yield from ([change] for number in written_numbers(passage.text) if (change := _in_other_digits(passage, number)))
    for pattern, comma in ((_AMERICAN, ""), (_BRITISH, ",")):
        for match in pattern.finditer(passage.text):
            year = f"{comma} {match[3]}" if match[3] else ""
            yield [Change(match.start(), match.end(), f"{match[2]} {match[1]}{year}")]
    for match in _PERCENT.finditer(passage.text):
        yield [Change(match.start(), match.end(), " percent" if match.group() == "%" else "%")]
    for token in passage.doc:
        beside = (neighbour(token, -1), neighbour(token, 1))
        if token.text in _LONG_NAMES and not any(near is not None and near.tag_ in ("NNP", "$") for near in beside):
            yield [Change(token.idx, end(token), _LONG_NAMES[token.text])]


def _in_other_digits(passage: Passage, number: WrittenNumber) -> Change | None:
    """Small whole numbers: ``five`` and ``5``."""
    value = int(number.value)
    if number.style == "cardinal" and value >= 2:
        return Change(number.start, number.end, str(value))
    after = passage.text[number.end : number.end + 1]
    joined = after.isalpha() or after in ("-", "–", "/") or "." in number.text  # 5G, 9/11
    small = number.style == "digits" and number.unit == "plain" and 2 <= value <= 20
    return Change(number.start, number.end, spelled(value)) if small and not joined else None


_WAYS = (_voice, _order, _synonyms, _joints, _contractions, _formats)
