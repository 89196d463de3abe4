"""Pairs of REALSumm and BUMP to learn from, of the articles that neither calibrations nor reports have."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.quality.checker_questions import edited, of_use, realsumm, threeway
from benchmarks.training.corpora import Example, Target
from benchmarks.training.differences import differing
from harness.checker_en.entailment.passages import passage
from harness.records import Pair

LICENCES = {"realsumm": "CC BY 4.0", "bump_threeway": "MIT", "bump": "MIT"}
"""Source of an example → what it may be used under."""
FACTS = 5_600
"""Of REALSumm's, at most: two in three. One fact is asked of the summaries of 25 systems."""


def in_domain(data: Path, scale: float, draw: random.Random) -> list[Example]:
    """Facts against summaries, and sentences against articles, in random order; ``scale`` is the share of all."""
    found = [*_facts(data, draw), *_against_summaries(data), *_against_articles(data)]
    draw.shuffle(found)
    return found[: int(scale * len(found))]


def _facts(data: Path, draw: random.Random) -> Iterator[Example]:
    """Of a fact that people did not find in a summary, REALSumm does not tell whether the summary denies it."""
    every = list(of_use("training", realsumm(data)))
    for question in draw.sample(every, min(FACTS, len(every))):
        label: Target = "supported" if question.truth == "supported" else "unsupported"
        yield _example(question.pairs[0], label, "realsumm")


def _against_summaries(data: Path) -> Iterator[Example]:
    for question in of_use("training", threeway(data)):
        yield _example(question.pairs[0], question.truth, "bump_threeway")


def _against_articles(data: Path) -> Iterator[Example]:
    """Each sentence once, however many summaries have it; those with an error written in twice, as they are rare."""
    rows = list(of_use("training", edited(data)))
    faithful = dict.fromkeys(pair for row in rows for pair in row.faithful)
    wrong = {row.edited[at]: [pair.hypothesis for pair in row.faithful] for row in rows for at in row.changed}
    yield from (_example(pair, "supported", "bump") for pair in faithful)
    for pair, true in [*wrong.items(), *wrong.items()]:
        yield replace(_example(pair, "contradicted", "bump"), wrong=differing(pair.hypothesis, true))


def _example(pair: Pair, label: Target, source: str) -> Example:
    return Example(passage(pair.premise, pair.hypothesis).text, pair.hypothesis, label, source)
