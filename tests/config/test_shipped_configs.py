"""Every shipped config is valid unchanged, and a config's verifier can be used alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import write_config, write_jsonl
from loopback import Reply, completion, serve

from harness import config, pipeline
from harness.data.articles.sources import DataSet, Table
from harness.errors import ConfigError
from harness.seams import DEFAULT_VERIFIER

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = ROOT / "configs"
SHIPPED = sorted(
    path for folder in (CONFIGS, ROOT / "examples") for path in folder.glob("*.yaml") if path.name != "gate.yaml"
)

COLUMNS = {"cnn_dailymail": ("article", "highlights", "id"), "xsum": ("document", "summary", "id")}
"""The columns of abisee/cnn_dailymail and EdinburghNLP/xsum, from their data set cards."""

pytestmark = pytest.mark.usefixtures("empty_home")

ARTICLE = "The mayor of Hull resigned on Monday. Nobody knows why she went. The council of Hull will meet on Friday."


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_shipped_config_validates(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The config is checked and planned. One article of our own replaces data sets of the hub."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("OPENAI_API_KEY", "a-key")
    monkeypatch.delenv("HARNESS_ALLOW_ENV", raising=False)
    row = {"id": "a", "text": ARTICLE, "summary": "The mayor resigned.", "article_id": "a", "system": "s"}
    for table in ("realsumm_articles.jsonl", "realsumm_outputs.jsonl"):
        kept = ("id", "text") if "articles" in table else ("article_id", "system", "summary")
        write_jsonl(tmp_path / table, {key: row[key] for key in kept})
    monkeypatch.setenv("HARNESS_LABELLED_DATA", str(tmp_path))
    loaded = config.load(file)
    own = tuple(
        Table(path=tmp_path / "realsumm_articles.jsonl") if isinstance(source, DataSet) else source
        for source in loaded.articles
    )
    planned = pipeline.plan(replace(loaded, articles=own))
    assert len(planned.systems) > 0
    for system in planned.systems:
        assert list(planned.requests(system, planned.items))


@pytest.mark.parametrize(("name", "system"), [("local-server", "served"), ("hosted-api", "hosted")])
def test_server_config_asks_its_server(name: str, system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(request: dict[str, Any], _: int) -> Reply:
        return completion("Zelensky asked for weapons.", request["model"])

    monkeypatch.setenv("OPENAI_API_KEY", "s3cret")
    with serve(answer) as server:
        changes = [f"models.{system}.base_url={server.url}", f"models.{system}.model=my-model"]
        loaded = config.load(CONFIGS / f"{name}.yaml", [*changes, "verifier=lexical"])
        outcome = pipeline.run(replace(loaded, only=(system,), output=tmp_path / "run"), use_cache=False)
    assert outcome.results.manifest.problems == ()
    prompts = ("plain", "key-facts", "only-the-article")
    assert {summary.system for summary in outcome.results.summaries} == {f"{system}/{prompt}" for prompt in prompts}
    assert {request["model"] for request in server.requests} == {"my-model"}


@pytest.mark.slow
@pytest.mark.parametrize("name", COLUMNS)
def test_hub_config_runs_on_a_data_set_with_the_same_columns(name: str, tmp_path: Path) -> None:
    """One of the two articles is empty. The config pins a commit of the hub's data set."""
    datasets = pytest.importorskip("datasets")
    datasets.disable_progress_bars()
    text, summary, key = COLUMNS[name]
    rows = {text: [ARTICLE, ""], summary: ["The mayor of Hull resigned.", "Nothing."], key: ["a", "b"]}
    datasets.DatasetDict({"test": datasets.Dataset.from_dict(rows)}).save_to_disk(str(tmp_path / "set"))
    loaded = config.load(CONFIGS / f"{name}.yaml")
    (source,) = loaded.articles
    assert isinstance(source, DataSet)
    assert len(source.revision or "") == 40
    local = source.model_copy(update={"dataset": str(tmp_path / "set"), "config": None, "revision": None})
    outcome = pipeline.run(replace(loaded, articles=(local,), output=tmp_path / "run"), use_cache=False)
    found = {(score.system, score.article_id, score.metric): score for score in outcome.results.scores}
    assert found["oracle", "a", "rougeL.recall"].value == 1.0
    assert found["oracle", "b", "rougeL.recall"].value is None
    assert found["oracle", "b", "rougeL.recall"].reason


def test_scorers_without_facts_or_references_are_noted_once(tmp_path: Path) -> None:
    """The article without text does not count."""
    rows = [{"id": str(number), "text": text} for number, text in enumerate(("", ARTICLE, ARTICLE))]
    path = write_config(tmp_path, *rows, scorers="[fact_recall, rouge, length]")
    manifest = pipeline.run(config.load(path), use_cache=False).results.manifest
    assert manifest.problems == ()
    noted = [notice for notice in manifest.notices if "has no value for any summary" in notice]
    assert noted == [
        "fact_recall has no value for any summary: the article has no facts",
        "rouge has no value for any summary: the article has no reference",
    ]


def test_verifier_of_a_config_is_loaded_alone_with_overrides(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("verifier: {kind: lexical, threshold: 0.7}\n")
    assert config.load_verifier(str(file)).model_dump()["threshold"] == 0.7
    assert config.load_verifier(file, ["threshold=0.8"]).model_dump()["threshold"] == 0.8
    assert config.load_verifier("lexical", ["verifier.threshold=0.8"]).model_dump()["threshold"] == 0.8
    with pytest.raises(ConfigError, match="--verifier KIND"):
        config.load_verifier("lexical", ["verifier=entailment"])
    wrong: dict[str, Any] = {"entailment: treshold: unknown key": {"treshold": 1}, "3: has the kind 3; write": 3}
    for fault, given in wrong.items():
        with pytest.raises(ConfigError, match=f"^verifier {fault}"):
            config.load_verifier(given)
    file.write_text("models: {lead: {kind: lead}}\n")
    assert config.load_verifier(str(file)).kind() == DEFAULT_VERIFIER
    file.write_text("models: {lead: {kind: lead}}\nverifer: lexical\n")
    with pytest.raises(ConfigError, match=r"mine\.yaml:2: verifer: unknown key; did you mean 'verifier'"):
        config.load_verifier(str(file))
