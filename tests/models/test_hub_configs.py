"""The example configs with hub models: valid offline, and run with tiny models of the same classes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import tiny_llama
import tiny_seq2seq

from harness import config, pipeline
from harness.models.hf_causal import HFCausal
from harness.models.hf_seq2seq import HFSeq2Seq

pytestmark = pytest.mark.slow  # tiny language models are loaded

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
CLASSES = {"bart": "bart", "pegasus-cnn": "pegasus", "pegasus-xsum": "pegasus", "flan-t5": "t5", "led": "led"}
"""The class of each summariser."""


@pytest.mark.parametrize("name", ["hub-seq2seq", "hub-instruct", "two-gpus"])
def test_config_is_valid_and_names_hub_models(name: str) -> None:
    models = config.load(CONFIGS / f"{name}.yaml").models.values()
    sources = [model.source for model in models if isinstance(model, HFCausal | HFSeq2Seq)]
    assert len(sources) >= 2
    assert {source.kind for source in sources} == {"hub"}


def test_revisions_are_commit_hashes() -> None:
    for name in ("hub-seq2seq", "hub-instruct"):
        for model in config.load(CONFIGS / f"{name}.yaml").models.values():
            if isinstance(model, HFCausal | HFSeq2Seq):
                assert model.revision is None or len(model.revision) == 40


def test_seq2seq_config_runs_on_tiny_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The options are those of the config, except for limits that only large models have."""
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))
    overrides = []
    for name, kind in CLASSES.items():
        folder = tiny_seq2seq.save(tmp_path / name, kind)
        options = {"model": folder, "revision": "null", "max_new_tokens": 8, "device": "cpu"}
        overrides += [f"models.{name}.{key}={value}" for key, value in options.items()]
    loaded = config.load(CONFIGS / "hub-seq2seq.yaml", [*overrides, "verifier=lexical"])
    outcome = pipeline.run(replace(loaded, only=tuple(CLASSES), output=tmp_path / "run"), use_cache=False)
    assert outcome.results.manifest.problems == ()
    made = {summary.system: summary.generation for summary in outcome.results.summaries}
    assert {name: one.text is not None for name, one in made.items()} == dict.fromkeys(CLASSES, True)
    assert "whose summaries are joined" in (made["bart"].composition or "")
    assert "whose summaries are joined" in (made["flan-t5"].composition or "")
    for name in ("pegasus-cnn", "pegasus-xsum", "led"):
        assert "characters of the article" in (made[name].cut or "")
    report = (outcome.folder / "report.html").read_text("utf-8")
    assert (made["flan-t5"].composition or "?") in report


def test_instruct_config_runs_on_a_tiny_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))
    folder = tiny_llama.save(tmp_path / "llama")
    options = {"model": folder, "revision": "null", "max_new_tokens": 8, "device": "cpu"}
    overrides = [f"models.qwen-small.{key}={value}" for key, value in options.items()]
    loaded = config.load(CONFIGS / "hub-instruct.yaml", [*overrides, "verifier=lexical"])
    outcome = pipeline.run(replace(loaded, only=("qwen-small",), output=tmp_path / "run"), use_cache=False)
    assert outcome.results.manifest.problems == ()
    assert {summary.system for summary in outcome.results.summaries if summary.text} == {
        "qwen-small/only-the-article",
        "qwen-small/two-sentences",
    }
