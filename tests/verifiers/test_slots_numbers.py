"""Numbers: what is read of a sentence, and when two of them are the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slots_helpers import conflicts, found, reading

from harness.english.quantity import Quantity, same


def quantities(sentence: str) -> list[tuple[float, str, str]]:
    """Value, dimension and unit of each."""
    return [(round(float(each.low), 4), each.dimension, each.unit) for each in reading(sentence).quantities]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It cost £23million.", [(23e6, "money", "pound")]),
        ("It cost 23 million pounds.", [(23e6, "money", "pound")]),
        ("The firm is worth $2.5bn.", [(2.5e9, "money", "dollar")]),
        ("Half a dozen people were hurt.", [(6, "count", "peopl")]),
        ("Two-thirds of voters agreed.", [(0.6667, "share", "")]),
        ("One in five restaurants serves it.", [(0.2, "share", "")]),
        ("Support fell to 41 per cent.", [(0.41, "share", "")]),
        ("A 19-year-old operator won.", [(19, "age", "")]),
        ("Paul Armstrong, 36, was stopped.", [(36, "age", "")]),
        ("He came third.", [(3, "ordinal", "")]),
        ("The train left at 7.30pm.", [(1170, "clock", "")]),
        ("She waited two weeks.", [(1209600, "measure", "second")]),
        ("No-one was hurt.", []),
    ],
)
def test_quantities_are_read_with_what_they_count(sentence: str, expected: list[tuple[float, str, str]]) -> None:
    assert quantities(sentence) == expected


def test_a_huge_number_is_kept_as_a_number() -> None:
    (quantity,) = reading("It was 1e9999 times larger.").quantities
    assert quantity.low.adjusted() == 9999


def test_a_comma_before_one_digit_has_two_readings() -> None:
    (quantity,) = reading("It cost 1,5 euros.").quantities
    assert {quantity.low, *quantity.others} == {1, 5, quantity.low}
    assert float(quantity.low) == 1.5


def both(one: str, other: str) -> tuple[Quantity, Quantity]:
    return reading(one).quantities[0], reading(other).quantities[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nearly 3,000 people came.", "2,987 people came."),
        ("It cost £23.4m.", "It cost £23m."),
        ("Between 20 and 30 people came.", "24 people came."),
        ("They won 2-1.", "They lost 1-2."),
        ("More than 400 girls live there.", "425 girls live there."),
        ("It took two weeks.", "It took 14 days."),
        ("Half of voters agreed.", "50 per cent of voters agreed."),
        ("Between 20 and 30 per cent agreed.", "25 per cent agreed."),
        ("It is 1.6 kilometres long.", "It is a 1 mile track."),
    ],
)
def test_the_same_quantity_in_other_words(one: str, other: str) -> None:
    first, second = both(one, other)
    assert same(first, second)
    assert same(second, first)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("425 girls live there.", "45 girls live there."),
        ("It was 540 million years ago.", "It was 500 million years ago."),
        ("At least 100 people came.", "99 people came."),
        ("They won 2-1.", "They won 3-1."),
        ("Between 20 and 30 people came.", "34 people came."),
        ("It cost £23m.", "It cost £24m."),
    ],
)
def test_another_quantity(one: str, other: str) -> None:
    first, second = both(one, other)
    assert not same(first, second)
    assert not same(second, first)


def test_a_bound_bears_out_a_wider_one_and_no_narrower() -> None:
    assert conflicts("At least 150 houses burnt.", "More than 100 houses burnt.") == set()
    assert {kind for kind, *_ in conflicts("More than 100 houses burnt.", "At least 150 houses burnt.")} == {"number"}


def test_one_sum_of_another_currency_is_a_conflict_and_another_sum_may_be_converted() -> None:
    premise = "The club paid £23million for the striker."
    told = conflicts(premise, "The club paid $23million for the striker.")
    assert told == {("number", "$23million", "£23million")}
    assert conflicts(premise, "The club paid $31million for the striker.") == set()


def test_a_number_beyond_a_range_is_a_conflict() -> None:
    told = conflicts("Between 20 and 30 men were arrested.", "Some 45 men were arrested.")
    assert told == {("number", "45", "20 and 30")}


def test_what_is_listed_is_counted() -> None:
    premise = "Leaders from France, Germany, Spain, Poland and the Netherlands met."
    assert [slot.status for slot in found(premise, "Leaders from five countries met.", "number")] == ["found"]
    assert [slot.status for slot in found(premise, "Leaders from four countries met.", "number")] == ["missing"]


def test_another_number_in_its_place_is_a_conflict_and_says_both() -> None:
    premise = "Koirala has a home to 425 young women and girls. Basnet cares for 45 children."
    (slot,) = found(premise, "Koirala has a home to 45 young women and girls.", "number")
    assert slot.status == "conflict"
    assert slot.difference == "the premise says 425 where the statement says 45"


def test_a_number_that_the_premise_lacks_is_missing_and_no_conflict() -> None:
    slots = found("The ceremony was moving.", "The ceremony was seen by 80 guests.", "number")
    assert [slot.status for slot in slots] == ["missing"]


def test_a_pair_is_two_and_never_wrong_by_itself() -> None:
    assert conflicts("The couple met in Perth in 2011.", "Both met in Perth in 2011.") == set()
    slots = found("The couple met in Perth.", "Two people met in Perth.", "number")
    assert [slot.status for slot in slots] == ["found"]


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10**12))
def test_any_whole_number_is_itself_with_and_without_separators(value: int) -> None:
    plain, grouped = (reading(f"They counted {text} birds.") for text in (f"{value}", f"{value:,}"))
    if 1000 <= value <= 2100:  # four digits without a separator name a year
        return
    assert [each.low for each in plain.quantities] == [each.low for each in grouped.quantities] == [value]
