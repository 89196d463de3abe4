"""Quotations: what is one, and whether it stands in a text."""

from __future__ import annotations

import pytest

from harness.checker_en.quotes import quotes, stands


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "stand more firmly" twice.', ["stand more firmly"]),
        ("He called it 'a great day for us'.", ["a great day for us"]),
        ("`` we are suffering, '' said koirala.".replace("`", "'"), [" we are suffering, "]),
        ("The boys' dogs and the girls' cats ran.", []),
        ("It's the UK's plan, isn't it?", []),
        ("They 'don't know what it's worth'.", ["don't know what it's worth"]),
        ('The so-called "deal" fell.', []),
    ],
)
def test_apostrophes_are_no_quotation_marks(text: str, expected: list[str]) -> None:
    assert [quote.text for quote in quotes(text)] == expected


def test_a_quotation_stands_whatever_its_marks_and_gaps() -> None:
    premise = "He said: “The US needs to stand — more firmly — on our side, today.”"
    assert stands("stand more firmly ... on our side", premise)
    assert stands("Stand more firmly", premise)
    assert not stands("on our side ... stand more firmly", premise)
    assert not stands("stand less firmly", premise)


@pytest.mark.parametrize(
    ("quote", "premise"),
    [
        ("We will ... fail", 'He said: "We will win." Many disagreed. Jones said that the plan would fail.'),
        ("I will … quit", '"I will never give in," he said. His deputy said: "You should quit."'),
    ],
)
def test_a_gap_does_not_reach_from_one_sentence_or_speaker_to_another(quote: str, premise: str) -> None:
    assert not stands(quote, premise)


@pytest.mark.parametrize(
    ("quote", "premise"),
    [
        ("We will … win", 'He said: "We will fight. We will suffer. And we shall win." They clapped.'),
        ("We will fight … until we win", '"We will fight on," he said, "until we win."'),
        ("We will fight. We will suffer", 'He said: "We will fight. We will suffer. And we shall win."'),
    ],
)
def test_a_gap_may_be_of_sentences_of_one_quotation_or_of_the_words_that_interrupt_it(quote: str, premise: str) -> None:
    assert stands(quote, premise)


def test_a_bracket_that_denies_is_no_gap() -> None:
    assert not stands("I did [not] do it", 'He said: "I did do it."')
    assert not stands("[I won't] do it", 'He said: "I did do it."')
    assert stands("I did [indeed] do it", 'He said: "I did do it."')
    assert stands("I did [not] do it", 'He said: "I did not do it."')


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("It's a very sad day", "It is a very sad day"),
        ("We’re not going to give up", "We are not going to give up"),
        ("I won't go and I can't stay", "I will not go and I cannot stay"),
        ("They don't say what they've seen", "They do not say what they have seen"),
    ],
)
def test_short_forms_are_the_same_as_what_they_are_short_for(short: str, full: str) -> None:
    assert stands(short, f"“{full}.”")
    assert stands(full, f"“{short}.”")


def test_a_short_denial_is_not_the_same_as_its_opposite() -> None:
    assert not stands("I won't go home", '"I will go home," he said.')
    assert not stands("We're going home", '"We were going home," he said.')
