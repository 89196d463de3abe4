"""Split an article into statements: one main clause each, as far as the parser can tell.

Headings, bylines, datelines, teasers and corrections are left out; so are dialogues, whose lines need their context.
``Ann Bell resigned on Monday and left the town.`` becomes two statements. Only English sentences are split.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from harness.claims import blank_markdown
from harness.data.articles.texts import is_label
from harness.records import Article, FactKind, Span
from harness.suggest.english import child, parse
from harness.text import base_language, is_dialogue, is_headline, sentences, words

if TYPE_CHECKING:
    from spacy.tokens import Token

_DATELINE = re.compile(
    r"^(?:(?:[A-Z][\w.']+,? ?){0,5}(?:[A-Z][a-z]+\.? \d{1,2} ?)?\(\s*[A-Za-z .]{2,20}\)\s*(?:-{1,2}|–|—)?\s*"
    r"|(?:[A-Z]{3,}[\w.', ]{0,30})(?:--| -|–|—)\s+)"
)
"""``LONDON, April 3 (Reuters) -``, ``LONDON, Oct 9 -``, ``(CNN) --``, ``( cnn)``."""
_TIME = re.compile(r"\d\d?[.:]\d\d(?: ?[ap]\.?m\.?)?(?: [A-Z]{2,4})?(?: ?[-–—]+|:)\s+")
"""The time of a live blog's entry: ``16.58 —``, ``4:58 p.m. ET:``."""
_TEASER = re.compile(
    r"^(?:read|click|scroll|watch|listen|sign up|subscribe|follow us|see also|related|photo|picture|video|image"
    r"|for more|copyright|advertisement|(?:share|more)(?= ?:| (?:this|your|on|via|from|news|stories|videos)\b))\b"
    r"[^.]*(?:more|here|video|below|gallery|:|newsletter|twitter|facebook|getty|reserved|\.\.\.)"
    r"|^(?:correction:|an? (?:earlier|previous) version (?:of this|said|stated|gave|misstated|incorrectly|wrongly)\b)",
    re.IGNORECASE,
)
_QUOTATION = re.compile(r"[“\"«„「].*?(?:[”\"»“」]|$)|``.*?(?:''|$)|[‘'].*[’']")
"""A quotation, which may end in a later sentence."""
_UNCLEAR = frozenset(words("he she they him them it this these those we you i that here there such"))
"""Pronouns that refer to something outside the statement."""
_POSSESSIVES = frozenset(words("his her its their"))
_SPEAKERS = frozenset(words("we you i"))
_NEAR_START = 3  # words; a later pronoun mostly refers to something within the statement
_MIN_WORDS = 3  # of a statement
_MIN_CAPITALISED = 0.6  # share of a headline's words

_KINDS: dict[FactKind, re.Pattern[str]] = {
    "quote": re.compile(r"[“\"«„「]([^“”\"«»„「」]{3,})[”\"»“」]"),
    "attribution": re.compile(
        r"\b(?:said|says|told|tells|claimed|claims|added|warned|announced|insisted|insists|stressed|emphasi[sz]ed"
        r"|accused|accuses|according to|called on|urged|urges|reiterated|denied|confirmed|described|argued)\b"
    ),
    "cause": re.compile(r"\b(?:because|due to|caused|led to|leading to|resulted in|as a result|prompt(?:ed|ing))\b"),
    "date": re.compile(
        rf"\b(?:{'|'.join((*calendar.day_name, *calendar.month_name[1:]))}|(?:1[6-9]|20)\d\d|yesterday|tomorrow)\b"
    ),
    "name": re.compile(r"\b[A-Z][\w'’-]*,? (?:is|was) (?:the|an?|[A-Z]\w+'s) "),
    "number": re.compile(
        r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
        r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|thousand|million|billion|dozen|half|twice)\b",
        re.IGNORECASE,
    ),
}
"""The first pattern that matches gives the kind."""


class Statement(NamedTuple):
    """A statement, and the passage of the article that states it."""

    text: str
    evidence: Span
    position: int
    """Index of its sentence in the article, from 0."""


def list_statements(article: Article) -> list[Statement]:
    """List the statements of an article, in order."""
    if is_dialogue(article.text):
        return []
    statements, is_english = list[Statement](), base_language(article.language) == "en"
    plain = blank_markdown(article.text)
    curly = re.sub(r'(?<![\w.,;:!?…])"', "“", plain).replace('"', "”")
    for position, span in enumerate(sentences(plain, article.language)):
        start = span.start
        if dateline := (position < 2 and _DATELINE.match(span.text)) or _TIME.match(span.text):
            start += dateline.end()
        text = " ".join(plain[start : span.end].split())
        if _is_within_quotation(curly, start):
            text = ("“" if "”" in text else '"') + text
        if is_headline(span, article.title) or is_label(text) or is_skipped(text):
            continue
        if is_english and not any(token.tag_.startswith(("VB", "MD")) for token in parse(text)):
            continue  # no verb, no statement: an answer, "At least eleven weeks.", or a caption
        evidence = Span(start, span.end, article.text[start : span.end])
        statements += [Statement(part, evidence, position) for part in split_sentence(text, article.language)]
    return statements


