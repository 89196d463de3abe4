"""Sentences written anew of the parts of parsed ones: whole, one clause of them, or in another order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from harness.checker_en import syntax
from harness.checker_en.forms import fix_article

if TYPE_CHECKING:
    from spacy.tokens import Token

SUBJECTS = ("nsubj", "nsubjpass")
"""Dependencies of what a verb is said of."""
_LEFT_OUT = ("advcl", "conj", "cc", "parataxis", "relcl", "ccomp", "punct", "prt")


def replaced(verb: Token, text: str) -> str | None:
    """The whole sentence, with other words for the verb and its particle."""
    particle = syntax.child(verb, "prt")
    if particle is not None and particle.i != verb.i + 1:
        return None
    whole, end = verb.doc.text, syntax.end(verb if particle is None else particle)
    return fix_article(whole[: verb.idx] + text + whole[end:], verb.idx)


def clause(verb: Token, text: str) -> str | None:
    """The subject, the verb in other words, and what stands behind it in its clause."""
    subject = syntax.child(verb, *SUBJECTS)
    if subject is None or subject.tag_ in ("WDT", "WP"):
        return None
    helpers = [token for token in verb.lefts if token.dep_ in ("aux", "auxpass")]
    after = [token for child in verb.rights if child.dep_ not in _LEFT_OUT for token in phrase_of(child)]
    return sentence([*phrase_of(subject), *helpers, text, *after])


def clause_of(token: Token) -> list[Token] | None:
    """The tokens of the clause that a word stands in, without clauses beside or below it."""
    verbs = (each for each in token.ancestors if each.pos_ in ("VERB", "AUX"))
    verb, subject = next(
        ((each, own) for each in verbs if (own := syntax.child(each, *SUBJECTS)) is not None), (None, None)
    )
    if verb is None or subject is None or subject.tag_ in ("WDT", "WP"):
        return None
    beside = [child for child in verb.children if child.dep_ in ("advcl", "conj", "cc", "parataxis", "mark", "punct")]
    gone = {each.i for child in beside for each in child.subtree}
    kept = [each for each in verb.subtree if each.i not in gone]
    return kept if token in kept and len(kept) >= 5 else None


def put(token: Token, word: str, clause: Sequence[Token] | None) -> str:
    """The clause, or the whole sentence, with another word for one."""
    if clause is None:
        whole = token.doc.text
        return fix_article(whole[: token.idx] + word + whole[syntax.end(token) :], token.idx)
    text = sentence([word if each.i == token.i else each for each in clause])
    return fix_article(text, text.find(f" {word} ") + 1) if f" {word} " in text else text


def behind(verb: Token) -> list[Token]:
    """Where, when and by how much: the phrases behind a verb."""
    return [token for child in verb.rights if child.dep_ in ("prep", "npadvmod") for token in child.subtree]


def phrase_of(head: Token) -> list[Token]:
    """A phrase without its relative clauses and appositions."""
    parts = [each for each in head.subtree if each.dep_ in ("relcl", "appos", "acl", "parataxis")]
    gone = {token.i for part in parts for token in part.subtree if part.i > head.i}
    kept = [token for token in head.subtree if token.i not in gone]
    while kept and kept[-1].is_punct and kept[-1].text not in "%\"'”’)":
        kept.pop()
    return kept


def within(tokens: Sequence[Token]) -> list[Token | str]:
    """The tokens as they stand within a sentence: no capital at their beginning but a name's."""
    first, *rest = tokens
    is_common = first.pos_ in ("DET", "ADJ", "NOUN", "ADP") or (first.pos_ == "PRON" and first.text != "I")
    return [first.lower_, *rest] if is_common else list(tokens)


def sentence(parts: Sequence[Token | str]) -> str:
    """The parts as a sentence; '' where a quotation would be cut."""
    words: list[str] = []
    for part, after in zip(parts, [*parts[1:], None], strict=True):
        if isinstance(part, str):
            words.append(f" {part} ")
        else:
            is_apart = after is not None and not isinstance(after, str) and after.i != part.i + 1
            words.append(part.text_with_ws + " " * is_apart)
    text = re.sub(r"\s+([,.;:%)])", r"\1", " ".join("".join(words).split())).strip(" ,;:-–")
    text = re.sub(r"(\s*,)?\s+(and|but|or)$", "", text)
    is_cut = text.count('"') % 2 or text.count("“") != text.count("”")
    return "" if is_cut or not text else f"{text[:1].upper()}{text[1:]}."
