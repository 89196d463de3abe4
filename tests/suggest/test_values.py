"""Numbers, names and quotations in a statement, and the kind that its form makes it."""

from __future__ import annotations

import pytest

from harness.records import FactKind
from harness.suggest.values import is_headline, kind_of, name_words, values

NAMES = name_words(
    "On Monday Jean-Luc O'Neil met the head of Acme. Acme is big. We saw O'Neil's dog, the UK’s best.", "en"
)


def told(text: str) -> list[tuple[str, str]]:
    return [(each.sort, each.text) for each in values(text, NAMES)]


def test_quotations_numbers_and_names_are_found_in_this_order() -> None:
    assert told('Jean-Luc O\'Neil paid Acme "far too much": $3.5 million in 2024.') == [
        ("quote", "far too much"),
        ("number", "$3.5"),
        ("number", "million"),
        ("number", "2024"),
        ("name", "Jean-Luc O'Neil"),
        ("name", "Acme"),
    ]


def test_numbers_in_words_are_numbers_and_one_is_none() -> None:
    assert told("Of thirteen men one left, twenty-two stayed.") == [("number", "thirteen"), ("number", "twenty-two")]


def test_possessives_are_no_part_of_a_name() -> None:
    assert told("The UK's dog and O’Neil’s") == [("name", "UK"), ("name", "O'Neil")]


def test_a_capital_at_the_start_alone_makes_no_name() -> None:
    assert told("We like dogs. The head is big.") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('He called it "a complete failure".', "quote"),
        ("The Kremlin accused Ukraine of it.", "attribution"),
        ("The talks failed because nobody came.", "cause"),
        ("The invasion began on February 24, 2022.", "date"),
        ("Ann Lee is the mayor of Ghent.", "name"),
        ("The blaze injured 14 people.", "number"),
        ("The talks failed.", "event"),
    ],
)
def test_the_kind_follows_the_form(text: str, kind: FactKind) -> None:
    assert kind_of(text) == kind


def test_a_headline_is_known_by_its_capitals() -> None:
    assert is_headline("Zelensky Urges Stronger US Support Amid Chaotic Encounter")
    assert not is_headline("Ann Lee met Jean-Luc O'Neil in the town hall of Ghent.")
