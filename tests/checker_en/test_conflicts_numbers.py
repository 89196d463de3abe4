"""Numbers: what is read of a sentence, and when two of them are the same."""

from __future__ import annotations

import pytest
from english_sentences import conflicts, found


def test_bound_supports_wider_but_not_narrower_bounds() -> None:
    assert conflicts("At least 150 houses burnt.", "More than 100 houses burnt.") == set()
    assert {kind for kind, *_ in conflicts("More than 100 houses burnt.", "At least 150 houses burnt.")} == {"number"}


def test_same_amount_in_another_currency_conflicts() -> None:
    premise = "The club paid £23million for the striker."
    told = conflicts(premise, "The club paid $23million for the striker.")
    assert told == {("number", "$23million", "£23million")}
    assert conflicts(premise, "The club paid $31million for the striker.") == set()


def test_number_beyond_a_range_conflicts() -> None:
    told = conflicts("Between 20 and 30 men were arrested.", "Some 45 men were arrested.")
    assert told == {("number", "45", "20 and 30")}


def test_listed_items_are_counted() -> None:
    premise = "Leaders from France, Germany, Spain, Poland and the Netherlands met."
    assert [slot.status for slot in found(premise, "Leaders from five countries met.", "number")] == ["found"]
    assert [slot.status for slot in found(premise, "Leaders from four countries met.", "number")] == ["missing"]


def test_conflict_names_both_numbers() -> None:
    premise = "Koirala has a home to 425 young women and girls. Basnet cares for 45 children."
    (slot,) = found(premise, "Koirala has a home to 45 young women and girls.", "number")
    assert slot.status == "conflict"
    assert slot.difference == "the premise says 425 where the statement says 45"


def test_number_without_counterpart_is_missing() -> None:
    slots = found("The ceremony was moving.", "The ceremony was seen by 80 guests.", "number")
    assert [slot.status for slot in slots] == ["missing"]


def test_implied_number_never_conflicts() -> None:
    assert conflicts("The couple met in Perth in 2011.", "Both met in Perth in 2011.") == set()
    slots = found("The couple met in Perth.", "Two people met in Perth.", "number")
    assert [slot.status for slot in slots] == ["found"]


def test_minus_and_leading_point_belong_to_the_number() -> None:
    premise = "Temperatures dropped to -12C overnight."
    assert conflicts(premise, "Temperatures dropped to -12C overnight.") == set()
    assert conflicts(premise, "Temperatures dropped to about -12.3C overnight.") == set()
    assert conflicts(premise, "Temperatures dropped to 12C overnight.") == {("number", "12C", "-12C")}
    assert conflicts("Growth was -0.5% in May.", "The economy shrank by 0.5% in May.") == set()
    premise = "Unemployment rose by .5% in May."
    assert conflicts(premise, "Unemployment rose by 0.5% in May.") == set()
    assert conflicts(premise, "Unemployment rose by 5% in May.") == {("number", "5%", ".5%")}


@pytest.mark.parametrize(
    ("premise", "true", "false"),
    [
        (
            "Police said 34 people were injured.",
            "More than 20 people were injured.",
            "More than 40 people were injured.",
        ),
        (
            "Police said 34 people were injured.",
            "Fewer than 100 people were injured.",
            "Fewer than 30 people were injured.",
        ),
        (
            "Police said 34 people were injured.",
            "Not more than 40 people were injured.",
            "Not more than 30 people were injured.",
        ),
        (
            "Police said 34 people were injured.",
            "Not fewer than 30 people were injured.",
            "Not fewer than 40 people were injured.",
        ),
        (
            "At least 12 people were killed.",
            "More than five people were killed.",
            "Fewer than five people were killed.",
        ),
        (
            "Temperatures dropped to -12C overnight.",
            "It was twelve below zero.",
            "Temperatures dropped to 12C overnight.",
        ),
    ],
)
def test_bound_conflicts_only_with_numbers_that_break_it(premise: str, true: str, false: str) -> None:
    assert conflicts(premise, true) == set()
    assert {kind for kind, *_ in conflicts(premise, false)} == {"number"}


@pytest.mark.parametrize(
    ("premise", "true", "false"),
    [
        ("The test was 98% accurate.", "The test was nearly 100% accurate.", "The test was 100% accurate."),
        ("Fifty-one senators voted for it.", "Some 50 senators voted for it.", "Fifty senators voted for it."),
        ("The bag costs $4.52 billion.", "The bag costs $4.5 billion.", "The bag costs $4.6 billion."),
        ("He won 67.4% of the vote.", "He won 67% of the vote.", "He won 68% of the vote."),
        ("He died aged 82.", "He died aged 82.", "He died aged 80."),
    ],
)
def test_only_long_numbers_are_rounded(premise: str, true: str, false: str) -> None:
    assert conflicts(premise, true) == set()
    assert {kind for kind, *_ in conflicts(premise, false)} == {"number"}


@pytest.mark.parametrize(
    ("premise", "true", "false"),
    [
        ("Net profit fell to $310m from $402m.", "Net profit fell by $92m.", "Net profit fell to $92m."),
        ("Membership grew from 200 to 350.", "Membership grew by 150.", "Membership grew to 150."),
    ],
)
def test_change_does_not_conflict_with_level(premise: str, true: str, false: str) -> None:
    assert conflicts(premise, true) == set()
    assert {kind for kind, *_ in conflicts(premise, false)} == {"number"}


def test_number_inside_a_score_does_not_support_the_score() -> None:
    premise = "Arsenal beat Chelsea 3-1, with Saka scoring two goals."
    for false in ("4-2", "5-0", "3-2"):
        assert conflicts(premise, f"Arsenal beat Chelsea {false}.") == {("number", false, "3-1")}
    assert [slot.status for slot in found(premise, "Arsenal scored three goals.", "number")] == ["found"]
    assert [slot.status for slot in found(premise, "Chelsea lost 3-1.", "number")] == ["found"]


