"""The parts that need no parser: quotations and brackets, tenses, genders."""

from __future__ import annotations

from functools import cache

import pytest
from spacy.lang.en import English
from spacy.tokens import Doc

from harness.claims import gender
from harness.claims.inflection import past_tense, present_tense
from harness.claims.quoted import cuts, quoted


@cache
def tokeniser() -> English:
    return English()


def read(text: str) -> Doc:
    return tokeniser()(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "we won" twice.', ['"we won"']),
        ("He said 'we won' twice.", ["'we won'"]),
        ("He said “we won” and ‘it’s over’.", ["“we won”", "‘it’s over’"]),
        ("he said `` we won '' twice .", ["`` we won ''"]),
        ("he said ` we won ' twice .", ["` we won '"]),
        ("The players' bus didn't stop at St. John's.", []),
        ("Lions (the champions) won.", ["(the champions)"]),
        ("lions -lrb- the champions -rrb- won .", ["-lrb- the champions -rrb-"]),
        ("He said “we won.", ["“we won."]),
        ("we won,” he said.", ["we won,”"]),
    ],
)
def test_quotations_and_brackets_are_found_and_apostrophes_are_not(text: str, expected: list[str]) -> None:
    doc = read(text)
    found = [doc[min(each) : max(each) + 1].text for each in quoted(doc)]
    assert found == expected


def test_a_part_of_a_quotation_is_a_cut() -> None:
    quotation = frozenset({2, 3, 4})
    assert cuts({1, 2}, [quotation])
    assert not cuts({1, 2, 3, 4, 5}, [quotation])
    assert not cuts({0, 1}, [quotation])


@pytest.mark.parametrize(
    ("form", "lemma", "past", "present"),
    [
        ("killing", "kill", "killed", "kills"),
        ("using", "use", "used", "uses"),
        ("stopping", "stop", "stopped", "stops"),
        ("carrying", "carry", "carried", "carries"),
        ("playing", "play", "played", "plays"),
        ("agreeing", "agree", "agreed", "agrees"),
        ("dying", "die", "died", "dies"),
        ("leaving", "leave", "left", "leaves"),
        ("crashing", "crash", "crashed", "crashes"),
        ("going", "go", "went", "goes"),
        ("having", "have", "had", "has"),
        ("being", "be", "was", "is"),
    ],
)
def test_a_verb_in_ing_takes_a_tense(form: str, lemma: str, past: str, present: str) -> None:
    assert past_tense(form, lemma) == past
    assert present_tense(lemma, plural=False) == present


def test_the_plural_has_no_ending() -> None:
    assert (present_tense("kill", plural=True), present_tense("be", plural=True)) == ("kill", "are")


def test_a_pronoun_is_known_of_common_names_titles_and_nouns_only() -> None:
    assert (gender.of_name("Mary"), gender.of_name("Paul"), gender.of_name("Jordan")) == ("she", "he", None)
    assert (gender.of_noun("Mrs."), gender.of_noun("father"), gender.of_noun("driver")) == ("she", "he", None)
