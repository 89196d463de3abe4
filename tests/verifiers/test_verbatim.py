"""What counts as standing in a premise word for word."""

from __future__ import annotations

import pytest

from harness.verifiers.prediction import verbatim


@pytest.mark.parametrize(
    ("premise", "hypothesis"),
    [
        ("The club paid £5m for him.", "The club paid $5m for him."),
        ("The club paid 5 for him.", "The club paid €5 for him."),
        ("Prices changed by -0.5% in May.", "Prices changed by 0.5% in May."),
        ("Prices changed by −0.5% in May.", "Prices changed by 0.5% in May."),
        ("It fell by 5% in May.", "It fell by 5 in May."),
        ("One in 1.5 was ill.", "One in 1:5 was ill."),
        ("They drove 1.500 miles.", "They drove 1,500 miles."),
        ("Was he guilty of fraud? No.", "Was he guilty of fraud."),
        ("He was guilty of fraud? No, said the court.", "He was guilty of fraud."),
    ],
)
def test_a_mark_that_changes_what_is_said_is_a_difference(premise: str, hypothesis: str) -> None:
    assert not verbatim(premise, hypothesis)
    assert verbatim(premise, premise)


@pytest.mark.parametrize(
    ("premise", "hypothesis"),
    [
        ("He said: “We won’t go – ever.”", 'he said, "We won\'t go - ever"'),
        ("Prices changed by −0.5% in May.", "Prices changed by -0.5% in May!"),
        ("The well-known club paid £1,500.", "The well known club paid £1,500"),
        ("Was he guilty? No.", "Was he guilty?"),
        ("He left - 5 years later.", "He left 5 years later"),
    ],
)
def test_case_and_other_marks_are_no_difference(premise: str, hypothesis: str) -> None:
    assert verbatim(premise, hypothesis)


def test_marks_without_a_word_stand_nowhere() -> None:
    assert not verbatim("How much? 5%.", "?")
