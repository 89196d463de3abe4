"""Negation and opposites."""

from __future__ import annotations

import pytest
from english_sentences import conflicts


@pytest.mark.parametrize(
    ("premise", "statement"),
    [
        ("The minerals agreement was not signed.", "The minerals agreement was signed."),
        ("The minerals agreement was signed.", "The minerals agreement was never signed."),
        ("The police refused to investigate the messages.", "The police investigated the messages."),
    ],
)
def test_denied_predicate_conflicts(premise: str, statement: str) -> None:
    assert {kind for kind, _, _ in conflicts(premise, statement)} == {"negation"}


def test_negation_conflict_shows_the_negator() -> None:
    found = conflicts("The minister did not resign.", "The minister resigned.")
    assert found == {("negation", "resigned", "did not resign")}


@pytest.mark.parametrize(
    ("premise", "statement"),
    [
        ("The agreement was not signed.", "The agreement was never signed."),
        ("They were ready to sign the agreement, and left.", "The agreement was not signed."),
        ("He risks losing US backing if there is no deal.", "He risks losing US backing without a deal."),
        ("The Palace denied she was one of those invited.", "The Palace denied that she was invited."),
        (
            "Trump challenged Zelensky to make a deal with Russia, whose president is Putin, or risk losing backing.",
            "According to Trump, Zelensky risks losing American support if there is no deal with Russia.",
        ),
        ("If the minister does not resign, the party will split.", "The minister resigned."),
        ("He will lose the vote unless he changes course.", "He will not lose the vote if he changes course."),
        ("He would lose US backing without a deal.", "He would not lose US backing if he made a deal."),
        ("He would lose US backing without a deal.", "He would not lose US backing with a deal."),
        ("Without a visa she cannot enter the country.", "She can enter the country with a visa."),
        ("He has no visa, and he has been unable to travel.", "He has been unable to travel and does not have a visa."),
    ],
)
def test_same_or_unrelated_polarity_does_not_conflict(premise: str, statement: str) -> None:
    assert conflicts(premise, statement) == set()


def test_assertion_in_a_shorter_sentence_counts() -> None:
    premise = (
        "He was found guilty of fraud. In the long trial that followed the scandal of the year in London he was found "
        "not guilty of murder."
    )
    assert conflicts(premise, "He was found guilty of fraud.") == set()


@pytest.mark.parametrize(
    ("premise", "statement", "expected"),
    [
        ("The rise would reduce benefits by a third.", "The rise would raise benefits by a third.", "reduce"),
        ("The attempts were made before the invasion.", "The attempts were made after the invasion.", "before"),
        ("Emmanuel Macron is the president of France.", "Emmanuel Macron is the chancellor of France.", "president"),
        ("The loaf is unsafe for children.", "The loaf is safe for children.", "unsafe"),
        ("He left without a word to the staff.", "He left with a word to the staff.", "without"),
        ("He would lose US backing without a deal.", "He would lose US backing with a deal.", "without"),
    ],
)
def test_opposite_conflicts(premise: str, statement: str, expected: str) -> None:
    assert {(kind, there) for kind, _, there in conflicts(premise, statement)} == {("antonym", expected)}


def test_negated_opposite_does_not_conflict() -> None:
    assert conflicts("He is expected to leave the club.", "He is not expected to stay at the club.") == set()


def test_word_with_its_noun_in_the_premise_does_not_conflict() -> None:
    premise = "Councillors voted to keep the leisure centre open, defeating a closure plan by 23 votes to 19."
    assert conflicts(premise, "The plan to close the leisure centre was defeated by 23 votes to 19.") == set()
    shut = "Councillors voted to keep the leisure centre open by 23 votes to 19."
    assert conflicts(shut, "Councillors voted to close the leisure centre by 23 votes to 19.") != set()


def test_attribute_of_another_thing_does_not_conflict() -> None:
    premise = "Judge Nicholas Cooke blasted his junior colleague over the sentence."
    assert conflicts(premise, "The senior judge is Nicholas Cooke.") == set()


CONVERSES = [
    ("United bought the player from City.", "City sold the player to United.", "United sold the player to City."),
    ("The player was sold by City to United.", "United bought the player from City.", "City bought the player."),
    ("Jones lost the final to Smith.", "Smith beat Jones.", "Jones beat Smith."),
    ("Smith beat Jones 3-1 in the final.", "Jones lost 3-1 to Smith.", "Smith lost 3-1 to Jones."),
    ("The bank lent the company £5m.", "The company borrowed £5m from the bank.", "The bank borrowed £5m."),
    ("The pound rose against the dollar.", "The dollar fell against the pound.", "The pound fell against the dollar."),
    ("Jones is older than Smith.", "Smith is younger than Jones.", "Jones is younger than Smith."),
    ("Jones is the father of Smith.", "Smith is the son of Jones.", "Jones is the son of Smith."),
    ("The vote was held before the march.", "The march was held after the vote.", "The vote was held after the march."),
    (
        "The police left before the shop opened.",
        "The shop opened after the police left.",
        "The police left after the shop opened.",
    ),
    (
        "Ford sold its plant in Ohio to Tesla for $5 million last year.",
        "Tesla bought the plant in Ohio from Ford for $5 million last year.",
        "Ford bought the plant in Ohio.",
    ),
    ("The talks began before the vote.", "The vote came after the talks began.", "The talks began after the vote."),
    (
        "Ms Reed left after the report came.",
        "The report came before Ms Reed left.",
        "Ms Reed left before the report came.",
    ),
]
"""What the premise says; the same from the other side; what it excludes."""


@pytest.mark.parametrize(("premise", "converse"), [(premise, true) for premise, true, _ in CONVERSES])
def test_converse_does_not_conflict(premise: str, converse: str) -> None:
    assert conflicts(premise, converse) == set()


@pytest.mark.parametrize(("premise", "false"), [(premise, false) for premise, _, false in CONVERSES])
def test_opposite_with_the_same_arguments_conflicts(premise: str, false: str) -> None:
    assert {kind for kind, _, _ in conflicts(premise, false)} == {"antonym"}


def test_argument_on_both_sides_is_not_a_converse() -> None:
    premise = "The minister resigned before the minister spoke."
    assert conflicts(premise, "The minister resigned after the minister spoke.") == {("antonym", "after", "before")}


def test_opposite_verbs_of_other_things_do_not_conflict() -> None:
    premise = "The jury convicted him of manslaughter."
    assert conflicts(premise, "He was acquitted of murder.") == set()
    assert ("antonym", "acquitted", "convicted") in conflicts(premise, "He was acquitted of manslaughter.")
    premise = "The meeting opened at 7.30pm and closed at 9.15pm."
    assert conflicts(premise, "The meeting ended at 21:15.") == set()


def test_predicate_denied_of_another_thing_does_not_conflict() -> None:
    premise = "The jury found him not guilty of murder but convicted him of manslaughter."
    assert conflicts(premise, "The jury found him guilty of manslaughter.") == set()
    assert {kind for kind, *_ in conflicts(premise, "The jury found him guilty of murder.")} == {"negation"}
