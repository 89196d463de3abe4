"""Numbers in a text, and other values in the style of each."""

from __future__ import annotations

import pytest

from harness.perturbations.number import written, written_numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("It cost $1,200.", [("1,200", 1200.0, "digits", "money")]),
        ("It cost £23million.", [("23", 23.0, "digits", "money")]),
        ("It has 43.3g of fat.", [("43.3", 43.3, "digits", "plain")]),
        ("Sales fell by 4.5 percent.", [("4.5", 4.5, "digits", "percent")]),
        ("Twenty-one men left.", [("Twenty-one", 21.0, "cardinal", "plain")]),
        ("Five million men left.", [("Five", 5.0, "cardinal", "plain")]),
        ("The third man left.", [("third", 3.0, "ordinal", "plain")]),
        ("She was 21st of 30.", [("21st", 21.0, "ordinal_num", "plain"), ("30", 30.0, "digits", "plain")]),
        ("The 19-year-old left.", [("19", 19.0, "digits", "age")]),
        ("Ann Bell, 26, left.", [("26", 26.0, "digits", "age")]),
        ("Two-thirds of them left.", []),
        ("They met on May 4, 2015.", []),
        ("It began in 1987.", []),
        ("One of them flew on Apollo 11.", []),
        ("He first met her.", []),
    ],
)
def test_numbers_are_read_with_style_and_unit(text: str, numbers: list[tuple[str, float, str, str]]) -> None:
    assert [(each.text, each.value, each.style, each.unit) for each in written_numbers(text)] == numbers


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("It cost 1,200 euros.", 2500, "2,500"),
        ("It rose by 4.50 points.", 5.25, "5.25"),
        ("Twenty-one men left.", 32, "thirty-two"),
        ("She came 1st.", 2, "2nd"),
        ("She came 1st.", 3, "3rd"),
        ("She came 1st.", 11, "11th"),
        ("She came 1st.", 22, "22nd"),
    ],
)
def test_another_value_is_written_in_the_same_style(text: str, value: float, expected: str) -> None:
    assert written(value, written_numbers(text)[0]) == expected


@pytest.mark.parametrize("text", ["Version 1.2.3 has 500 users.", "On 10.12.2024 it drew 500 people."])
def test_what_has_two_points_is_no_amount_and_the_number_beside_it_is_changed(text: str) -> None:
    assert [number.text for number in written_numbers(text)] == ["500"]
