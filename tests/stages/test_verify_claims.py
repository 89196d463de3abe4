"""What of a summary is checked is a choice of the run, and changes no other verdict's key."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import builders
import pytest

from harness import config, pipeline
from harness.claims import Units
from harness.errors import ConfigError
from harness.records import Claim, Span
from harness.stages.verify import Question, questions

SUMMARY = "Phil Smith, who was 25, fell from a fence. He died in May and was buried in Hull."

CONFIG = "articles: articles\nmodels: {lead: {kind: lead}}\nscorers: [length]\n"


def asked(units: Units) -> list[Question]:
    item = builders.item("An article.", facts=[builders.fact("one")])
    return list(questions([item], [builders.summary(SUMMARY), builders.summary(None)], "verifier", units))


def test_a_claim_is_its_place_in_words_unless_it_says_otherwise() -> None:
    assert Claim(0, Span(3, 7, "fell")).text == "fell"
    assert Claim(0, Span(3, 7, "fell"), "Smith fell.").text == "Smith fell."


def test_sentences_are_asked_by_default() -> None:
    item = builders.item("An article.", facts=[builders.fact("one")])
    default = list(questions([item], [builders.summary(SUMMARY)], "verifier"))
    assert default == asked("sentences")
    assert [(each.use, each.target, each.pair.hypothesis) for each in default] == [
        ("coverage", "one", "statement of one"),
        ("grounding", "0", "Phil Smith, who was 25, fell from a fence."),
        ("grounding", "1", "He died in May and was buried in Hull."),
    ]


def test_clauses_are_asked_in_their_own_words_and_keep_their_place() -> None:
    grounding = [each for each in asked("clauses") if each.use == "grounding"]
    assert [(each.target, each.pair.hypothesis, each.claim and each.claim.text) for each in grounding] == [
        ("0", "Phil Smith fell from a fence.", "Phil Smith, who was 25, fell from a fence"),
        ("1", "Phil Smith was 25.", "who was 25"),
        ("2", "Phil Smith died in May.", "He died in May"),
        ("3", "Phil Smith was buried in Hull.", "was buried in Hull"),
    ]
    assert all(each.claim and SUMMARY[each.claim.start : each.claim.end] == each.claim.text for each in grounding)


def test_the_verdict_on_a_fact_does_not_hang_on_the_units() -> None:
    assert asked("clauses")[0] == asked("sentences")[0]


def test_a_question_carries_the_date_of_its_article_and_its_key_hangs_on_one_that_is_known() -> None:
    item = builders.item("An article.", facts=[builders.fact("one")])
    dated = replace(item, article=replace(item.article, date="2025-03-01"))
    one, two = (list(questions([each], [builders.summary(SUMMARY)], "verifier")) for each in (item, dated))
    assert {each.pair.date for each in one} == {None}
    assert {each.pair.date for each in two} == {"2025-03-01"}
    assert not {each.key for each in one} & {each.key for each in two}


def test_the_config_names_the_units_and_the_manifest_records_them(tmp_path: Path) -> None:
    path = tmp_path / "run.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    assert config.load(path).claims == "sentences"
    chosen = config.load(path, ["claims=clauses"])
    recorded = config.resolved(chosen, tmp_path)
    assert recorded["claims"] == "clauses"
    assert config.load_judging(recorded, tmp_path, "manifest.json").claims == "clauses"
    del recorded["claims"]  # a run of an older version
    assert config.load_judging(recorded, tmp_path, "manifest.json").claims == "sentences"


def test_another_unit_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "run.yaml"
    path.write_text(CONFIG + "claims: words\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r":4: claims: is the text 'words'; allowed: sentences, clauses"):
        config.load(path)


def test_a_run_judged_again_by_other_units_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In German, whose clauses are its sentences, so that no parser is asked for."""
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))
    text = "Der Rat tagte am Montag. Er schloss die Schule."
    rows = [{"id": "a", "text": text, "language": "de", "reference": text, "facts": []}]
    (tmp_path / "articles.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    path = tmp_path / "run.yaml"
    path.write_text(CONFIG.replace("articles: articles", "articles: articles.jsonl") + "output: out\n", "utf-8")
    pipeline.run(config.load(path))
    judged = pipeline.score(tmp_path / "out", overrides=["claims=clauses"]).results
    assert judged.manifest.config["claims"] == "clauses"
    assert [check.hypothesis for check in judged.checks] == ["Der Rat tagte am Montag.", "Er schloss die Schule."]
