"""The example configs with models of the hub: valid without it, and run with tiny models of the same classes."""

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
"""Summariser → the class that it is."""


@pytest.mark.parametrize("name", ["hub-seq2seq", "hub-instruct", "two-gpus"])
def test_it_is_valid_and_names_models_of_the_hub(name: str) -> None:
    models = config.load(CONFIGS / f"{name}.yaml").models.values()
    sources = [model.source for model in models if isinstance(model, HFCausal | HFSeq2Seq)]
    assert len(sources) >= 2
    assert {source.kind for source in sources} == {"hub"}


def test_two_gpus_hold_one_model_each() -> None:
    models = config.load(CONFIGS / "two-gpus.yaml").models.values()
    assert [model.device for model in models if isinstance(model, HFCausal)] == ["cuda:0", "cuda:1"]


def test_revisions_are_commits() -> None:
    for name in ("hub-seq2seq", "hub-instruct"):
        for model in config.load(CONFIGS / f"{name}.yaml").models.values():
            if isinstance(model, HFCausal | HFSeq2Seq):
                assert model.revision is None or len(model.revision) == 40


def test_the_summarisers_run_on_tiny_models_of_their_classes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the options of the config, but for limits that only the large ones have."""
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
    assert "whose summaries follow one another" in (made["bart"].how or "")
    assert "whose summaries were read" in (made["flan-t5"].how or "")
    for name in ("pegasus-cnn", "pegasus-xsum", "led"):
        assert "characters of the article" in (made[name].cut or "")
    report = (outcome.folder / "report.html").read_text("utf-8")
    assert (made["flan-t5"].how or "?") in report


def test_the_instruct_models_run_under_prompts_that_put_the_article_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
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
