"""A council approves a plan by 16 votes to 15, and a summary says that it was voted down: by the run as it is made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness import config as configs
from harness import pipeline
from harness.document import terminal
from harness.document.blocks import Document
from harness.document.medium import TERMINAL
from harness.report.document import as_markdown
from harness.report.findings import findings
from harness.report.links import Links
from harness.report.report import report

ARTICLE = """---
title: Council approves tram
---

The council approved the tram by 16 votes to 15 on Monday. The line will cost 40 million pounds.
"""
FACTS = """facts:
  - id: approved
    statement: The council approved the tram by 16 votes to 15.
    importance: essential
    kind: number
    contradictions: ["The council rejected the tram."]
  - id: cost
    statement: The line will cost 40 million pounds.
    importance: essential
    kind: number
"""
REJECTED = "The council rejected the tram by 16 votes to 15."
VOTED_DOWN = "The tram was voted down by 16 votes to 15."


@pytest.mark.parametrize(("verifier", "wrong"), [("entailment", REJECTED), ("entailment", VOTED_DOWN)])
def test_the_sentence_stands_under_wrong_and_the_fact_as_contradicted(
    verifier: str, wrong: str, tmp_path: Path
) -> None:
    article = tmp_path / "references" / "tram"
    article.mkdir(parents=True)
    (article / "article.md").write_text(ARTICLE, "utf-8")
    (article / "facts.yaml").write_text(FACTS, "utf-8")
    (tmp_path / "outputs.jsonl").write_text(json.dumps({"article_id": "tram", "summary": wrong}) + "\n", "utf-8")
    (tmp_path / "run.yaml").write_text(
        f"articles: references\nverifier: {verifier}\nscorers: [fact_recall]\n"
        "models: {s: {kind: replay, path: outputs.jsonl, system_column: null}}\n",
        "utf-8",
    )
    outcome = pipeline.run(configs.load(tmp_path / "run.yaml", [f"output={tmp_path / 'results'}"]))
    found = report(outcome.results)
    shown = " ".join(
        terminal.render(Document("", blocks=tuple(findings(found, Links(), TERMINAL)))).replace("\n", " ").split()
    )
    assert f"✗ wrong: “{wrong}”" in shown
    assert "✗ contradicted: The council approved the tram by 16 votes to 15." in shown
    assert "lost: The line will cost 40 million pounds." in shown
    assert f"wrong: “{wrong}”" in as_markdown(outcome.results)
