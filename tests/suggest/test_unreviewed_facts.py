"""Runs that suggest facts for articles without any: what they write, where, and how they count it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import viewing
from builders import write_jsonl
from command_line import harness

from harness import evaluate, load_run, pipeline
from harness.data.articles import find_article
from harness.data.facts import edit as facts_edit


def test_run_suggests_facts_for_articles_without_any(project_copy: Path) -> None:
    """They are written beside the article and marked unreviewed, and the report counts them; a second run adds none."""
    found = harness("run", "configs/small.yaml", "--suggest-facts", "2")
    assert found.exit_code == 0
    facts = find_article("flood", project_copy / "references").facts.require()
    assert [(fact.statement, fact.unreviewed) for fact in facts] == [
        ("The river Alda rose three metres on Friday.", True),
        ("Nobody was hurt, the police said.", True),
    ]
    assert "wrote 2 suggested facts for 1 article" in found.stderr
    assert "favour systems that copy the article: 2 of 4 facts." in " ".join(found.stdout.split())
    bridge, flood = (project_copy / "references" / name / "facts.yaml" for name in ("bridge", "flood"))
    before = flood.read_text("utf-8")
    assert harness("run", "configs/small.yaml", "--suggest-facts", "2").stderr == ""
    assert (bridge.read_text("utf-8"), flood.read_text("utf-8")) == (viewing.FACTS, before)


def test_accepted_fact_loses_its_mark_in_the_report(project_copy: Path) -> None:
    """The next run rewrites the report, though no verdict changes."""
    harness("run", "configs/small.yaml", "--suggest-facts", "1", "-q")
    folder = find_article("flood", project_copy / "references")
    assert folder.article
    facts_edit.edit(folder.facts_path, folder.facts.facts[0].id, {"unreviewed": None}, folder.article)
    assert harness("run", "configs/small.yaml", "-q").exit_code == 0
    assert "unreviewed" not in (project_copy / "results" / "small" / "report.md").read_text("utf-8")
    assert not any(fact.unreviewed for item in pipeline.read(Path("results/small")).items for fact in item.facts)


ROWS = {
    "storm": "A storm hit Lyd on Sunday.\r\nIt tore the roof off the school. Mayor Ida Holm closed 4 roads.",
    "fair": "The fair of Lyd opened on Monday. About 900 people came. Tickets cost 3 crowns, the organisers said.",
}
SUMMARIES = {
    "careful": {"storm": "A storm hit Lyd on Sunday.", "fair": "The fair of Lyd opened on Monday."},
    "careless": {"storm": "An earthquake hit Rome.", "fair": "The museum closed for good."},
}


@pytest.fixture
def rows(project_copy: Path) -> Path:
    """A config of two articles in a JSONL file, and a file with the outputs of two systems."""
    write_jsonl(Path("rows.jsonl"), *({"id": name, "text": text} for name, text in ROWS.items()))
    outputs = [
        {"system": system, "article_id": name, "summary": text}
        for system, texts in SUMMARIES.items()
        for name, text in texts.items()
    ]
    write_jsonl(Path("outputs.jsonl"), *outputs)
    Path("rows.yaml").write_text(
        "articles: rows.jsonl\nfacts: suggest\nmodels: {theirs: {kind: replay, path: outputs.jsonl}}\n"
        "verifier: lexical\nscorers: [fact_recall, faithfulness]\n",
        "utf-8",
    )
    return project_copy


def test_run_on_rows_ranks_systems_by_suggested_facts_and_says_so(rows: Path) -> None:
    assert "0 facts and up to 16 suggested ones, so about 32 verdicts" in harness("validate", "rows.yaml").stdout
    found = harness("run", "rows.yaml")
    assert found.exit_code == 0, found.stderr
    said = " ".join(found.stdout.split())
    assert "Use careful: 2 of 2 essential facts kept, 0 of 2 claims wrong or invented." in said
    assert "Unreviewed suggestions, which may favour systems that copy the article: " in said
    results = pipeline.read(Path("results/rows"))
    assert [item.article.id for item in results.items] == list(ROWS)
    assert all(fact.unreviewed for item in results.items for fact in item.facts)
    recall = {score.system: score.value or 0.0 for score in results.scores if score.metric == "fact_recall"}
    assert recall["careful"] > recall["careless"]


def test_second_run_on_rows_computes_nothing(rows: Path) -> None:
    harness("run", "rows.yaml", "-q")
    before = Path("results/rows/verdicts.jsonl").read_bytes()
    facts = find_article("storm", Path("results/rows/articles")).facts_path
    facts.write_text("# Reviewed.\n" + facts.read_text("utf-8"), "utf-8")
    assert harness("run", "rows.yaml").stderr == ""
    assert Path("results/rows/verdicts.jsonl").read_bytes() == before
    assert facts.read_text("utf-8").startswith("# Reviewed.")


def test_run_suggests_facts_for_text_files_beside_folders(rows: Path) -> None:
    Path("texts").mkdir()
    for name, text in ROWS.items():
        Path("texts", f"{name}.txt").write_text(text, "utf-8")
    Path("texts", "talk.txt").write_text("Ann: Prices rose by half.\nTom: Wages fell.\n" * 2)
    options = ("--set", "articles=[references, texts]", "--set", "models={theirs: null, lead: lead}")
    for _ in range(2):
        found = harness("run", "rows.yaml", *options)
        assert found.exit_code == 0, found.stderr
        assert "no fact was suggested for talk: the lines of a dialogue need their context" in found.stderr
    items = pipeline.read(Path("results/rows")).items
    expected = {**dict.fromkeys(["bridge", "flood", *ROWS], True), "talk": False}
    assert {item.article.id: bool(item.facts) for item in items} == expected


def test_facts_of_rows_are_reviewed_in_the_browser_and_scored_again(rows: Path) -> None:
    harness("run", "rows.yaml", "-q")
    viewer = viewing.open_viewer(rows)
    assert "unreviewed" in viewing.read_page(viewer.get("/review?only=storm"))
    folder = find_article("storm", Path("results/rows/articles"))
    assert folder.article
    facts_edit.remove(folder.facts_path, [folder.facts.facts[0].id])
    assert "facts of storm" in harness("score", "--stale").stdout
    assert harness("score", "--stale").stdout == "no run is stale\n"


def test_limit_keeps_the_first_rows(rows: Path) -> None:
    """``fair`` is the second row and the first folder."""
    skip = ("--set", "models.theirs.other_articles=skip")
    for limit in (2, 1):
        assert harness("run", "rows.yaml", "--limit", limit, *skip).exit_code == 0
        assert [item.article.id for item in pipeline.read(Path("results/rows")).items] == list(ROWS)[:limit]
    Path("empty.jsonl").touch()  # beyond the limit, so nobody reads it
    sources = ("--set", "articles=[references, empty.jsonl]", "--set", "models={theirs: null, lead: lead}")
    assert harness("run", "rows.yaml", "--limit", 2, *sources).exit_code == 0
    assert harness("score", "results/rows").exit_code == 0


def test_row_that_changed_is_refused(rows: Path) -> None:
    harness("run", "rows.yaml", "-q")
    Path("rows.jsonl").write_text(Path("rows.jsonl").read_text("utf-8").replace("Sunday", "Saturday"), "utf-8")
    found = harness("run", "rows.yaml")
    assert found.exit_code == 2
    assert "results/rows/articles/storm: was copied from rows.jsonl" in found.stderr
    assert "remove this folder, or choose another output with -o" in found.stderr


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"id": ".storm", "text": "A storm hit Lyd."}, "'.storm' begins with a dot, so its folder is hidden"),
        ({"id": "none", "text": ""}, "'none': "),
    ],
)
def test_row_that_cannot_be_a_folder_is_refused(rows: Path, row: dict[str, str], message: str) -> None:
    with Path("rows.jsonl").open("a", encoding="utf-8") as file:
        file.write(f"{json.dumps(row)}\n")
    found = harness("run", "rows.yaml", "--set", "models={theirs: null, lead: lead}")
    assert found.exit_code == 2
    assert message in found.stderr
    assert "remove the option facts" in found.stderr


def test_finished_run_without_facts_is_scored_by_suggested_ones(rows: Path) -> None:
    harness("run", "rows.yaml", "--set", "facts=null", "-q")
    assert not any(item.facts for item in pipeline.read(Path("results/rows")).items)
    assert harness("score", "results/rows", "--config", "rows.yaml", "-q").exit_code == 0
    assert all(item.facts for item in pipeline.read(Path("results/rows")).items)


def test_evaluate_suggests_facts(project_copy: Path) -> None:
    articles = [{"id": name, "text": text} for name, text in ROWS.items()]
    summaries = {system: list(texts.values()) for system, texts in SUMMARIES.items()}
    result = evaluate(articles, summaries, facts="suggest", verifier="lexical")
    assert "Unreviewed" in repr(result)
    saved = load_run(result.save(project_copy / "saved"))
    assert all(fact.unreviewed for item in saved.results.items for fact in item.facts)
    assert "fact_recall" in {score.metric for score in saved.results.scores}


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("facts: always", "facts: is 'always'; write suggest, or a mapping such as {suggest: 8, model: NAME}"),
        ("facts: {suggest: 0}", "facts.suggest: must be at least 1, not 0"),
        ("facts: {suggests: 2}", "did you mean 'suggest'?"),
    ],
)
def test_other_values_of_the_option_are_refused(rows: Path, written: str, message: str) -> None:
    config = Path("rows.yaml")
    config.write_text(config.read_text("utf-8").replace("facts: suggest", written), "utf-8")
    found = harness("run", "rows.yaml")
    assert found.exit_code == 2
    assert message in found.stderr
