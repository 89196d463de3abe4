"""Pairs made of article sentences: what a sentence entails, false versions of that, and passages that lack it.

What people have judged comes from few articles. A sentence with an optional phrase left out, and each clause that it is
made of, is supported by its passage; a typed perturbation of it (``harness.perturbations``) is contradicted; and a
passage that does not hold the sentence leaves it open. All of it is made from the articles of the groups trained on.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from harness.english import syntax
from harness.perturbations import edits, false_versions
from harness.records import Label
from harness.text import sentences, words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

SENTENCES = 12
"""Sentences taken of each article."""
_LENGTHS = range(6, 46)
"""Words of a sentence that is taken."""
_OPTIONAL = frozenset({"relcl", "advcl", "appos", "prep", "npadvmod", "acl", "advmod", "parataxis", "amod"})
_REPORTS = frozenset({"deny", "refuse", "fail", "if", "unless", "would", "could", "may", "might"})
"""Words under which a phrase left out may turn what is said."""
_ALIKE = 0.6
"""Share of a sentence's words in another, from which that may say the same."""


@dataclass(frozen=True, slots=True)
class Made:
    """A passage and statements about it."""

    premise: str
    statements: tuple[tuple[str, Label], ...]


def made(group: str, article: str, seed: int) -> Iterator[Made]:
    """The pairs of one article; the same whenever and in whatever order articles are asked for."""
    draw = random.Random(f"{seed} {group}")  # noqa: S311  # no secret is drawn
    rng = np.random.default_rng(draw.getrandbits(32))
    told = [span.text for span in sentences(article) if len(span.text.split()) in _LENGTHS]
    if len(told) < 4:
        return
    chosen = draw.sample(range(len(told)), min(SENTENCES, len(told)))
    for at, doc in zip(chosen, syntax.parse_all([told[at] for at in chosen]), strict=True):
        start, end = max(0, at - draw.randint(0, 2)), at + 1 + draw.randint(0, 2)
        premise = " ".join(told[start:end])
        true = _entailed(doc, told[at], draw)
        statements = [*((text, "supported") for text in true), *_versions(true[:3], premise, draw, rng)]
        if statements:
            yield Made(premise, tuple(dict.fromkeys(statements)))
        passage = _elsewhere(told, at, range(start, end), draw)
        if true and passage:
            yield Made(passage, tuple((text, "absent") for text in draw.sample(true, min(2, len(true)))))


def _entailed(doc: Doc, sentence: str, draw: random.Random) -> list[str]:
    shorter, clauses = list(_shortened(doc, draw)), list(_clauses(doc))
    verbatim = [sentence] if draw.random() < 0.15 else []
    found = [*verbatim, *draw.sample(shorter, min(2, len(shorter))), *draw.sample(clauses, min(2, len(clauses)))]
    return list(dict.fromkeys(found))


def _versions(
    true: Sequence[str], premise: str, draw: random.Random, rng: np.random.Generator
) -> Iterator[tuple[str, Label]]:
    """Of each true statement at most one paraphrase and two false versions."""
    for text in true:
        same = edits(text, rng, {"paraphrase"}, context=premise)
        if same and draw.random() < 0.6:
            yield draw.choice(same).text, "supported"
        false = false_versions(text, rng, context=premise, limit=6)
        for edit in draw.sample(false, min(2, len(false))):
            yield edit.text, "contradicted"


def _elsewhere(told: Sequence[str], at: int, near: range, draw: random.Random) -> str | None:
    """A passage of the article that shares words with a sentence and does not say it."""
    wanted = set(words(told[at]))

    def shared(place: int) -> float:
        return len(wanted & set(words(told[place]))) / len(wanted)

    far = sorted((place for place in range(len(told)) if place not in near), key=shared, reverse=True)
    if not far:
        return None
    place = far[draw.randint(0, min(3, len(far) - 1))]
    passage = " ".join(told[other] for other in range(max(0, place - 1), min(len(told), place + 2)) if other != at)
    return passage if shared(place) < _ALIKE else None


def _shortened(doc: Doc, draw: random.Random) -> Iterator[str]:
    """The sentence without some of its optional phrases."""
    turned = any(token.dep_ == "neg" or token.lemma_ in _REPORTS for token in doc)
    may_go = {"appos", "relcl"} if turned else _OPTIONAL
    phrases = [list(token.subtree) for token in doc if token.i and token.dep_ in may_go]
    phrases = [phrase for phrase in phrases if len(phrase) <= 25]
    for _ in range(3):
        if not phrases:
            return
        gone = {token.i for phrase in draw.sample(phrases, draw.randint(1, min(3, len(phrases)))) for token in phrase}
        kept = [token for token in doc if token.i not in gone]
        if len(kept) >= 5 and any(token.dep_ == "ROOT" for token in kept):
            yield _written(kept)


def _clauses(doc: Doc) -> Iterator[str]:
    """Relative clauses, appositions to people, and verbs that share a subject, each as a sentence of its own."""
    for token in doc:
        if token.dep_ == "relcl" and token.head.pos_ in ("PROPN", "NOUN"):
            clause = list(token.subtree)
            if clause[0].tag_ in ("WP", "WDT") and clause[0].dep_ in ("nsubj", "nsubjpass"):
                yield _written([*(word for word in token.head.subtree if word.i < clause[0].i), *clause[1:]])
        elif token.dep_ == "appos" and token.head.ent_type_ == "PERSON" and token.pos_ == "NOUN":
            name = [word for word in token.head.subtree if word.i <= token.head.i]
            yield _written([*name, "is", *token.subtree])
        elif token.dep_ == "conj" and token.pos_ == token.head.pos_ == "VERB" and not _subject(token):
            helpers = [word for word in token.head.children if word.dep_ in ("aux", "auxpass")]
            helpers = helpers if token.tag_ in ("VB", "VBN", "VBG") else []
            for subject in _subject(token.head)[:1]:
                yield _written([*subject.subtree, *helpers, *token.subtree])


def _subject(verb: Token) -> list[Token]:
    return [child for child in verb.children if child.dep_ in ("nsubj", "nsubjpass")]


def _written(tokens: Sequence[Token | str]) -> str:
    """The tokens as a sentence."""
    text = "".join(f" {token} " if isinstance(token, str) else token.text_with_ws for token in tokens)
    plain = " ".join(text.split()).replace(" ,", ",").replace(",.", ".").strip(" ,;-.")
    return f"{plain[:1].upper()}{plain[1:]}."
