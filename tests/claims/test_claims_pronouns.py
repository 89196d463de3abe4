"""Pronouns are replaced by the names they stand for where one name only can be meant, and else left alone."""

from __future__ import annotations

import pytest
from test_claims import split


@pytest.mark.parametrize(
    ("summary", "last"),
    [
        ("Christine Davidson lost her battle to cancer. Her ring was stolen.", "Christine Davidson's ring was stolen."),
        ("Phil Smith fell from a fence. He died in hospital.", "Phil Smith died in hospital."),
        ("Mary Hill married Paul Hill in 1990. She died in May.", "Mary Hill died in May."),
        ("Phil Smith fell from a fence. Smith was 25. He died.", "Phil Smith died."),
        ("Anna Bell and Paul Reed met in Rome. They married in 2010.", "Anna Bell and Paul Reed married in 2010."),
        ("Microsoft bought the firm in May. It paid $2 billion.", "Microsoft paid $2 billion."),
        # He who is meant once may be meant again, three sentences on.
        ("Phil Smith fell. He lay there. He cried. He left.", "Phil Smith left."),
    ],
)
def test_one_who_may_be_meant_is_named(summary: str, last: str) -> None:
    assert split(summary)[-1] == last


@pytest.mark.parametrize(
    "summary",
    [
        "Phil Smith met Paul Reed in Rome. Her car was stolen.",  # nobody fits
        "Phil Smith hit the driver. The driver fell. He died in hospital.",  # the driver may be meant
        "Microsoft bought the firm in May. It emerged that nobody was told.",  # stands for nothing
        "the actor met paul in rome . it rained .",
        "Paul Reed lied. He said Darth Vader listens to rap. He said it is good.",  # either may be meant
        "Mona Quill was there. Has a BA in Creative Writing. She works as a coach.",  # no name of a person
        "Cuban Bikini Babe Kathy Ferreiro, 21, is vying to steal Kim Kardashian's crown. She is rich.",  # no sure name
        "Lindsay Sandiford fears it. Andrew Chan, 31, and Myuran Sukumaran, 33, were executed. She was sentenced.",
        'Phil Smith fell. "He was a lovely lad," said a neighbour.',  # the speaker's own
    ],
)
def test_doubt_leaves_the_pronoun(summary: str) -> None:
    final = split(summary)[-1]
    assert summary.endswith(final)


def test_one_name_cannot_be_a_man_and_a_woman() -> None:
    summary = "Jordan Xu was sold in May. He ran away. She was found."
    assert split(summary) == ["Jordan Xu was sold in May.", "He ran away.", "She was found."]


def test_within_its_own_claim_a_pronoun_is_clear() -> None:
    assert split("Phil Smith lost his keys.") == ["Phil Smith lost his keys."]


def test_a_clause_cut_off_from_its_name_gets_it() -> None:
    assert split("Phil Smith resigned because he was ill.") == [
        "Phil Smith resigned.",
        "Phil Smith resigned because he was ill.",
        "Phil Smith was ill.",
    ]
