"""What holds for every edit: offsets, order, determinism, and that false versions are false."""

from __future__ import annotations

import numpy as np
import pytest
from builders import project_item

from harness.perturbations import ALL, HARMLESS, edits, false_versions, signature
from harness.text import sentences, words

ITEM = project_item()
SENTENCES = [span.text for reference in ITEM.references for span in sentences(reference.text)]
STATEMENTS = [fact.statement for fact in ITEM.facts]


@pytest.mark.parametrize("text", [*SENTENCES, *STATEMENTS[:20]])
def test_the_spans_are_where_the_texts_differ(text: str) -> None:
    for edit in edits(text, np.random.default_rng(0), context=ITEM.article.text):
        assert edit.text[edit.span.start : edit.span.end] == edit.span.text
        assert text[edit.original.start : edit.original.end] == edit.original.text
        rebuilt = text[: edit.original.start].rstrip() + edit.span.text + text[edit.original.end :].lstrip()
        assert words(rebuilt.replace(" ", "")) == words(edit.text.replace(" ", ""))
        assert words(edit.text) != words(text) or edit.kind in HARMLESS
        assert "  " not in edit.text
        assert edit.text == edit.text.strip()


def test_one_generator_gives_one_result_whatever_else_is_asked_for() -> None:
    text = SENTENCES[0]
    every = edits(text, np.random.default_rng(5), context=ITEM.article.text)
    assert every == edits(text, np.random.default_rng(5), context=ITEM.article.text)
    names = edits(text, np.random.default_rng(5), ["name"], context=ITEM.article.text)
    assert names == [edit for edit in every if edit.kind == "name"]


def test_edits_come_by_kind_at_most_three_of_each() -> None:
    for text in SENTENCES:
        kinds = [edit.kind for edit in edits(text, np.random.default_rng(1), context=ITEM.article.text)]
        assert kinds == sorted(kinds, key=ALL.index)
        assert all(kinds.count(kind) <= 3 for kind in kinds)


def test_edits_of_different_places_come_before_a_second_one_of_a_place() -> None:
    found = edits("On Monday and Tuesday in May they slept.", np.random.default_rng(0), ["date"])
    assert {edit.original.text for edit in found} == {"Monday", "Tuesday", "May"}


def test_false_versions_are_harmful_distinct_and_swapped_values_come_first() -> None:
    for statement in STATEMENTS:
        found = false_versions(statement, np.random.default_rng(0), ITEM.article.text)
        kinds = [edit.kind for edit in found]
        assert not {"paraphrase", "invention"} & set(kinds)
        assert len({edit.text for edit in found}) == len(found) <= 8
        values = [kind in ("number", "date", "name") for kind in kinds]
        assert values == sorted(values, reverse=True)


def test_false_versions_are_limited() -> None:
    statement = "Volodymyr Zelensky asked the US for support during a visit to the UK on February 24, 2022."
    assert len(false_versions(statement, np.random.default_rng(0), ITEM.article.text, limit=2)) == 2


@pytest.mark.parametrize(
    "text", ["", " ", "…", "Yes.", "12345", "ALL CAPS HEADLINE SAYS NOTHING", "Ça va bien?", "a" * 3000]
)
def test_odd_texts_give_edits_or_none_and_no_error(text: str) -> None:
    for edit in edits(text, np.random.default_rng(0), context=text):
        assert edit.text != text


def test_the_signature_names_what_edits_depend_on() -> None:
    parts = dict(part.split(":") for part in signature().split("|")[1:])
    assert list(parts) == ["lists", "lemminflect", "num2words", "spacy", "en-core-web-sm", "code"]
    assert all(parts.values())


def test_a_number_that_no_float_holds_is_left_as_it_is() -> None:
    text = f"The firm lost {'9' * 5000} dollars and 30 men."
    found = edits(text, np.random.default_rng(0), ["number"])
    assert found
    assert all("9" * 5000 in edit.text for edit in found)
