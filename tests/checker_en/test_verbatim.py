"""Which hypotheses are verbatim in a premise."""

from __future__ import annotations

import pytest
from timing import growth

from harness.checker_en.verbatim import is_verbatim

LIST = (
    "Motions rejected:\n1. The council will buy the land.\n2. It will sell the depot.\nMotions carried:\nIt will rest."
)


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
        ("The agency rated the bond BBB+.", "The agency rated the bond BBB-."),
        ("The agency rated the bond BBB-.", "The agency rated the bond BBB."),
        ("The drug had no effect (p > 0.05).", "The drug had no effect (p < 0.05)."),
        ("Prices rose by .5% in May.", "Prices rose by 5% in May."),
        ("Sales ↑ 5% on the year.", "Sales ↓ 5% on the year."),
        ("Gluten-free: ✓ Vegan: ✗", "Gluten-free: ✗ Vegan: ✓"),
        ("The critic's rating: ★★★★★", "The critic's rating: ★"),
        ("The balance was (3.2).", "The balance was 3.2."),
        ("The profit was $(3.2) million.", "The profit was $3.2 million."),
        ("He is 6' tall.", 'He is 6" tall.'),
        ("She writes programs in C++.", "She writes programs in C#."),
        ("Was he guilty of fraud? No.", "Was he guilty of fraud."),
        ("He was guilty of fraud? No, said the court.", "He was guilty of fraud."),
        # sentences that depend on the one before them
        ("True or false? Bats are blind. False.", "Bats are blind."),
        (LIST, "The council will buy the land."),
        (LIST, "It will sell the depot."),
        (LIST, "It will rest."),
        ("The committee denied reports that\nthe bridge will close.", "The bridge will close."),
    ],
)
def test_meaningful_punctuation_and_context_are_a_difference(premise: str, hypothesis: str) -> None:
    assert not is_verbatim(premise, hypothesis)
    assert is_verbatim(premise, premise)


@pytest.mark.parametrize(
    ("premise", "hypothesis"),
    [
        ("He said: “We won’t go – ever.”", 'he said, "We won\'t go - ever"'),
        ("Prices changed by −0.5% in May.", "Prices changed by -0.5% in May!"),
        ("The well-known club paid £1,500.", "The well known club paid £1,500"),
        ("Was he guilty? No.", "Was he guilty?"),
        ("He left - 5 years later.", "He left 5 years later"),
        ("“We lost in 2020”, he said…", "'We lost in 2020' he said."),
        ("He (and she) left.", "He, and she, left."),
        ("Mayor opens bridge\nThe mayor opened the bridge.", "The mayor opened the bridge."),
        # sentences that do not depend on the one before them
        ("Bridge to close\n\nThe bridge will close in May.", "The bridge will close in May."),
        ("- The bridge will close\n- The tunnel will open", "The tunnel will open."),
        ("Did he resign? No. He stayed.", "He stayed."),
        ("What was decided:\n- It will rest.\n\nThe mayor left.", "The mayor left."),
    ],
)
def test_case_other_punctuation_and_other_sentences_are_ignored(premise: str, hypothesis: str) -> None:
    assert is_verbatim(premise, hypothesis)


def test_text_without_words_is_not_verbatim() -> None:
    assert not is_verbatim("How much? 5%.", "?")


@pytest.mark.parametrize("signs", ["(", "(,", ":"])
def test_time_grows_linearly_with_a_repeated_sign(signs: str) -> None:
    assert growth(*(lambda n=n: is_verbatim("A.", f"A {signs * n}b\nC.") for n in (1_000, 10_000))) < 5
