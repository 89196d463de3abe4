"""Pairs made of article sentences: what a sentence entails, false versions of that, and what is left out.

What people have judged comes from few articles and holds few contradictions. A sentence of an article, verbatim, with
an optional phrase left out, each clause that it is made of, and two sentences joined are supported by the article; a
typed perturbation of these (``harness.suggest.edits``: another value, a negation, two names exchanged) is
contradicted; and the article without the sentence leaves it open. A network that sees many of these learns their make,
so they stay a part of what is learned from.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.training.corpora import Example, Target
from harness.checker_en import syntax
from harness.checker_en.entailment.passages import passage
from harness.suggest.edits import edits, false_versions
from harness.text import sentences, words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

SENTENCES = 5
"""Sentences taken of each article."""
_LENGTHS = range(6, 46)
"""Words of a sentence that is taken."""
_OPTIONAL = frozenset({"relcl", "appos", "npadvmod", "acl", "advmod", "amod"})
_TURNS = frozenset({
    "deny", "refuse", "fail", "if", "unless", "would", "could", "may", "might",
    "only", "first", "last", "every", "all", "each", "most", "more", "less", "no",
})  # fmt: skip  # two lines: of what is not so, and of all or one
"""Words under which a phrase left out may turn what is said."""
_ALIKE = 0.6
"""Share of a sentence's words in another, from which that may say the same."""
_JOINED = range(12, 46)
"""Words and marks of two sentences that are joined."""
_DOUBLED = re.compile(r",(?:\s*,)+")


def made(group: str, article: str, seed: int) -> Iterator[Example]:
    """The pairs of one article; the same whenever and in whatever order articles are asked for."""
    draw = random.Random(f"{seed} {group}")  # noqa: S311  # no secret is drawn
    rng = np.random.default_rng(draw.getrandbits(32))
    told = [span.text for span in sentences(article) if len(span.text.split()) in _LENGTHS]
    if len(told) < 4:
        return
    chosen = sorted(draw.sample(range(len(told)), min(SENTENCES, len(told))))
    docs = list(syntax.parse_all([told[at] for at in chosen]))
    for at, doc in zip(chosen, docs, strict=True):
        true = _entailed(doc, told[at], draw)
        for text, label in [*((text, "supported") for text in true), *_versions(true[:2], article, draw, rng)]:
            if text.count('"') % 2 == 0:
                yield _example(article, text, label)
        if true and not _elsewhere(told, at):
            yield _example(" ".join(told[:at] + told[at + 1 :]), draw.choice(true), "absent")
    joined = [text for first, second in permutations(docs, 2) for text in _joined(first, second)]
    joined = draw.sample(joined, min(2, len(joined)))
    for text, label in [*((text, "supported") for text in joined), *_versions(joined, article, draw, rng)]:
        if text.count('"') % 2 == 0:
            yield _example(article, text, label)


def _example(article: str, text: str, label: Target) -> Example:
    return Example(passage(article, text).text, text, label, "made")


def _joined(first: Doc, second: Doc) -> Iterator[str]:
    """Two sentences as one, as a summary joins what stands apart: all of it has to be borne out."""
    if len(first) + len(second) in _JOINED and first[-1].text == second[-1].text == "." and second[0].is_alpha:
        start = second[0].text if second[0].pos_ == "PROPN" or second[0].text == "I" else second[0].text.lower()
        yield f"{first[:-1].text}, and {start}{second[0].whitespace_}{second[1:].text}"


def _entailed(doc: Doc, sentence: str, draw: random.Random) -> list[str]:
    shorter, clauses = list(_shortened(doc, draw)), list(_clauses(doc))
    verbatim = [sentence] if draw.random() < 0.3 else []
    found = [*verbatim, *draw.sample(shorter, min(2, len(shorter))), *draw.sample(clauses, min(2, len(clauses)))]
    return list(dict.fromkeys(found))


def _versions(
    true: Sequence[str], premise: str, draw: random.Random, rng: np.random.Generator
) -> Iterator[tuple[str, Target]]:
    """Of each true statement at most one paraphrase and two false versions."""
    for text in true:
        same = edits(text, rng, {"paraphrase"}, context=premise)
        if same and draw.random() < 0.6:
            yield draw.choice(same).text, "supported"
        false = false_versions(text, rng, context=premise, limit=6)
        for edit in draw.sample(false, min(2, len(false))):
            yield edit.text, "contradicted"


def _elsewhere(told: Sequence[str], at: int) -> bool:
    """Whether another sentence of the article may say the same."""
    wanted = set(words(told[at]))
    others = (told[other] for other in range(len(told)) if other != at)
    return any(len(wanted & set(words(other))) >= _ALIKE * len(wanted) for other in others)


def _shortened(doc: Doc, draw: random.Random) -> Iterator[str]:
    """The sentence without some of its optional phrases."""
    turned = any(token.dep_ == "neg" or token.lower_ in _TURNS or token.lemma_ in _TURNS for token in doc)
    may_go = {"appos"} if turned else _OPTIONAL
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
    plain = _DOUBLED.sub(",", " ".join(text.split()).replace(" ,", ",")).replace(",.", ".").strip(" ,;-.")
    return f"{plain[:1].upper()}{plain[1:]}."
