"""Short pairs against an article that has the premise as one of its sentences; the others are beside the point."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from benchmarks.training.corpora import Example
from harness.checker_en.entailment.passages import passage
from harness.text import sentences

WORDS = 60
"""A premise of more words is no sentence of an article."""


def embedded(short: Sequence[Example], articles: Sequence[str], draw: random.Random) -> Iterator[Example]:
    """Each pair with a passage of an article in the place of its premise, which is among its sentences."""
    for example in short:
        article = inside(draw.choice(articles), example.premise, draw)
        yield Example(
            passage(article, example.hypothesis).text, example.hypothesis, example.label, "embedded", example.wrong
        )


def is_sentence(premise: str) -> bool:
    """Whether a premise is short enough to stand in an article as a sentence."""
    return len(premise.split()) <= WORDS


def inside(article: str, sentence: str, draw: random.Random) -> str:
    """The article with the sentence somewhere among its own."""
    told = [each.text for each in sentences(article)]
    told.insert(draw.randrange(len(told) + 1), sentence)
    return " ".join(told)
