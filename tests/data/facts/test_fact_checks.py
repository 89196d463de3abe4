"""The issues that the form for a fact shows while you type."""

from __future__ import annotations

import pytest

from harness.data.facts import FactEntry
from harness.data.lint import check_draft
from harness.data.validation import Issue
from harness.records import Article, Fact

TEXT = "The mayor, Ann Lee, resigned on Monday.\n\nThe council sits on Friday. Nobody knows why she resigned.\n"
ARTICLE = Article("mayor", TEXT)
COUNCIL = Fact("council-sits", "The council sits on Friday.", accepted=("The council meets this Friday.",))

SOUND = FactEntry(
    id="mayor-resigned",
    statement="The mayor resigned on Monday.",
    importance="essential",
    evidence="resigned on Monday",
    accepted=["Ann Lee gave up her office on Monday."],
    contradictions=["The mayor resigned on Tuesday.", "The council resigned on Monday."],
)


def remarks(key: str, **changes: object) -> list[Issue]:
    """The remarks on one key of the sound draft with changes."""
    draft = SOUND.model_copy(update=changes)
    return [remark for remark in check_draft(draft, ARTICLE, [COUNCIL]) if remark.key == key]


def test_sound_fact_has_only_a_note_on_its_evidence() -> None:
    assert check_draft(SOUND, ARTICLE, [COUNCIL]) == [Issue("note", "found in paragraph 1", key="evidence")]


def test_empty_draft_lists_what_it_needs() -> None:
    draft = FactEntry.model_construct(id="", statement="")
    severities = [(remark.severity, remark.key) for remark in check_draft(draft, ARTICLE, [])]
    needed = [("warning", "evidence"), ("warning", "contradictions"), ("warning", "accepted")]
    assert severities == [("error", "statement"), *needed]


@pytest.mark.parametrize(
    ("key", "value", "severity", "message"),
    [
        ("evidence", "resigned", "note", "found in paragraph 1; it occurs 2 times, and the first place counts"),
        ("evidence", " sits on Friday ", "note", "found in paragraph 2"),
        ("statement", "the council sits on friday", "error", "council-sits already says the same"),
        ("statement", "The council sits on a Friday.", "warning", "nearly repeats council-sits"),
        ("statement", "This Friday the council meets.", "warning", "nearly repeats council-sits"),
        ("statement", "She resigned, to nobody's surprise.", "warning", "the statement begins with a pronoun"),
        ("statement", "Ann Lee is gone. Nobody cares.", "warning", "the statement has several sentences"),
        ("id", "council-sits", "error", "'council-sits' exists already"),
        ("id", "mayor resigned", "error", "'mayor resigned' is not a valid name"),
        (
            "contradictions",
            ["The mayor resigned on Tuesday."],
            "warning",
            "has 1 contradiction; essential facts need 2",
        ),
        ("accepted", ["the mayor resigned on Monday"], "warning", "is the statement itself"),
    ],
)
def test_weak_value_has_a_remark(key: str, value: object, severity: str, message: str) -> None:
    remark = remarks(key, **{key: value})[0]
    assert remark.severity == severity
    assert message in remark.message
    assert remark.other == ("council-sits" if "council-sits" in message else "")


def test_wrong_evidence_shows_the_nearest_passage() -> None:
    [near] = remarks("evidence", evidence="Nobody nows why")
    assert (near.severity, near.message.partition(" (")[2]) == ("error", "the nearest passage is 'Nobody knows why')")
    [far] = remarks("evidence", evidence="Quarterly earnings rose sharply in Tokyo")
    assert (far.severity, far.message.partition("; ")[2]) == ("error", "copy the passage word for word")


def test_detail_needs_no_contradictions_and_a_new_fact_no_id() -> None:
    assert remarks("contradictions", contradictions=[], importance="detail") == []
    assert remarks("id", id="") == []


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("The mayor resigned on Monday", "is what the fact itself states"),
        ("The council meets this Friday.", "is true: council-sits states it"),
        ("The mayor resigned.", "the article states the false version"),
    ],
)
def test_a_contradiction_that_is_true_is_an_error(version: str, message: str) -> None:
    [remark] = remarks("contradictions", contradictions=[version, "The mayor stayed."])
    assert remark.severity == "error"
    assert message in remark.message


@pytest.mark.parametrize("version", ["Friday sits on the council.", "Everybody knows why she resigned."])
def test_a_contradiction_with_the_same_words_in_another_sense_is_no_error(version: str) -> None:
    article = Article("mayor", f"{TEXT}She will never run again.")
    draft = FactEntry(id="a", statement="S.", contradictions=[version, "She will run again."])
    assert [each for each in check_draft(draft, article, []) if each.key == "contradictions"] == []
