"""Lint finds weak facts, and nothing in sound ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from harness.data import articles
from harness.data.facts import FactEntry
from harness.data.lint import Issue, check_draft, lint_facts
from harness.records import Article, Fact, Pair, Probabilities, Verdict
from harness.text import words

ARTICLE = """---
title: The mayor
---
The mayor resigned on Monday.

The council sits on Friday.
"""
SOUND = """facts:
  - id: mayor
    statement: The mayor resigned.
    importance: essential
    evidence: The mayor resigned
    accepted: [The mayor resigned on Monday.]
    contradictions: [The mayor stayed., The council resigned yesterday.]
  - id: council
    statement: The council sits on Friday.
    importance: detail
    evidence: sits on Friday
"""
REFERENCE = "The mayor resigned. The council sits on Friday."


def by_words(pairs: Sequence[Pair]) -> list[Verdict]:
    """A verifier that supports a hypothesis if the premise has all its words, unless it knows false versions."""
    found = [not pair.contrasts and set(words(pair.hypothesis)) <= set(words(pair.premise)) for pair in pairs]
    return [Verdict("supported" if has_all else "absent", Probabilities(0, 0, 1), None, "words") for has_all in found]


def lint(folder: Path, facts: str, reference: str = REFERENCE, article: str = ARTICLE) -> list[Issue]:
    (folder / "references").mkdir()
    (folder / "article.md").write_text(article)
    (folder / "facts.yaml").write_text(facts)
    if reference:
        (folder / "references" / "short.md").write_text(reference)
    return lint_facts(articles.read_folder(folder), by_words)


@pytest.mark.parametrize(
    "lines",
    [
        "", "The mayor\n\n", "Mayor resigns\n\n", "谁来？\n日程：\n", "Who sits?\nThe days:\n| Day |\n| :-- |\n",
        "The mayor\n*By Ann Lee and Tom Reed in Hull, with agencies*\n## Why she left, and who may follow her\nNext\n",
    ],
)  # fmt: skip  # more compact
@pytest.mark.parametrize("reference", [REFERENCE, ""])
def test_sound_facts_have_no_issue_and_some_lines_need_no_fact(lines: str, reference: str, tmp_path: Path) -> None:
    """A headline is the title again, or a first line without an end mark."""
    assert lint(tmp_path, SOUND, reference, article=ARTICLE.replace("---\nThe", f"---\n{lines}The")) == []


def test_wrong_evidence_leaves_its_paragraph_without_a_fact(tmp_path: Path) -> None:
    """Evidence that is not found is an error of its fact. All paragraphs without a fact are one issue."""
    article = f"{ARTICLE}\nNobody knows why.\n\nSo The mayor resigned.\n\n| Hull | 34 |\n"
    evidence, paragraph = lint(tmp_path, SOUND.replace("sits on Friday\n", "sits on a Friday\n"), article=article)
    assert (evidence.severity, evidence.about, evidence.line) == ("error", "council", 11)
    assert "facts[1].evidence: 'sits on a Friday' is not in the article" in evidence.message
    assert (paragraph.severity, paragraph.file, paragraph.line) == ("warning", str(tmp_path / "article.md"), 6)
    fault = "no fact has its evidence in paragraphs 2–3 and 5, starting with: The council sits on Friday."
    assert paragraph.message == fault


def test_evidence_may_continue_in_the_next_paragraph(tmp_path: Path) -> None:
    """Both paragraphs then have a fact, although neither has the whole passage."""
    evidence = '"resigned on Monday.\\n\\nThe council sits"'
    one = SOUND.partition("  - id: council")[0].replace("evidence: The mayor resigned", f"evidence: {evidence}")
    assert lint(tmp_path, one) == []


@pytest.mark.parametrize(
    ("entry", "severity", "about", "message"),
    [
        ("{id: lost}", "error", "", "facts[2].statement: is missing; keys found: id"),
        ("{id: sits, statement: The mayor sits., importance: detail}", "warning", "sits", "has no evidence"),
        ("{id: it, statement: The mayor has resigned., importance: detail, evidence: mayor}", "warning", "it",
         "nearly repeats mayor (similarity 90 of 100): The mayor resigned"),
    ],
)  # fmt: skip  # a case a line or two
def test_weak_entry_is_an_issue(tmp_path: Path, entry: str, severity: str, about: str, message: str) -> None:
    [issue] = [each for each in lint(tmp_path, f"{SOUND}  - {entry}\n") if "reference" not in each.message]
    assert (issue.severity, issue.about, issue.line, issue.message) == (severity, about, 12, message)


def test_uncovered_facts_are_reported_by_importance(tmp_path: Path) -> None:
    mayor, council = lint(tmp_path, SOUND, reference="Nothing happened.")
    fault = "no reference seems to cover this fact"
    assert (mayor.severity, mayor.message) == ("warning", f"{fault} (importance: essential)")
    assert (council.severity, council.message) == ("note", f"{fault} (importance: detail)")


@pytest.mark.parametrize(
    ("facts", "reference", "fault"),
    [
        ("facts: [{id: a}]\n", " ", "short.md:1: the reference is empty"),
        ("fact: []\n", REFERENCE, "facts.yaml:1: fact: unknown key; did you mean 'facts'?"),
        ("facts: none\n", REFERENCE, "facts.yaml:1: facts: is 'none'; write a list"),
        ("facts: [{id: a}]\n", REFERENCE, "facts[0].statement: is missing; keys found: id"),
    ],
)
def test_unreadable_file_or_fact_is_the_only_issue(tmp_path: Path, facts: str, reference: str, fault: str) -> None:
    [issue] = lint(tmp_path, facts, reference)
    assert (issue.severity, fault in issue.message) == ("error", True)


TEXT = "The mayor of 1,500, Ann, resigned on Monday.\n\nThe council sits on Friday. Nobody knows why she resigned.\n"
DRAFT_ARTICLE = Article("mayor", TEXT, date="2026-03-02")
COUNCIL = Fact("council-sits", "The council sits on Friday.", accepted=("The council meets this Friday.",))

DRAFT = FactEntry(
    id="mayor-resigned",
    statement="The mayor resigned on Monday.",
    importance="essential",
    evidence="resigned on Monday",
    accepted=["Ann Lee gave up her office on Monday."],
    contradictions=["The mayor resigned on Tuesday.", "The council resigned on Monday."],
)


def list_issues(key: str, **changes: object) -> list[Issue]:
    """List the issues of one key of the sound draft with changes."""
    draft = DRAFT.model_copy(update=changes)
    return [issue for issue in check_draft(draft, DRAFT_ARTICLE, [COUNCIL]) if issue.key == key]


def test_sound_fact_has_only_a_note_on_its_evidence() -> None:
    assert check_draft(DRAFT, DRAFT_ARTICLE, [COUNCIL]) == [Issue("note", "found in paragraph 1", key="evidence")]


def test_empty_draft_lists_what_it_needs() -> None:
    draft = FactEntry.model_construct(id="", statement="")
    severities = [(issue.severity, issue.key) for issue in check_draft(draft, DRAFT_ARTICLE, [])]
    needed = [("warning", "evidence"), ("warning", "contradictions"), ("warning", "accepted")]
    assert severities == [("error", "statement"), *needed]


@pytest.mark.parametrize(
    ("key", "value", "severity", "message"),
    [
        ("evidence", "resigned", "note", "found in paragraph 1; it occurs 2 times, and the first one counts"),
        ("evidence", " sits on Friday ", "note", "found in paragraph 2"),
        ("evidence", "Nobody nows why", "error", "(the nearest passage is 'Nobody knows why')"),
        ("statement", "the council sits on friday", "error", "council-sits already says the same"),
        ("statement", "The council sits on a Friday.", "warning", "nearly repeats council-sits"),
        ("statement", "This Friday the council meets.", "warning", "nearly repeats council-sits"),
        ("statement", "On 2 March 2026, 3.5 of the 1500 resigned.", "warning", "have this number: 3.5"),
        ("statement", "She resigned, to nobody's surprise.", "warning", "the statement begins with a pronoun"),
        ("statement", "Ann Lee is gone. Nobody cares.", "warning", "the statement has several sentences"),
        ("statement", "She’s gone, to nobody's surprise.", "warning", "the statement begins with a pronoun"),
        ("id", "council-sits", "error", "'council-sits' already exists"),
        ("id", "mayor resigned", "error", "'mayor resigned' is not a valid name"),
        ("contradictions", ["The mayor resigned on Tuesday."], "warning", "has 1 contradiction; essential facts need"),
        ("accepted", ["the mayor resigned on Monday"], "warning", "is the statement itself"),
    ],
)
def test_weak_value_is_an_issue(key: str, value: object, severity: str, message: str) -> None:
    issue = list_issues(key, **{key: value})[0]
    assert issue.severity == severity
    assert message in issue.message
    assert issue.other == ("council-sits" if "council-sits" in message else "")


def test_detail_needs_no_contradictions_a_new_fact_no_id_and_a_quotation_no_name() -> None:
    assert list_issues("contradictions", contradictions=[], importance="detail") == []
    assert list_issues("id", id="") == []
    assert list_issues("statement", statement="“I quit,” Ann Lee said.") == []
    assert list_issues("statement", statement="IT firms grow.") == []


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("The mayor resigned on Monday", "is true: the fact itself states it"),
        ("The council meets this Friday.", "is true: council-sits states it"),
        ("The mayor resigned.", "the article states the false version"),
        ("The mayor of 1,500 resigned.", "the article states the false version"),
    ],
)
def test_contradiction_that_is_true_is_an_error(version: str, message: str) -> None:
    [issue] = list_issues("contradictions", contradictions=[version, "The mayor stayed."])
    assert (issue.severity, message in issue.message) == ("error", True)


@pytest.mark.parametrize("version", ["Friday sits on the council.", "Everybody knows why she resigned.", "It fell 3%."])
def test_contradiction_with_the_same_words_in_another_sense_is_not_an_error(version: str) -> None:
    article = Article("mayor", f"{TEXT}She will never run again. It fell 3.5% from 9%.")
    draft = FactEntry(id="a", statement="S.", contradictions=[version, "She will run again.", "It fell 9%."])
    assert [each for each in check_draft(draft, article, []) if each.key == "contradictions"] == []


def test_pronouns_and_negations_are_those_of_english() -> None:
    article = Article("a", "I sindaci non hanno firmato. Piove.", language="it-IT")
    draft = FactEntry(id="a", statement="I sindaci tacciono.", contradictions=["I sindaci hanno firmato.", "piove"])
    found = [issue for issue in check_draft(draft, article, []) if issue.key in ("statement", "contradictions")]
    assert [issue.message for issue in found] == ["the article states the false version 'piove'"]
