"""What of a summary is checked, and under which key."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import builders
import pytest

from harness import config, pipeline
from harness.errors import ConfigError
from harness.stages.verify import questions

SUMMARY = "Phil Smith, who was 25, fell from a fence. He died in May and was buried in Hull."

CONFIG = "articles: articles\nmodels: {lead: {kind: lead}}\nscorers: [length]\nverifier: lexical\n"


def test_facts_are_asked_and_then_the_sentences_of_the_summary() -> None:
    item = builders.item("An article.", facts=[builders.fact("one")])
    asked = questions([item], [builders.summary(SUMMARY), builders.summary(None)], "verifier")
    assert [(each.use, each.target, each.pair.hypothesis) for each in asked] == [
        ("coverage", "one", "statement of one"),
        ("grounding", "0", "Phil Smith, who was 25, fell from a fence."),
        ("grounding", "1", "He died in May and was buried in Hull."),
    ]


def test_a_question_carries_the_date_of_its_article() -> None:
    """A question carries the date of its article, and its key depends on a date that is known."""
    item = builders.item("An article.", facts=[builders.fact("one")])
    dated = replace(item, article=replace(item.article, date="2025-03-01"))
    one, two = (list(questions([each], [builders.summary(SUMMARY)], "verifier")) for each in (item, dated))
    assert {each.pair.date for each in one} == {None}
    assert {each.pair.date for each in two} == {"2025-03-01"}
    assert not {each.key for each in one} & {each.key for each in two}


def test_a_config_that_names_sentences_is_still_one(tmp_path: Path) -> None:
    path = tmp_path / "run.yaml"
    path.write_text(CONFIG + "claims: sentences\n", encoding="utf-8")
    assert config.resolved(config.load(path), tmp_path)["claims"] == "sentences"


@pytest.mark.parametrize(
    ("unit", "message"),
    [
        ("words", r":5: claims: is the text 'words'; allowed: sentences"),
        ("clauses", r":5: claims: .*clauses are not taken apart any more.*write sentences, or leave it out"),
    ],
)
def test_other_units_are_refused_with_what_to_write(tmp_path: Path, unit: str, message: str) -> None:
    path = tmp_path / "run.yaml"
    path.write_text(f"{CONFIG}claims: {unit}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        config.load(path)


def test_a_run_of_clauses_is_judged_again_by_its_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an older version recorded is refused with the same words, and ``--set claims=sentences`` goes on."""
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))
    rows = [{"id": "a", "text": "It rained. The council met.", "reference": "It rained.", "facts": []}]
    (tmp_path / "articles.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    path = tmp_path / "run.yaml"
    path.write_text(CONFIG.replace("articles: articles", "articles: articles.jsonl") + "output: out\n", "utf-8")
    pipeline.run(config.load(path))
    manifest = tmp_path / "out" / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace('"claims": "sentences"', '"claims": "clauses"'), "utf-8")
    with pytest.raises(ConfigError, match="write sentences"):
        pipeline.score(tmp_path / "out")
    results = pipeline.score(tmp_path / "out", overrides=["claims=sentences"]).results
    assert results.manifest.config["claims"] == "sentences"
    assert [check.hypothesis for check in results.checks] == ["It rained.", "The council met."]
