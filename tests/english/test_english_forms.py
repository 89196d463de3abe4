"""Words and numbers in their written forms: a or an, inflection, numbers found and written in one style."""

from __future__ import annotations

import pytest

from harness.english.forms import inflected, is_word, vowel_sound
from harness.perturbations.number import WrittenNumber, written, written_numbers


@pytest.mark.parametrize(
    ("word", "vowel"),
    [
        ("apple", True), ("house", False), ("hour", True), ("honest", True), ("university", False),
        ("unanimous", False),
        ("uninjured", True), ("European", False), ("one-off", False), ("FBI", True), ("NATO", False), ("UK", False),
        ("US", False), ("8", True), ("11", True), ("18", True), ("80", True), ("110", False), ("1", False),
        ("11,000", True),
        ("NHS", True), ("Ukrainian", False), ("urgent", True), ("SUV", True),
    ],
)  # fmt: skip  # pairs
def test_a_or_an_goes_by_sound(word: str, vowel: bool) -> None:
    assert vowel_sound(word) == vowel


@pytest.mark.parametrize(
    ("lemma", "tag", "form"),
    [
        ("win", "VBD", "won"), ("forbid", "VBD", "forbade"), ("ally", "NNS", "allies"), ("low", "JJR", "lower"),
        ("expensive", "JJS", "most expensive"), ("stop", "VBG", "stopping"), ("deny", "VBZ", "denies"),
        ("fall", "VB", "fall"),
    ],
)  # fmt: skip  # triples
def test_words_take_their_forms(lemma: str, tag: str, form: str) -> None:
    assert inflected(lemma, tag) == form


def test_a_word_that_the_lexicon_lacks_has_no_form() -> None:
    assert inflected("blorf", "VBD") is None
    assert (is_word("Reading"), is_word("Zelensky")) == (True, False)


def found(text: str) -> list[tuple[str, float, str, str]]:
    return [(each.text, each.value, each.style, each.unit) for each in written_numbers(text)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("It cost $1,200.", [("1,200", 1200.0, "digits", "money")]),
        ("It cost £23million.", [("23", 23.0, "digits", "money")]),
        ("Sales fell by 4.5 percent.", [("4.5", 4.5, "digits", "percent")]),
        ("Twenty-one men left.", [("Twenty-one", 21.0, "words", "plain")]),
        ("The third man left.", [("third", 3.0, "ordinal words", "plain")]),
        ("She was 21st of 30.", [("21st", 21.0, "ordinal digits", "plain"), ("30", 30.0, "digits", "plain")]),
        ("The 19-year-old left.", [("19", 19.0, "digits", "age")]),
        ("They met on May 4, 2015.", []),
        ("It began in 1987.", []),
        ("One of them flew on Apollo 11.", []),
        ("He first met her.", []),
    ],
)
def test_numbers_are_found_with_style_and_unit(text: str, numbers: list[tuple[str, float, str, str]]) -> None:
    assert found(text) == numbers


def test_another_value_is_written_in_the_same_style() -> None:
    def like(text: str, style: str, value: float) -> WrittenNumber:
        return WrittenNumber(0, len(text), value, text, style, "plain", False, "none")  # type: ignore[arg-type]  # a literal by way of a variable

    assert written(2500, like("1,200", "digits", 1200)) == "2,500"
    assert written(5.25, like("4.50", "digits", 4.5)) == "5.25"
    assert written(32, like("Twenty-one", "words", 21)) == "thirty-two"
    assert [written(value, like("1st", "ordinal digits", 1)) for value in (2, 3, 11, 22)] == [
        "2nd",
        "3rd",
        "11th",
        "22nd",
    ]
