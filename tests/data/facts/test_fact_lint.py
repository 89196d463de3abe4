"""Lint finds weak facts, and nothing in sound ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from harness.data import articles
from harness.data.lint import lint_facts
from harness.data.validation import Issue
from harness.errors import DataError
from harness.records import Pair, Probabilities, Verdict
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
    """A verifier that supports a hypothesis if the premise has all its words."""
    found = [set(words(pair.hypothesis)) <= set(words(pair.premise)) for pair in pairs]
    return [Verdict("supported" if has_all else "absent", Probabilities(0, 0, 1), None, "words") for has_all in found]


def lint(folder: Path, facts: str, reference: str = REFERENCE, article: str = ARTICLE) -> list[Issue]:
    (folder / "references").mkdir()
    (folder / "article.md").write_text(article)
    (folder / "facts.yaml").write_text(facts)
    if reference:
        (folder / "references" / "short.md").write_text(reference)
    return lint_facts(articles.read_folder(folder), by_words)


@pytest.mark.parametrize("headline", ["", "The mayor\n\n", "Mayor resigns\n\n"])
def test_sound_facts_have_no_issue_and_a_headline_needs_no_fact(headline: str, tmp_path: Path) -> None:
    """A headline is the title again, or a first line without an end mark."""
    assert lint(tmp_path, SOUND, article=ARTICLE.replace("---\nThe", f"---\n{headline}The")) == []


def test_wrong_evidence_leaves_its_paragraph_uncovered(tmp_path: Path) -> None:
    """Evidence that is not found is an error of its fact, and leaves its paragraph bare."""
    evidence, paragraph = lint(tmp_path, SOUND.replace("sits on Friday\n", "sits on a Friday\n"))[:2]
    assert (evidence.severity, evidence.about, evidence.line) == ("error", "council", 11)
    assert "facts[1].evidence: 'sits on a Friday' is not in the article" in evidence.message
    assert (paragraph.severity, paragraph.file, paragraph.line) == ("warning", str(tmp_path / "article.md"), 6)
    assert paragraph.message == "no fact has its evidence in paragraph 2: The council sits on Friday."


def test_evidence_may_go_on_in_the_next_paragraph(tmp_path: Path) -> None:
    """Neither paragraph is bare, though no paragraph has all of the passage."""
    evidence = '"resigned on Monday.\\n\\nThe council sits"'
    one = SOUND.partition("  - id: council")[0].replace("evidence: The mayor resigned", f"evidence: {evidence}")
    assert lint(tmp_path, one) == []


@pytest.mark.parametrize(
    ("entry", "severity", "about", "message"),
    [
        ("{id: lost}", "error", "", "facts[2].statement: is missing; keys found: id"),
        ("{id: sits, statement: The mayor sits., importance: detail}", "warning", "sits", "has no evidence"),
        (
            "{id: it, statement: The mayor has resigned., importance: detail, evidence: mayor}",
            "warning",
            "it",
            "nearly repeats mayor (similarity 90 of 100): The mayor resigned.",
        ),
    ],
)
def test_weak_entry_is_an_issue(tmp_path: Path, entry: str, severity: str, about: str, message: str) -> None:
    [issue] = [each for each in lint(tmp_path, f"{SOUND}  - {entry}\n") if "reference" not in each.message]
    assert (issue.severity, issue.about, issue.line, issue.message) == (severity, about, 12, message)


def test_uncovered_facts_are_reported_by_importance(tmp_path: Path) -> None:
    mayor, council = lint(tmp_path, SOUND, reference="Nothing happened.")
    fault = "no reference seems to cover this fact"
    assert (mayor.severity, mayor.message) == ("warning", f"{fault} (importance: essential)")
    assert (council.severity, council.message) == ("note", f"{fault} (importance: detail)")


def test_coverage_needs_a_reference(tmp_path: Path) -> None:
    assert lint(tmp_path, SOUND, reference="") == []


def test_unreadable_article_raises(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"short.md:1: the reference is empty"):
        lint(tmp_path, SOUND, reference=" ")