def _is_within_quotation(text: str, start: int) -> bool:
    """True if the last quotation mark before ``start`` in its paragraph opens, and the next one closes."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    opening, closing = text.find("“", start), text.find("”", start)
    return before.rfind("“") > before.rfind("”") and closing >= 0 and not 0 <= opening < closing


def is_skipped(text: str) -> bool:
    """True for headlines, teasers, questions, fragments, and quotations whose speaker the sentence does not name."""
    written = [word for word in text.split() if word[0].isalpha()]
    if not any(map(str.isalpha, text)) or text.rstrip("\"'”’ ").endswith("?") or _TEASER.match(text):
        return True
    if _QUOTATION.match(text):
        outside = words(_QUOTATION.sub(" ", text))
        if not outside or not _UNCLEAR.isdisjoint(outside[:2]):  # ``“Prices rose,” he said.``
            return True
    has_end = text.rstrip()[-1] in ".!。！؟”\"'"
    capitals = sum(word[0].isupper() for word in written)
    return not has_end and len(written) > 2 and capitals >= _MIN_CAPITALISED * len(written)


def is_unclear(statement: str) -> bool:
    """True if the statement is not self-contained, because its pronouns refer to something outside it."""
    first, *others = [word.partition("'")[0] for word in words(statement)] or [""]
    near = _UNCLEAR.intersection(others[: _NEAR_START - 1]) - {"that", "there", "it"}
    return first in _UNCLEAR | _POSSESSIVES or bool(near) or not _SPEAKERS.isdisjoint(others)


def guess_kind(statement: str) -> FactKind:
    """Guess, from the form of a statement, its kind: what a summary could get wrong about it."""
    return next((kind for kind, pattern in _KINDS.items() if pattern.search(statement)), "event")


def split_sentence(text: str, language: str = "en") -> list[str]:
    """Split a sentence at verbs joined to its main verb; a clause without a subject gets the main verb's subject.

    A sentence with a quotation stays whole.
    """
    if base_language(language) != "en" or any(mark in text for mark in ('"', "“", "”", "``")):
        return [text]
    doc = parse(text)
    if len(list(doc.sents)) != 1:
        return [text]
    verbs = [doc[:].root]
    while (joined := child(verbs[-1], "conj")) is not None:
        verbs.append(joined)
    shared = child(verbs[0], "nsubj", "nsubjpass")
    made: list[str] = []
    left = list(doc)
    for verb in reversed(verbs[1:]):
        own = child(verb, "nsubj", "nsubjpass", "expl")
        if not _is_finite(verb) or (own is None and (shared is None or shared.i > verbs[0].i)):
            continue
        clause = [token for token in verb.subtree if token in left and token.text != "."]
        # relative clauses ("who had met her") and subjects without a noun ("both said") need the clause before them
        if clause[0].tag_ in ("WP", "WDT") or (own is not None and own.tag_[:2] in ("CD", "DT", "JJ")):
            return [text]
        made.insert(0, _write([] if own is not None or shared is None else list(shared.subtree), clause))
        before = doc[clause[0].i - 1]
        taken = {*clause, *([before] if before.dep_ in ("cc", "punct") else [])}
        left = [token for token in left if token not in taken]
    return [part for part in (_write([], left), *made) if len(part.split()) >= _MIN_WORDS] or [text]


def _is_finite(verb: Token) -> bool:
    auxiliary = child(verb, "aux", "auxpass")
    is_finite = verb.tag_ in ("VBD", "VBZ", "VBP") or (auxiliary is not None and auxiliary.tag_ != "TO")
    return is_finite and child(verb, "mark") is None


def _write(subject: Sequence[Token], clause: Sequence[Token]) -> str:
    """Write a statement with a capital letter and a full stop."""
    subject_text, clause_text = ("".join(token.text_with_ws for token in tokens) for tokens in (subject, clause))
    text = re.sub(r"\s+([,.;:!?])", r"\1", " ".join(f"{subject_text} {clause_text}".split()))
    text = text.rstrip(" .").strip(" ,;:-–—")
    return text[:1].upper() + text[1:] + ("" if text[-1:] in "!?" else ".") if text else ""
