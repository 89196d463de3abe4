"""Split an article into statements: one clause each, as far as the parser can tell, without datelines and teasers.

``Ann Bell, the mayor of Ghent, resigned on Monday and left the town.`` becomes three statements:

    Ann Bell resigned on Monday.
    Ann Bell is the mayor of Ghent.
    Ann Bell left the town.

English only; a sentence in another language stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from harness.checker_en import syntax
from harness.checker_en.dates import MONTHS, WEEKDAYS
from harness.checker_en.syntax import child
from harness.records import Article, FactKind, Span
from harness.text import base_language, is_headline, sentences, words

if TYPE_CHECKING:
    from spacy.tokens import Token

_DATELINE = re.compile(
    r"^(?:(?:[A-Z][\w.']+,? ?){0,5}(?:[A-Z][a-z]+\.? \d{1,2} ?)?\(\s*[A-Za-z .]{2,20}\)\s*(?:-{1,2}|–|—)?\s*"
    r"|(?:[A-Z]{3,}[\w.', ]{0,30})(?:--|–|—)\s+)"
)
"""``LONDON, April 3 (Reuters) -``, ``(CNN) --``, ``( cnn)``."""
_TEASER = re.compile(
    r"^(?:read|click|scroll|watch|listen|sign up|subscribe|follow us|see also|related|share|photo|picture|video|image"
    r"|more|for more|copyright|advertisement|by [A-Z])\b[^.]*(?:more|here|video|below|gallery|:|newsletter|twitter"
    r"|facebook|getty|reserved|\.\.\.)",
    re.IGNORECASE,
)
_UNCLEAR = frozenset(words("he she they him them it this these those we you i that here there such"))
"""Pronouns that refer to something outside the statement."""
_OWNERS = frozenset(words("his her its their"))
_SPEAKERS = frozenset(words("we you i"))
_NEAR = 3  # words after which a pronoun mostly refers to something within the statement
_RELATIVES = ("who", "which")
_SHORTEST = 3  # minimum words of a statement
_HEADLINE = 0.6  # minimum share of capitalised words for a line without a full stop to be a headline

_KINDS: dict[FactKind, re.Pattern[str]] = {
    "quote": re.compile(r"[“\"«„「]([^“”\"«»„「」]{3,})[”\"»“」]"),
    "attribution": re.compile(
        r"\b(?:said|says|told|tells|claimed|claims|added|warned|announced|insisted|insists|stressed|emphasi[sz]ed"
        r"|accused|accuses|according to|called on|urged|urges|reiterated|denied|confirmed|described|argued)\b"
    ),
    "cause": re.compile(r"\b(?:because|due to|caused|led to|leading to|resulted in|as a result|prompt(?:ed|ing))\b"),
    "date": re.compile(
        rf"\b(?:{'|'.join(name.title() for name in (*WEEKDAYS, *MONTHS))}|(?:1[6-9]|20)\d\d|yesterday|tomorrow)\b"
    ),
    "name": re.compile(r"\b[A-Z][\w'’-]*,? (?:is|was) (?:the|an?|[A-Z]\w+'s) "),
    "number": re.compile(
        r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|hundred|thousand|million"
        r"|billion|dozen|half|twice)\b",
        re.IGNORECASE,
    ),
}
"""The first pattern that matches gives the kind."""


class Statement(NamedTuple):
    """A statement, and the passage of the article that states it."""

    text: str
    evidence: Span
    position: int
    """Number of its sentence, from 0."""


def list_statements(article: Article) -> list[Statement]:
    """List the statements of an article, in order."""
    statements = []
    english = base_language(article.language) == "en"
    for position, span in enumerate(sentences(article.text, article.language)):
        start = span.start
        if dateline := _DATELINE.match(span.text) if position < 2 else None:
            start += dateline.end()
        text = article.text[start : span.end]
        if is_headline(span, article.title) or is_skipped(text):
            continue
        evidence = Span(start, span.end, text)
        parts = split_sentence(text) if english else [text]
        statements += [Statement(part, evidence, position) for part in parts]
    return statements


def is_skipped(text: str) -> bool:
    """True for headlines, teasers, questions and fragments."""
    written = [word for word in text.split() if word[0].isalpha()]
    if not text or not any(map(str.isalpha, text)) or text.rstrip("\"'”’ ").endswith("?") or _TEASER.match(text):
        return True
    unended = text.rstrip()[-1] not in ".!。！؟”\"'"
    capitals = sum(word[0].isupper() for word in written)
    return unended and len(written) > 2 and capitals >= _HEADLINE * len(written)


def is_unclear(statement: str) -> bool:
    """True if the statement is not self-contained: its pronouns refer to something outside it."""
    first, *others = words(statement) or [""]
    near = _UNCLEAR.intersection(others[: _NEAR - 1]) - {"that", "there", "it"}
    return first in _UNCLEAR | _OWNERS or bool(near) or not _SPEAKERS.isdisjoint(others)


def has_value(statement: str) -> bool:
    """True if the statement has a number, or a name after its first word."""
    return bool(_KINDS["number"].search(statement) or re.search(r"\w\W+[A-Z]", statement))


def kind_of(statement: str) -> FactKind:
    """Guess the kind of a statement from its form: what a summary could get wrong about it."""
    return next((kind for kind, pattern in _KINDS.items() if pattern.search(statement)), "event")


def split_sentence(text: str) -> list[str]:
    """Split a sentence into the clauses that are statements of their own; a single clause stays a sentence.

    Appositions, relative clauses with commas, and verbs joined to the main verb become statements, with the noun that
    they describe or with the shared subject. A sentence with a quotation stays whole.
    """
    doc = syntax.parse(text)
    if any(mark in text for mark in '"“”') or len(list(doc.sents)) != 1 or "``" in text:
        return [text]
    made: list[str] = []
    removed: set[int] = set()
    for token in doc:
        if token.i in removed:
            continue
        part = _read_relative(token) or _read_apposition(token)
        if part:
            noun, clause, copula = part
            made.append(_write([*noun], copula, clause))
            removed |= _include_commas(clause)
    joined = list(_read_joined(doc[:].root, removed))
    for subject, clause in joined:
        made.append(_write(subject, "", clause))
        removed |= {token.i for token in clause}
        joint = doc[clause[0].i - 1]
        removed |= {joint.i} if joint.dep_ in ("cc", "punct") else set()
    kept = [token for token in doc if token.i not in removed]
    return [part for part in (_write([], "", kept), *made) if len(part.split()) >= _SHORTEST] or [text]


def _read_relative(token: Token) -> tuple[list[Token], list[Token], str] | None:
    """Read ``the mayor, who led the town,``: return the noun phrase, and the clause without its pronoun."""
    clause = sorted(token.subtree, key=lambda each: each.i)
    first = clause[0]
    if token.dep_ != "relcl" or first.lower_ not in (*_RELATIVES, "that") or first.dep_ not in ("nsubj", "nsubjpass"):
        return None
    if first.lower_ == "that" or not first.i or first.nbor(-1).text != ",":
        return None
    noun = [each for each in token.head.subtree if each.i < first.i and each.text != ","]
    return (noun, clause[1:], "") if _is_contiguous(noun) else None


def _read_apposition(token: Token) -> tuple[list[Token], list[Token], str] | None:
    """Read ``Ann Bell, the mayor of Ghent,``: return the name and its description."""
    clause = sorted(token.subtree, key=lambda each: each.i)
    is_described = token.dep_ == "appos" and token.head.pos_ == "PROPN" and token.pos_ == "NOUN"
    if (
        not is_described
        or not clause[0].i
        or clause[0].nbor(-1).text != ","
        or clause[0].lower_ not in ("the", "a", "an")
    ):
        return None
    noun = [each for each in token.head.subtree if each.i < clause[0].i and each.text != ","]
    copula = "are " if token.tag_ == "NNS" else "is "
    return (noun, clause, copula) if _is_contiguous(noun) else None


def _read_joined(root: Token, removed: Collection[int]) -> Iterator[tuple[list[Token], list[Token]]]:
    """Yield each finite verb joined to the main verb, with its own subject or the shared one."""
    shared = child(root, "nsubj", "nsubjpass")
    verb: Token | None = root
    while verb is not None and (verb := child(verb, "conj")) is not None:
        own, auxiliary = child(verb, "nsubj", "nsubjpass", "expl"), child(verb, "aux", "auxpass")
        finite = verb.tag_ in ("VBD", "VBZ", "VBP") or (auxiliary is not None and auxiliary.tag_ != "TO")
        clause = [
            each for each in verb.subtree if each.i not in removed and not (each.dep_ == "punct" and each.text == ".")
        ]
        subject = (
            [each for each in shared.subtree if each.i not in removed] if own is None and shared is not None else []
        )
        if not finite or (own is None and shared is None) or any(each.dep_ == "mark" for each in verb.children):
            continue
        if own is not None or (shared is not None and shared.i < root.i):
            yield subject, clause


def _is_contiguous(tokens: Sequence[Token]) -> bool:
    return bool(tokens) and len(tokens) <= 12 and tokens[-1].i - tokens[0].i + 1 == len(tokens)


def _include_commas(clause: Sequence[Token]) -> set[int]:
    """Return the tokens of a clause and the commas around it."""
    doc, first, last = clause[0].doc, clause[0].i, clause[-1].i
    if doc[first - 1].i < first and doc[first - 1].lower_ in _RELATIVES:
        first -= 1
    if first and doc[first - 1].text == ",":
        first -= 1
    if last + 1 < len(doc) and doc[last + 1].text == ",":
        last += 1
    return set(range(first, last + 1))


def _write(subject: Sequence[Token], copula: str, clause: Sequence[Token]) -> str:
    """Write a statement with a capital letter and a full stop."""

    def join(tokens: Sequence[Token]) -> str:
        """Join tokens as they are written, with a space where tokens between them are left out."""
        gaps = [bool(at) and token.i > tokens[at - 1].i + 1 for at, token in enumerate(tokens)]
        return "".join(" " * gap + token.text_with_ws for token, gap in zip(tokens, gaps, strict=True))

    text = " ".join(f"{join(subject)} {copula}{join(clause)}".split())
    text = re.sub(r"\s+([,.;:!?])", r"\1", text).rstrip(" .").strip(" ,;:-–—")
    return text[:1].upper() + text[1:] + ("" if text[-1:] in "!?" else ".") if text else ""
