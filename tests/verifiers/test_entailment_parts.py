"""The parts of ``entailment`` that need no trained weights."""

from __future__ import annotations

import pytest

from harness.checker_en.network import Doubt, Reading
from harness.records import Pair, Probabilities
from harness.verifiers.entailment import Entailment
from harness.verifiers.statements import weigh_against


@pytest.mark.parametrize(
    ("alone", "contrast", "expected"),
    [
        # a false version that the premise does not support changes nothing
        ((0.6, 0.1, 0.3), 0.0, (0.6, 0.1, 0.3)),
        # a false version that it surely supports takes everything
        ((0.6, 0.1, 0.3), 1.0, (0.0, 1.0, 0.0)),
        # statement alone, false version alone and neither have .5 × .5 each; both together are impossible
        ((0.5, 0.0, 0.5), 0.5, (1 / 3, 1 / 3, 1 / 3)),
        # alone .9 × .2 = .18, denied .8 × .1 = .08, neither .1 × .2 = .02, shared 1 : 1; the sum is .28
        ((0.9, 0.05, 0.05), 0.8, (0.18 / 0.28, 0.09 / 0.28, 0.01 / 0.28)),
        # a certain statement leaves nothing to share
        ((1.0, 0.0, 0.0), 0.5, (1.0, 0.0, 0.0)),
        # two certain statements that exclude each other are equally likely
        ((1.0, 0.0, 0.0), 1.0, (0.5, 0.5, 0.0)),
    ],
)
def test_false_version_takes_support_from_the_statement(
    alone: tuple[float, float, float], contrast: float, expected: tuple[float, float, float]
) -> None:
    found = weigh_against(Probabilities(*alone), contrast)
    assert (found.supported, found.contradicted, found.absent) == pytest.approx(expected, abs=1e-6)


def test_neighbouring_doubted_words_form_one_difference() -> None:
    """A word counts with any of its tokens: "voted" of "vot" and "ed"; an article by itself does not."""
    text = "The plan was voted down by 16 to 15, the mayor said."
    wrong = ("The", "ed", "down", "15", "the", "mayor")
    tokens = ["The", "plan", "was", "vot", "ed", "down", "by", "16", "to", "15", ",", "the", "mayor", "said", "."]
    starts = [text.index(token) for token in tokens]
    doubts = tuple(
        Doubt(start, start + len(token), 0.5 if token in wrong else -3.0)
        for start, token in zip(starts, tokens, strict=True)
    )
    read = Reading(Probabilities(0.1, 0.8, 0.1), doubts)
    assert read.find_doubted(text) == ["voted down", "15", "mayor"]


def test_negations_and_opposites_are_contradicted_and_their_words_named() -> None:
    pairs = [
        Pair("Everton lost 2-1 to Liverpool.", "Everton beat Liverpool 2-1."),
        Pair("The UN prevented the convoy from entering the city.", "The convoy entered the city."),
        Pair("The company has no plans to cut jobs.", "The company plans to cut jobs."),
        Pair("No deal was signed on Friday.", "The deal was signed on Friday."),
        Pair("Neither side accepted the plan.", "Both sides accepted the plan."),
        Pair("He is the president of the club.", "He is not the president of the club."),
    ]
    verdicts = Entailment().verify(pairs)
    assert {verdict.label for verdict in verdicts} == {"contradicted"}
    assert all({each.kind for each in verdict.differences} == {"wording"} for verdict in verdicts)
