"""The findings of a premise and a statement."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.checker_en.compare import Finding
from harness.checker_en.findings import Findings, findings
from harness.records import Pair, Span

WORDS = [
    "The",
    "deal",
    "was",
    "not",
    "signed",
    "in",
    "2022",
    "Zelensky",
    "met",
    "5",
    "£2m",
    '"',
    "May",
    ".",
    "日",
    "😀",
]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join) | st.text(max_size=40)


def span(text: str) -> Span:
    return Span(0, len(text), text)


@settings(deadline=None, max_examples=30)
@given(TEXTS, TEXTS)
def test_findings_are_slices_of_their_texts(premise: str, statement: str) -> None:
    (found,) = findings([Pair(premise, statement)])
    assert 0 <= found.coverage <= 1
    for slot in found.slots:
        assert statement[slot.statement.start : slot.statement.end] == slot.statement.text
        assert slot.premise is None or premise[slot.premise.start : slot.premise.end] == slot.premise.text
        assert 0 <= slot.strength <= 1


def test_missing_value_has_no_counterpart() -> None:
    found = Findings((Finding("name", "missing", 0.2, span("Macron"), span("Trump")),), 1, None)
    assert [(each.kind, each.stated, each.found) for each in found.values] == [("name", "Macron", None)]


def test_only_conflicts_of_one_sentence_are_named() -> None:
    premise = "The council rejected the plan by 16 votes to 15 on Monday. Some 300 people watched the vote in Leeds."
    (found,) = findings([Pair(premise, "The council rejected the plan by 26 votes to 15, and 900 people watched it.")])
    assert found.conflicting is not None
    assert {each.found.text for each in found.values if each.found} <= set(found.conflicting.text.split()) | {
        "16 votes"
    }


def test_evidence_is_the_sentence_that_shares_the_most() -> None:
    (found,) = findings([Pair("It rained. The mayor of Leeds opened a bridge. All left.", "A bridge was opened.")])
    assert found.evidence is not None
    assert found.evidence.text == "The mayor of Leeds opened a bridge."


def test_long_premise_is_searched_to_its_end() -> None:
    premise = "The committee met on Monday and agreed on fish. " * 800 + "The treaty was signed in Vienna."
    (found,) = findings([Pair(premise, "The treaty was signed in Vienna.")])
    assert found.evidence is not None
    assert found.evidence.end == len(premise)


def test_look_alike_letters_and_invisible_characters_are_ignored() -> None:
    (found,) = findings(
        [Pair("Zеlеnsky met Trumр in Zel\u200bensk.", "Zelensky met Trump in Zelensk.")]
    )  # Cyrillic е, р
    assert found.coverage == 1.0
