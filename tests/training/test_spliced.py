"""Statements that are spliced of two places of a text: what is true, what is not, and what is not made."""

from __future__ import annotations

import random

import pytest
from made_statements import written

from benchmarks.training.corpora import Example
from benchmarks.training.spliced import nested, spliced


def made(text: str, seed: int = 0, count: int = 20) -> list[Example]:
    return list(spliced(text, count, random.Random(seed)))  # noqa: S311  # no secret is drawn


RIVALS = "Anna Berg opened a depot in Leeds. Paul Meyer hired 120 drivers for the harbour."


def test_a_subject_with_the_predicate_of_another_is_not_supported_and_with_its_own_is() -> None:
    found = written(spliced, RIVALS)
    assert {
        ("supported", "paul meyer hired 120 drivers for the harbour."),
        ("unsupported", "anna berg hired 120 drivers for the harbour."),
        ("supported", "anna berg opened a depot in leeds."),
        ("unsupported", "paul meyer opened a depot in leeds."),
    } <= found


def test_what_follows_one_verb_may_follow_the_same_verb_elsewhere() -> None:
    found = written(spliced, "The landfill is a nuisance to the town. The stork is a bird of the marshes.")
    assert ("unsupported", "the landfill is a bird of the marshes.") in found


def test_each_false_statement_stands_behind_a_true_one_written_alike() -> None:
    found = made(RIVALS)
    assert [example.label for example in found] == ["supported", "unsupported"] * (len(found) // 2)
    assert {text.hypothesis.islower() for text in found} == {True, False}
    for true, false in zip(found[::2], found[1::2], strict=True):
        assert true.hypothesis.islower() == false.hypothesis.islower()
    assert found == made(RIVALS)
    assert len(made(RIVALS, count=1)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "The woman opened the shop in March. The mother sold bread to the neighbours.",  # may be the same
        "The firm opened a depot in Leeds. A large firm hired drivers for the harbour.",
        "Anna Berg opened a depot in Leeds. She hired 120 drivers for the harbour.",  # Anna Berg did
        "Anna Berg opened a depot in Leeds. Paul Meyer did not hire drivers.",
        "Anna Berg opened a depot in Leeds. Paul Meyer may hire drivers.",
        "Anna Berg opened a depot in Leeds. Did Paul Meyer hire drivers for the harbour?",
        "",
    ],
)
def test_what_may_be_true_of_both_or_is_not_said_to_be_so_is_not_spliced(text: str) -> None:
    assert not any("hire" in text or "sold" in text for _, text in written(spliced, text))


def test_what_is_said_of_a_phrase_is_not_said_of_a_noun_within_it() -> None:
    assert written(nested, "The mother of the suspect left the town in March.") >= {
        ("supported", "the mother of the suspect left the town in march."),
        ("unsupported", "the suspect left the town in march."),
    }
    assert ("unsupported", "the election was unionists.") in written(
        nested, "The election was a wake-up call for unionists."
    )
    assert ("unsupported", "jill left the town in march.") in written(nested, "Jill's father left the town in March.")


@pytest.mark.parametrize(
    "text",
    [
        "A group of soldiers left the town in March.",  # what is true of the group is true of them
        "The spokesman for the ministry left the town in March.",
        "The ministers of the country left the town in March.",  # of another number: the grammar would tell
        "The mother left the town in March.",
        "",
    ],
)
def test_what_may_be_said_of_both_makes_no_pair(text: str) -> None:
    assert written(nested, text) == set()
