"""The example configs that read from the hub: valid without it, and right about the columns of their data sets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness import config, pipeline
from harness.config import RunConfig
from harness.data.articles.sources import DataSet
from harness.scorers.bertscore import Bertscore

CONFIGS = Path(__file__).resolve().parents[2] / "configs"

COLUMNS = {
    "cnn_dailymail": ("article", "highlights", "id"),
    "xsum": ("document", "summary", "id"),
}
"""The columns of abisee/cnn_dailymail and EdinburghNLP/xsum, as their cards name them."""

ARTICLE = "The mayor of Hull resigned on Monday. Nobody knows why she went. The council of Hull will meet on Friday."


def example(name: str) -> tuple[RunConfig, DataSet]:
    loaded = config.load(CONFIGS / f"{name}.yaml")
    (source,) = loaded.articles
    assert isinstance(source, DataSet)
    return loaded, source


@pytest.mark.parametrize("name", COLUMNS)
def test_the_rows_are_pinned(name: str) -> None:
    _, source = example(name)
    assert source.folder is None
    assert source.revision is not None
    assert len(source.revision) == 40
    assert (source.split, source.rows, source.streaming) == ("test", (0, 500), True)


@pytest.mark.slow
@pytest.mark.parametrize("name", COLUMNS)
def test_it_runs_on_a_data_set_with_the_same_columns(name: str, tmp_path: Path) -> None:
    """Two articles, of which one is empty: it is a reason in the scores, and the other is scored."""
    datasets = pytest.importorskip("datasets")
    datasets.disable_progress_bars()
    text, summary, key = COLUMNS[name]
    rows = {text: [ARTICLE, ""], summary: ["The mayor of Hull resigned.", "Nothing."], key: ["a", "b"]}
    datasets.DatasetDict({"test": datasets.Dataset.from_dict(rows)}).save_to_disk(str(tmp_path / "set"))
    loaded, source = example(name)
    local = source.model_copy(update={"dataset": str(tmp_path / "set"), "config": None, "revision": None})
    outcome = pipeline.run(replace(loaded, articles=(local,), output=tmp_path / "run"), use_cache=False)
    assert outcome.results.manifest.problems == ()
    assert outcome.results.manifest.notices == (
        f"1 of 2 articles is not summarised: b ({local.name}): the article is empty; put its text here",
    )
    found = {(score.system, score.article_id, score.metric): score for score in outcome.results.scores}
    assert found["oracle", "a", "rougeL.recall"].value == 1.0
    assert found["oracle", "b", "rougeL.recall"].reason == "the article is empty; put its text here"


def test_facts_that_are_nowhere_are_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scorers that need facts say so in one line a run, the others run, and the exit code is that of success."""
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))
    rows = "".join(f'{{"id": "{number}", "text": "{ARTICLE}"}}\n' for number in range(5))
    (tmp_path / "rows.jsonl").write_text(rows, "utf-8")
    (tmp_path / "run.yaml").write_text(
        "articles: rows.jsonl\nmodels: {lead: {kind: lead}}\nverifier: lexical\n"
        "scorers: [fact_recall, rouge, length]\noutput: run\n"
    )
    outcome = pipeline.run(config.load(tmp_path / "run.yaml"), use_cache=False)
    manifest = outcome.results.manifest
    assert manifest.problems == ()
    assert manifest.notices == (
        "fact_recall has no value for any summary: the article has no facts",
        "rouge has no value for any summary: the article has no reference",
    )
    assert "fact\\_recall has no value for any summary" in (outcome.folder / "report.md").read_text("utf-8")


def test_bertscore_is_the_one_of_the_papers() -> None:
    scorer = next(s for s in config.load(CONFIGS / "bertscore-roberta-large.yaml").scorers if isinstance(s, Bertscore))
    assert (scorer.model, scorer.layer, scorer.idf) == ("FacebookAI/roberta-large", 17, False)
    assert scorer.revision is not None
    assert len(scorer.revision) == 40


def test_the_reason_that_a_scorer_has_no_value_is_that_of_summaries_with_a_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The empty article comes first and has no summary; the two that have one have no facts."""
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))
    texts = ("", ARTICLE, ARTICLE)
    rows = "".join(f'{{"id": "{number}", "text": "{text}"}}\n' for number, text in enumerate(texts))
    (tmp_path / "rows.jsonl").write_text(rows, "utf-8")
    (tmp_path / "run.yaml").write_text(
        "articles: rows.jsonl\nmodels: {lead: {kind: lead}}\nverifier: lexical\nscorers: [fact_recall]\noutput: run\n"
    )
    outcome = pipeline.run(config.load(tmp_path / "run.yaml"), use_cache=False)
    _, notice = outcome.results.manifest.notices
    assert notice == "fact_recall has no value for any summary: the article has no facts"
