"""Suggested facts that a run takes for articles without any: what is written, where, and how it counts."""

from __future__ import annotations

from pathlib import Path

import pytest
import viewing
from command_line import harness

from harness import pipeline
from harness.data.articles import find_article
from harness.data.facts import edit as facts_edit


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of two articles, of which ``bridge`` has facts and ``flood`` has none; the working directory."""
    viewing.write_articles(tmp_path)
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "small.yaml").write_text(viewing.CONFIG, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_run_suggests_facts_for_articles_without_any(project: Path) -> None:
    """They are written beside the article and marked; the report counts them, and says that nobody reviewed them."""
    found = harness("run", "configs/small.yaml", "--suggest-facts", "2")
    assert found.exit_code == 0
    facts = find_article("flood", project / "references").facts.require()
    assert [(fact.statement, fact.unreviewed) for fact in facts] == [
        ("The river Alda rose three metres on Friday.", True),
        ("Forty houses were emptied.", True),
    ]
    assert "wrote 2 suggested facts for 1 article" in found.stderr
    assert "2 of 4 facts are unreviewed suggestions." in " ".join(found.stdout.split())


def test_facts_that_are_there_are_left_as_they_are(project: Path) -> None:
    """So a second run suggests nothing, and computes nothing."""
    harness("run", "configs/small.yaml", "--suggest-facts", "2", "-q")
    bridge, flood = (project / "references" / name / "facts.yaml" for name in ("bridge", "flood"))
    before = flood.read_text("utf-8")
    assert harness("run", "configs/small.yaml", "--suggest-facts", "2").stderr == ""
    assert (bridge.read_text("utf-8"), flood.read_text("utf-8")) == (viewing.FACTS, before)


def test_accepted_fact_loses_its_mark_in_the_report(project: Path) -> None:
    """The next run rewrites the report, though no verdict changes."""
    harness("run", "configs/small.yaml", "--suggest-facts", "1", "-q")
    folder = find_article("flood", project / "references")
    assert folder.article
    facts_edit.edit(folder.facts_path, folder.facts.facts[0].id, {"unreviewed": None}, folder.article)
    assert harness("run", "configs/small.yaml", "-q").exit_code == 0
    assert "unreviewed" not in (project / "results" / "small" / "report.md").read_text("utf-8")
    assert not any(fact.unreviewed for item in pipeline.read(Path("results/small")).items for fact in item.facts)


def test_articles_in_a_file_are_refused_with_the_command(project: Path) -> None:
    Path("references/more.jsonl").write_text('{"id": "storm", "text": "A storm hit Lyd on Sunday."}\n', "utf-8")
    found = harness("run", "configs/small.yaml", "--set", "articles=references/more.jsonl", "--suggest-facts", "2")
    assert found.exit_code == 2
    assert "harness articles import references/more.jsonl -o FOLDER" in found.stderr
    assert not Path("results").exists()
