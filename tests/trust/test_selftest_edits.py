"""What a self-test does to references and facts, and which facts an edit must have made false."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from builders import item, verdict

from harness.records import Article, Fact, Item, Pair, Reference, Verdict
from harness.text import sentences
from harness.trust.selftest import corrupt
from harness.trust.selftest.versions import ReferenceEdits, Version, touches, versions

ARTICLE = "Ann Bell said the mill will close in May. Tom Reed said it will stay open. The mill employs 90 people."
REFERENCE = (
    "- Ann Bell said the mill will close in May.\n- Tom Reed said it will stay open.\n- The mill employs 90 people."
)
FACTS = (
    Fact("closes", "The mill will close in May.", "essential"),
    Fact("size", "The mill employs 90 people.", "detail"),
)


def mill(reference: str = REFERENCE) -> Item:
    return Item(Article("mill", ARTICLE), (Reference("r", reference),), FACTS)


def made(item: Item, each: int) -> list[Version]:
    """Every version of its references."""
    rng = np.random.default_rng(0)
    return [
        version
        for reference in item.references
        for version in versions(
            ReferenceEdits(item, reference, corrupt.of_reference(item, reference, rng, each)), by_words, each
        )
    ]


def by_words(pairs: Sequence[Pair]) -> list[Verdict]:
    """Supported where every word of the hypothesis stands in the premise."""
    return [
        verdict("supported" if set(pair.hypothesis.strip(".").split()[1:]) <= set(pair.premise.replace(".", "").split())
                else "absent")
        for pair in pairs
    ]  # fmt: skip  # one verdict a pair


def test_a_dropped_sentence_takes_its_bullet_along() -> None:
    first, second, third = sentences(REFERENCE)
    assert corrupt.without(REFERENCE, second) == f"- {first.text}\n- {third.text}"
    assert corrupt.without("One. Two. Three.", sentences("One. Two. Three.")[1]) == "One. Three."
    assert corrupt.without("One.\n\nTwo.", sentences("One.\n\nTwo.")[0]) == "Two."


def test_one_sentence_is_changed_and_the_others_stay() -> None:
    found = corrupt.of_reference(mill(), mill().references[0], np.random.default_rng(0), each=2)
    assert found
    whole = [span.text for span in sentences(REFERENCE)]
    for change in found:
        if change.kind == "speakers":
            continue
        [before], [after] = change.before, change.after
        assert change.text == REFERENCE.replace(before, after)
        assert before in whole
    assert all(sum(other.kind == change.kind for other in found) <= 2 for change in found)


def test_speakers_are_exchanged_over_sentences() -> None:
    [change] = [
        change
        for change in corrupt.of_reference(mill(), mill().references[0], np.random.default_rng(0), each=3)
        if change.kind == "speakers"
    ]
    assert change.after == ("Tom Reed said the mill will close in May.", "Ann Bell said it will stay open.")
    assert change.before == ("Ann Bell said the mill will close in May.", "Tom Reed said it will stay open.")


def test_a_speaker_who_is_named_twice_is_not_exchanged_with_himself() -> None:
    text = "Volodymyr Zelensky said it works. Zelensky said it helps."
    found = corrupt.of_reference(mill(text), mill(text).references[0], np.random.default_rng(0), each=1)
    assert "speakers" not in {change.kind for change in found}


def test_the_words_beside_an_insertion_are_those_it_touches() -> None:
    [sentence] = sentences("The plan will pass.")
    [edit] = [
        edit
        for edit in corrupt.of_fact(mill(), Fact("f", sentence.text), np.random.default_rng(0), each=1)
        if edit.kind == "negation"
    ]
    assert edit.text == "The plan will not pass."
    assert corrupt.altered(edit, sentence) == "will pass."


def test_a_reference_is_not_held_against_itself() -> None:
    """The intact reference comes first, and no version is held against the reference that it was made of."""
    found = made(mill(), each=1)
    assert found[0].change is None
    assert found[0].summary.text == REFERENCE
    assert all(version.summary.generation.reference_id == "r" for version in found)
    assert len({version.summary.place for version in found}) == len(found)


def test_a_fact_that_two_sentences_carry_depends_on_neither() -> None:
    twice = "The mill employs 90 people. It is true that the mill employs 90 people. The mill will close in May."
    [whole, *_] = made(mill(twice), each=1)
    assert {fact for facts in whole.carried.values() for fact in facts} == {"closes"}


def test_only_sentences_with_an_essential_fact_are_dropped() -> None:
    dropped = [version.change for version in made(mill(), each=5) if version.kind == "dropped fact"]
    assert [change and change.before for change in dropped] == [("Ann Bell said the mill will close in May.",)]


def test_without_references_there_is_no_version() -> None:
    assert made(item("A text."), each=1) == []


def test_which_facts_an_edit_touches() -> None:
    """An edit touches the facts near to its sentence, and those that have its words."""
    facts = (
        *FACTS,
        Fact("guests", "The inn has forty guests and two cooks."),
        Fact("staff", "The mill employs 70 people.", contradictions=("It has 90 cooks.",)),
    )
    text = "The mill will close in May. It employs 90 people. The inn has forty guests. The inn has two cooks."
    change = corrupt.Corrupted("number", "", ("It employs 90 people.",), ("It employs 95 people.",), "90")
    found = {fact.id for fact in facts if touches(change, text, fact)}
    assert found == {"size", "staff"}
