"""Conflicts between the numbers of a premise and of a statement."""

from __future__ import annotations

import pytest
from english_sentences import conflicts, found


@pytest.mark.parametrize(
    ("premise", "compatible", "conflicting"),
    [
        # bounds
        ("More than 100 houses burnt.", "More than 100 houses burnt.", "At least 150 houses burnt."),
        ("Some 34 people were injured.", "More than 20 people were injured.", "More than 40 people were injured."),
        ("Some 34 people were injured.", "Fewer than 100 people were injured.", "Fewer than 30 people were injured."),
        ("Some 34 people were hurt.", "Not more than 40 people were hurt.", "Not more than 30 people were hurt."),
        ("Some 34 people were hurt.", "Not fewer than 30 people were hurt.", "Not fewer than 40 people were hurt."),
        (
            "At least 12 people were killed.",
            "More than five people were killed.",
            "Fewer than five people were killed.",
        ),
        ("Bake it for 25-30 minutes.", "Bake it for at least 25 minutes.", "Bake it for more than 30 minutes."),
        # rounding
        ("The test was 98% accurate.", "The test was nearly 100% accurate.", "The test was 100% accurate."),
        ("Fifty-one senators voted for it.", "Some 50 senators voted for it.", "Fifty senators voted for it."),
        ("The bag costs $4.52 billion.", "The bag costs $4.5 billion.", "The bag costs $4.6 billion."),
        ("He won 67.4% of the vote.", "He won 67% of the vote.", "He won 68% of the vote."),
        ("He died aged 82.", "He died aged 82.", "He died aged 80."),
        ("Sales were $98.6 billion.", "Sales were $98 billion.", "Sales were $97 billion."),
        # changes and levels
        ("Net profit fell to $310m from $402m.", "Net profit fell by $92m.", "Net profit fell to $92m."),
        ("Membership grew from 200 to 350.", "Membership grew by 150.", "Membership grew to 150."),
        # signs and leading points
        ("Temperatures dropped to -12C.", "Temperatures dropped to about -12.3C.", "Temperatures dropped to 12C."),
        ("Temperatures dropped to -12C.", "It was twelve below zero.", "Temperatures dropped to 12C."),
        ("Unemployment rose by .5% in May.", "Unemployment rose by 0.5% in May.", "Unemployment rose by 5% in May."),
        # currencies
        ("Losses were A$20 million.", "Losses were 20 million Australian dollars.", "Losses were US$20 million."),
        ("The phone costs 999 US dollars.", "The phone costs $999.", "The phone costs €999."),
        ("The phone costs US$999.", "The phone costs 999 dollars.", "The phone costs A$999."),
        ("The phone costs $999.", "The phone costs US$999.", "The phone costs US$99."),
        ("It cost US$20 million.", "It cost 20 million American dollars.", "It cost A$20 million."),
        ("It cost 20 million UK pounds.", "It cost 20 million British pounds.", "It cost 20 million Egyptian pounds."),
        ("It cost NT$20 million.", "It cost 20 million Taiwan dollars.", "It cost HK$20 million."),
    ],
)
def test_only_an_incompatible_number_conflicts(premise: str, compatible: str, conflicting: str) -> None:
    assert conflicts(premise, compatible) == set()
    assert {kind for kind, *_ in conflicts(premise, conflicting)} == {"number"}


@pytest.mark.parametrize(
    ("premise", "statement"),
    [
        ("The club paid £23million for the striker.", "The club paid $31million for the striker."),
        ("At least 150 houses burnt.", "More than 100 houses burnt."),
        ("The couple met in Perth in 2011.", "Both met in Perth in 2011."),
        ("Growth was -0.5% in May.", "The economy shrank by 0.5% in May."),
        ("The margin of error is plus or minus 3 points.", "The margin of error is 3 points."),
    ],
)
def test_compatible_numbers_do_not_conflict(premise: str, statement: str) -> None:
    assert conflicts(premise, statement) == set()


SCORE = "Arsenal beat Chelsea 3-1, with Saka scoring two goals."


@pytest.mark.parametrize(
    ("premise", "statement", "stated", "expected"),
    [
        ("The club paid £23million for him.", "The club paid $23million for him.", "$23million", "£23million"),
        ("Between 20 and 30 men were arrested.", "Some 45 men were arrested.", "45", "20 and 30"),
        (
            "Homes worth more than £2 million are taxed.",
            "Homes worth more than £1 million are taxed.",
            "£1 million",
            "",
        ),
        ("It bans firms with fewer than 50 workers.", "It bans firms with fewer than 250 workers.", "250", ""),
        (SCORE, "Arsenal beat Chelsea 4-2.", "4-2", "3-1"),
        (SCORE, "Arsenal beat Chelsea 3-2.", "3-2", "3-1"),
        ("The club paid £2.3m.", "The club paid £23m.", "£23m", "£2.3m"),  # without the full stop
        ("It left at 5 p.m.", "It left at 7 p.m.", "7 p.m.", "5 p.m."),
    ],
)
def test_conflict_names_both_numbers(premise: str, statement: str, stated: str, expected: str) -> None:
    [(kind, ours, theirs)] = conflicts(premise, statement)
    assert (kind, ours) == ("number", stated)
    assert theirs == expected or not expected


def test_difference_says_both_numbers() -> None:
    premise = "Koirala has a home to 425 young women and girls. Basnet cares for 45 children."
    (slot,) = found(premise, "Koirala has a home to 45 young women and girls.", "number")
    assert slot.status == "conflict"
    assert slot.difference == "the premise says 425 where the statement says 45"


LEADERS = "Leaders from France, Germany, Spain, Poland and the Netherlands met."


@pytest.mark.parametrize(
    ("premise", "statement", "status"),
    [
        # counted from a list, or implied by the subject
        (LEADERS, "Leaders from five countries met.", "found"),
        (LEADERS, "Leaders from four countries met.", "missing"),
        ("The couple met in Perth.", "Two people met in Perth.", "found"),
        ("The ceremony was moving.", "The ceremony was seen by 80 guests.", "missing"),
        (SCORE, "Arsenal scored three goals.", "found"),
        (SCORE, "Chelsea lost 3-1.", "found"),
        # a change is not a level
        ("The rate rose to 25%.", "The rate rose by 25%.", "missing"),
        ("The rate rose by 25%.", "The rate rose to 25%.", "missing"),
        # margins follow from two numbers
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
def test_status_of_a_number(premise: str, statement: str, status: str) -> None:
    assert found(premise, statement, "number")[-1].status == status


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
    assert slot.premise is not None
    assert slot.statement.text in (slot.difference or "")
    assert slot.premise.text in (slot.difference or "")


def test_slip_conflicts_though_little_else_matches() -> None:
    premise = "Acme agreed on Monday to buy its rival Bolt for $3.2 billion in cash, ending months of talks."
    named = conflicts(premise, "The takeover of Bolt by Acme was priced at €3.2 billion.")
    assert ("number", "€3.2 billion", "$3.2 billion") in named
