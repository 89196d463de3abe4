"""True statements and their opposites that are made in one way."""

from __future__ import annotations

import random

import pytest

from benchmarks.training.outcomes import Outcomes, Turned, speakers, turned
from harness.checker_en import syntax

VOTE = "The council approved the plan by 16 votes to 15 on Tuesday."
ARTICLE = f"""{VOTE} Arsenal beat Chelsea in the final on Saturday. Mayor Ann Hale backed the proposal in March.
Sales of the company rose by 9% last year. Tom Reed said that the pool was too old for repairs."""


def pairs(sentence: str, *names: str) -> list[Turned]:
    """All that sixty draws give of a sentence."""
    (doc,) = syntax.parse_all([sentence])
    draws = map(random.Random, range(60))
    return [pair for draw in draws for pair in turned(doc, names, draw)]


@pytest.mark.parametrize(
    ("sentence", "true", "false"),
    [
        ("The council approved the plan.", "The plan was adopted.", "The plan was voted down."),
        ("France beat Germany on Sunday.", "Germany lost to France on Sunday.", "France lost to Germany on Sunday."),
        ("Russia attacked Ukraine.", "Ukraine was attacked by Russia.", "Russia was attacked by Ukraine."),
        ("Sales rose by 9% last year.", "Sales climbed by 9% last year.", "Sales fell by 9% last year."),
        ("The bank refused to comment.", "The bank declined to comment.", "The bank agreed to comment."),
    ],
)  # fmt: skip  # a table
def test_what_came_of_something_is_told_in_other_words_and_as_its_opposite(
    sentence: str, true: str, false: str
) -> None:
    made = pairs(sentence)
    assert true in {pair.true for pair in made}
    assert false in {pair.false for pair in made}
    assert not {pair.true for pair in made} & {pair.false for pair in made}


def test_what_is_denied_asked_or_conditional_gives_nothing() -> None:
    for sentence in ("The council did not approve the plan.", "Did the council approve the plan?"):
        assert pairs(sentence) == []


def test_what_one_said_is_given_to_another_in_the_same_form() -> None:
    made = pairs("Tom Reed said that the pool was too old for repairs.", "Tom Reed", "Ann Hale")
    assert {pair.kind for pair in made} == {"speaker"}
    assert all(pair.true.replace("Tom Reed", "Ann Hale") == pair.false for pair in made)


def test_speakers_are_people_and_organisations_that_do_something() -> None:
    assert speakers(syntax.parse_all(["Ann Hale met Tom Reed in London.", "Tom Reed spoke."])) == [
        "Ann Hale",
        "Tom Reed",
    ]


def test_half_of_the_pairs_of_an_article_are_supported_and_a_seed_repeats_them() -> None:
    one, other = Outcomes(100, seed=1), Outcomes(100, seed=1)
    for outcomes in (one, other):
        outcomes.add(ARTICLE)
    labels = [example.label for example in one.examples]
    assert one.examples == other.examples
    assert len(labels) >= 6
    assert labels.count("supported") * 2 == len(labels)
