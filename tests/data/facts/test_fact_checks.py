"""Remarks on a fact while it is typed."""

from __future__ import annotations

import pytest

from harness.data.facts import FactEntry
from harness.data.lint import Remark, check_draft
from harness.records import Article, Fact, Span

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


def remarks(key: str, **changes: object) -> list[Remark]:
    """The remarks on one key of the sound draft with changes."""
    draft = SOUND.model_copy(update=changes)
    return [remark for remark in check_draft(draft, ARTICLE, [COUNCIL]) if remark.key == key]


def only(key: str, **changes: object) -> Remark:
    [remark] = remarks(key, **changes)
    return remark


def test_sound_fact_has_only_a_note_on_its_evidence() -> None:
    assert check_draft(SOUND, ARTICLE, [COUNCIL]) == [
        Remark("note", "evidence", "found in paragraph 1", passage=Span(20, 38, "resigned on Monday"))
    ]


def test_empty_draft_lists_what_it_needs() -> None:
    severities = [
        (remark.severity, remark.key)
        for remark in check_draft(FactEntry.model_construct(id="", statement=""), ARTICLE, [])
    ]
    assert severities == [
        ("error", "statement"),
        ("warning", "evidence"),
        ("warning", "contradictions"),
        ("warning", "accepted"),
    ]


def test_repeated_passage_counts_at_its_first_place() -> None:
    assert (
        only("evidence", evidence="resigned").message
        == "found in paragraph 1; it occurs 2 times, and the first place counts"
    )
    assert only("evidence", evidence=" sits on Friday ").message == "found in paragraph 2"


def test_wrong_evidence_shows_the_nearest_passage() -> None:
    """Evidence not in the article is an error that shows the nearest passage."""
    remark = only("evidence", evidence="Nobody nows why")
    assert (remark.severity, remark.passage) == ("error", Span(69, 85, "Nobody knows why"))
    assert TEXT[69:85] == "Nobody knows why"
    far = only("evidence", evidence="Quarterly earnings rose sharply in Tokyo")
    assert (far.severity, far.passage) == ("error", None)


@pytest.mark.parametrize(
    ("statement", "severity"),
    [
        ("the council sits on friday", "error"), ("The council sits on a Friday.", "warning"),
        ("This Friday the council meets.", "warning"),
    ],
)  # fmt: skip  # a table
def test_a_statement_that_repeats_a_fact_names_it(statement: str, severity: str) -> None:
    remark = remarks("statement", statement=statement)[0]
    assert (remark.severity, remark.other) == (severity, "council-sits")


def test_statement_must_be_one_self_contained_sentence() -> None:
    assert "begins with a pronoun" in only("statement", statement="She resigned, to nobody's surprise.").message
    assert (
        only("statement", statement="Ann Lee is gone. Nobody cares.").message == "the statement has several sentences"
    )


def test_taken_or_invalid_id_is_an_error() -> None:
    taken = only("id", id="council-sits")
    assert (taken.severity, taken.other) == ("error", "council-sits")
    assert "without spaces" in only("id", id="mayor resigned").remedy
    assert remarks("id", id="") == []


def test_essential_and_supporting_facts_need_contradictions() -> None:
    assert only("contradictions", contradictions=("The mayor resigned on Tuesday.",)).message == (
        "has 1 contradiction; essential facts need 2"
    )
    assert remarks("contradictions", contradictions=(), importance="detail") == []


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("The mayor resigned on Monday", "is what the fact itself states"),
        ("The council meets this Friday.", "is true: council-sits states it"),
        ("The mayor resigned.", "the article states the false version"),
    ],
)
def test_a_contradiction_that_is_true_is_an_error(version: str, message: str) -> None:
    remark = only("contradictions", contradictions=(version, "The mayor stayed."))
    assert remark.severity == "error"
    assert message in remark.message


@pytest.mark.parametrize("version", ["Friday sits on the council.", "Everybody knows why she resigned."])
def test_a_contradiction_with_the_same_words_in_another_sense_is_no_error(version: str) -> None:
    article = Article("mayor", f"{TEXT}She will never run again.")
    draft = FactEntry(id="a", statement="S.", contradictions=[version, "She will run again."])
    assert [each for each in check_draft(draft, article, []) if each.key == "contradictions"] == []


def test_accepted_wording_must_differ_from_the_statement() -> None:
    assert "is the statement itself" in only("accepted", accepted=("the mayor resigned on Monday",)).message
