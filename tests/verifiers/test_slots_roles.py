"""Who does what to whom: exchanged parts, and what is no exchange."""

from __future__ import annotations

import pytest
from slots_helpers import conflicts


def kinds(premise: str, statement: str) -> set[str]:
    return {kind for kind, _, _ in conflicts(premise, statement)}


@pytest.mark.parametrize(
    ("premise", "statement"),
    [
        ("Ukraine attacked Russia.", "Russia attacked Ukraine."),
        ("Ukraine was attacked by Russia.", "Russia was attacked by Ukraine."),
        ("Ukraine attacked Russia.", "Ukraine was attacked by Russia."),
        ("Donald Trump disliked Anna Brown's approach.", "Anna Brown disliked Donald Trump's approach."),
        ("Kevin Pietersen scored 170 runs for Surrey.", "Surrey scored 170 runs for Kevin Pietersen."),
        ("Eamon Sullivan proposed to Naomi Bass.", "Naomi Bass proposed to Eamon Sullivan."),
        ("Mila Kunis answered Kristina Karo's accusations.", "Kristina Karo answered Mila Kunis's accusations."),
        ("Amy Gray said Luke Brown was tired.", "Luke Brown said Amy Gray was tired."),
        ("Anna Brown told Tom White to leave.", "Tom White told Anna Brown to leave."),
        (
            "Trump challenged Zelensky to make a deal, while Vance called Zelensky's approach ungrateful.",
            "Zelensky called Vance's approach ungrateful.",
        ),
    ],
)
def test_exchanged_parts_are_a_conflict(premise: str, statement: str) -> None:
    assert kinds(premise, statement) == {"role"}


@pytest.mark.parametrize(
    ("premise", "statement"),
    [
        (
            "As Zelensky continued his visit, he met Keir Starmer, who assured him of unwavering support.",
            "Zelensky assured Keir Starmer of unwavering support.",
        ),
        (
            "The Kremlin dismissed Zelensky's visit, accusing the Ukrainian leader of prolonging the war.",
            "Zelensky accused the Kremlin of prolonging the war.",
        ),
        (
            "Vance's accusation of disrespect toward Zelensky soured the atmosphere.",
            "Zelensky accused Vance of disrespect.",
        ),
        (
            "Trump remarked that the Ukrainian president, Zelensky, had overplayed his hand.",
            "Zelensky said Trump had overplayed his hand.",
        ),
    ],
)
def test_who_is_meant_by_another_word_is_exchanged_where_what_is_done_is_the_same(premise: str, statement: str) -> None:
    assert kinds(premise, statement) == {"role"}


@pytest.mark.parametrize(
    ("premise", "statement"),
    [
        ("Ukraine was attacked by Russia.", "Russia attacked Ukraine."),
        ("Trump met Zelensky.", "Zelensky met Trump."),
        ("Ronaldo linked up with Benzema.", "Benzema linked up with Ronaldo."),
        ("The film that Rockwell made was praised by critics.", "Critics praised the film."),
        ("He was watched by Liverpool and Newcastle.", "He was watched by Newcastle and Liverpool."),
        ("Russia attacked Ukraine. Ukraine attacked Russia in return.", "Ukraine attacked Russia."),
        ("Volodymyr Zelensky asked the US to stand firmly.", "Zelensky said the US should stand firmly."),
        (
            "Zelensky insists that a deal must have guarantees, while Trump says he must voice a desire for peace.",
            "Trump insisted that Zelensky must voice a desire for peace.",
        ),
    ],
)
def test_what_both_do_and_what_both_did_is_no_exchange(premise: str, statement: str) -> None:
    assert "role" not in kinds(premise, statement)


@pytest.mark.parametrize(
    ("premise", "statement", "said"),
    [
        (
            "Trump challenged Zelensky to reach a deal, while Vance characterized Zelensky's approach as ungrateful.",
            "Donald Trump characterized Volodymyr Zelensky's approach as ungrateful.",
            "Vance",
        ),
        (
            "As Vance stressed the need for diplomacy, Zelensky questioned the ceasefire.",
            "Zelensky stressed the need for diplomacy.",
            "Vance",
        ),
    ],
)
def test_who_is_in_the_sentence_but_has_another_part_is_not_who_did_it(premise: str, statement: str, said: str) -> None:
    assert ("name", said) in {(kind, there) for kind, _, there in conflicts(premise, statement)}


def test_who_is_compared_from_the_other_side_is_not_exchanged() -> None:
    premise = "Ford sold 1.9 million vehicles in 2022, fewer than GM's 2.3 million."
    assert conflicts(premise, "GM sold more vehicles than Ford in 2022.") == set()
    assert {kind for kind, *_ in conflicts(premise, "GM sold fewer vehicles than Ford in 2022.")} == {"role"}
    both = "Ford sold more petrol cars and fewer electric cars than GM."
    assert {kind for kind, *_ in conflicts(both, "GM sold more petrol cars than Ford.")} == {"role"}
