from __future__ import annotations

from asking import answer, request
from builders import case, item

from harness.models.human import Human

TWO = item("An article.", {"deck": "A deck.", "long": "A long one.\n\nWith a second paragraph."})


def test_each_reference_is_a_verbatim_sample() -> None:
    assert Human().samples_for(TWO) == 2
    made = [answer(Human(), request(TWO, sample)) for sample in range(2)]
    assert [one.text for one in made] == ["A deck.", "A long one.\n\nWith a second paragraph."]
    assert [one.reference_id for one in made] == ["deck", "long"]


def test_sample_is_scored_against_the_other_references() -> None:
    made = answer(Human(), request(TWO, 1))
    assert [reference.id for reference in case(made, TWO).references] == ["deck"]


def test_missing_references_are_a_reason() -> None:
    bare = item("An article.")
    assert Human().samples_for(bare) == 1
    made = answer(Human(), request(bare))
    assert (made.text, made.reason, made.finish) == (None, "the article has no reference", "none")