def test_bound_beyond_a_range_conflicts() -> None:
    premise = "Bake the cake for 25-30 minutes."
    assert {kind for kind, *_ in conflicts(premise, "Bake the cake for more than 30 minutes.")} == {"number"}
    assert conflicts(premise, "Bake the cake for at least 25 minutes.") == set()


@pytest.mark.parametrize(
    ("premise", "same", "false"),
    [
        ("Losses were A$20 million.", "Losses were 20 million Australian dollars.", "Losses were US$20 million."),
        ("The phone costs 999 US dollars.", "The phone costs $999.", "The phone costs €999."),
        ("The phone costs US$999.", "The phone costs 999 dollars.", "The phone costs A$999."),
        ("The phone costs $999.", "The phone costs US$999.", "The phone costs US$99."),
        ("It cost US$20 million.", "It cost 20 million American dollars.", "It cost A$20 million."),
        ("It cost 20 million UK pounds.", "It cost 20 million British pounds.", "It cost 20 million Egyptian pounds."),
        ("It cost NT$20 million.", "It cost 20 million Taiwan dollars.", "It cost HK$20 million."),
    ],
)
def test_dollars_of_two_countries_conflict(premise: str, same: str, false: str) -> None:
    assert [slot.status for slot in found(premise, same, "number")] == ["found"]
    assert {kind for kind, *_ in conflicts(premise, false)} == {"number"}


@pytest.mark.parametrize(
    ("premise", "false"),
    [
        ("Homes worth more than £2 million will be taxed.", "Homes worth more than £1 million will be taxed."),
        ("It bans firms with fewer than 50 workers.", "It bans firms with fewer than 250 workers."),
    ],
)
def test_different_limits_conflict(premise: str, false: str) -> None:
    assert {kind for kind, *_ in conflicts(premise, false)} == {"number"}


def test_at_least_supports_more_than_fewer() -> None:
    assert conflicts("At least 34 people were injured.", "More than 20 people were injured.") == set()


def test_truncated_decimals_do_not_conflict() -> None:
    premise = "Sales were $98.6 billion."
    assert conflicts(premise, "Sales were $98 billion.") == set()
    assert {kind for kind, *_ in conflicts(premise, "Sales were $97 billion.")} == {"number"}


def test_plus_or_minus_is_not_negative() -> None:
    assert conflicts("The margin of error is plus or minus 3 points.", "The margin of error is 3 points.") == set()


def test_shown_value_has_no_full_stop() -> None:
    assert conflicts("The club paid £2.3m.", "The club paid £23m.") == {("number", "£23m", "£2.3m")}
    assert conflicts("It left at 5 p.m.", "It left at 7 p.m.") == {("number", "7 p.m.", "5 p.m.")}


@pytest.mark.parametrize(
    ("premise", "statement", "status"),
    [
        ("The council approved the plan 16 to 15.", "The plan was approved by one vote.", "found"),
        ("The council approved the plan 16 to 15.", "The plan passed by a margin of one vote.", "found"),
        ("The council approved the plan 16 to 14.", "The council approved the plan by one vote.", "missing"),
        ("The price was cut from £50 to £35.", "The price was cut by £15.", "found"),
        ("The price was cut from £50 to £35.", "The price was cut by £20.", "conflict"),
        ("The plan passed by 16 votes to 15.", "The plan was approved by one vote.", "found"),
        ("The council approved the plan 16 to 15.", "The plan passed with a majority of one.", "found"),
        ("Five guards were hurt by two gunmen.", "Five guards were hurt by three gunmen.", "conflict"),
        ("Leeds beat Derby 3-1.", "Leeds beat Derby by two goals.", "found"),
        ("Leeds beat Derby 3-1.", "Leeds beat Derby by three goals.", "missing"),
    ],
)
def test_margins_follow_from_two_numbers(premise: str, statement: str, status: str) -> None:
    assert found(premise, statement, "number")[-1].status == status


@pytest.mark.parametrize(("one", "other"), [("to", "by"), ("by", "to")])
def test_change_is_not_level(one: str, other: str) -> None:
    (slot,) = found(f"The rate rose {one} 25%.", f"The rate rose {other} 25%.", "number")
    assert slot.status == "missing"


@pytest.mark.parametrize(
    ("premise", "statement", "slip"),
    [
        ("The deal is worth $3.2 billion.", "The deal is worth €3.2 billion.", "currency"),
        ("The deal is worth $3.2 billion.", "The deal is worth 3.2 billion euros.", "currency"),
        ("The deal is worth $3.2bn.", "The deal is worth $3.2m.", "scale"),
        ("Some 3 million people fled the country.", "Some 3,000 people fled the country.", "scale"),
        ("The deal is worth $3.2bn.", "The deal is worth €3.2m.", "scale and currency"),
        ("The deal is worth $3.2bn.", "The deal is worth $3.4bn.", ""),
    ],
)
def test_scale_and_currency_slips_name_both_amounts(premise: str, statement: str, slip: str) -> None:
    (slot,) = found(premise, statement, "number", "conflict")
    assert slot.slip == slip
    assert slot.difference is not None
    assert slot.statement.text in slot.difference
    assert slot.premise is not None
    assert slot.premise.text in slot.difference


def test_slip_conflicts_though_little_else_matches() -> None:
    premise = "Acme agreed on Monday to buy its rival Bolt for $3.2 billion in cash, ending months of talks."
    told = conflicts(premise, "The takeover of Bolt by Acme was priced at €3.2 billion.")
    assert ("number", "€3.2 billion", "$3.2 billion") in told
