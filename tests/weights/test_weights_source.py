"""Where the weights of a name come from, why they cannot be loaded, and how a signature identifies them."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

import pytest

from harness.errors import ModelError
from harness.models.hf_causal import HFCausal
from harness.seams import Located
from harness.weights import plugin, store
from harness.weights.load import require_memory
from harness.weights.source import Head, find_problems, find_source, hash_weights, resolve_model


def write_folder(path: Path, **content: str) -> Path:
    """A folder with files; ``_`` in a name becomes a dot."""
    path.mkdir(parents=True, exist_ok=True)
    for name, text in content.items():
        (path / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return path


def write_model(path: Path) -> Path:
    return write_folder(path, config_json="{}", model_safetensors="weights", tokenizer_json="{}")


def test_name_is_a_packaged_model_a_path_or_a_hub_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "org" / "local").mkdir(parents=True)
    kinds = {
        "smollm2-135m-instruct": "packaged",
        "./smollm2-135m-instruct": "folder",
        "~/models/x": "folder",
        "org/local": "folder",
        "org/elsewhere": "hub",
        "weights/x.gguf": "gguf",
        "gpt2": "unknown",
        "a/b/c": "unknown",
    }
    assert {name: find_source(name).kind for name in kinds} == kinds


def test_path_is_relative_to_the_config(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    for name in ("./gone", "mine", "x.gguf"):
        assert resolve_model(Located.at(name, tmp_path)) == str(tmp_path / name)
    for name in ("/abs", "org/model", "smollm2-135m-instruct"):
        assert resolve_model(Located.at(name, tmp_path)) == name


def test_valid_sources_have_no_problem(tmp_path: Path) -> None:
    for name in (str(write_model(tmp_path / "m")), "org/model", "smollm2-135m-instruct"):
        assert list(find_problems(find_source(name), "causal")) == []


@pytest.mark.parametrize(
    ("missing", "message"),
    [("config.json", "no config"), ("model.safetensors", "no weights"), ("tokenizer.json", "no tokenizer")],
)
def test_incomplete_or_missing_folder_is_a_problem(tmp_path: Path, missing: str, message: str) -> None:
    (write_model(tmp_path / "m") / missing).unlink()
    (found,) = find_problems(find_source(str(tmp_path / "m")), "causal")
    assert message in found
    for name, what in (("gone", "folder"), ("gone.gguf", "file")):
        path = tmp_path / name
        (found,) = find_problems(find_source(str(path)), "causal")
        assert found.startswith(f"there is no {what} {path}; ")


def test_unknown_name_gets_a_suggestion() -> None:
    (found,) = find_problems(find_source("smollm-135m-instruct"), "causal")
    assert "did you mean 'smollm2-135m-instruct'? (packaged: smollm2-135m-instruct)" in found
    assert "org/name" in found


def test_weights_are_identified_by_content(tmp_path: Path) -> None:
    first, second = write_model(tmp_path / "a" / "m"), write_model(tmp_path / "b" / "m")
    assert hash_weights(find_source(str(first))) == hash_weights(find_source(str(second)))
    before = hash_weights(find_source(str(first)))
    write_folder(first, _cache="of some tool")
    assert hash_weights(find_source(str(first))) == before
    assert hash_weights(find_source("smollm2-135m-instruct")) == store.checksum("smollm2-135m-instruct")
    write_folder(first, model_safetensors="other")
    assert hash_weights(find_source(str(first))) != before


@pytest.mark.parametrize(
    ("model", "head", "message"),
    [
        ("all-minilm-l6-v2", "causal", "is a sentence encoder, 384 dimensions, not a causal language model"),
        ("smollm2-135m-instruct", "encoder", "is a language model, 4-bit GGUF (Q4_1), not an encoder; "),
        ("en-core-web-sm", "encoder", "is a spaCy pipeline for English, not an encoder; "),
        ("./x.gguf", "classifier", "is a language model, not a text classifier; "),
    ],
)
def test_model_of_another_kind_is_a_problem(model: str, head: Head, message: str) -> None:
    (found,) = find_problems(find_source(model), head)
    assert message in found
    assert list(find_problems(find_source("org/model"), head)) == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere torch is always asked")
@pytest.mark.parametrize(
    ("driver", "torch_has_it", "kind"), [(True, True, "cuda"), (True, False, None), (False, True, None)]
)
def test_gpu_needs_a_driver_and_a_torch_that_supports_it(
    driver: bool, torch_has_it: bool, kind: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a driver file torch is not imported, which would take seconds."""
    if driver:
        (tmp_path / "nvidiactl").touch()
    monkeypatch.setattr(plugin, "_GPU_FILES", (str(tmp_path / "nvidiactl"),))
    monkeypatch.setattr("torch.cuda.is_available", lambda: torch_has_it)
    assert plugin.find_gpu.__wrapped__() == kind


@pytest.mark.parametrize("gpus", [0, 1])
def test_missing_device_is_an_error(gpus: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: gpus > 0)
    monkeypatch.setattr("torch.cuda.device_count", lambda: gpus)
    with pytest.raises(ModelError, match="torch finds no cuda:1 here; set device: auto, or one of"):
        HFCausal(model="smollm2-135m-instruct", device="cuda:1").load("auto")


def test_out_of_memory_says_what_to_do() -> None:
    import torch

    with (
        pytest.raises(ModelError, match=r"^tiny does not fit into memory; take less$"),
        require_memory("tiny", "take less"),
    ):
        torch.empty(2**50)
    with pytest.raises(ModelError, match="does not fit into memory"), require_memory("tiny", "take less"):
        raise OSError(errno.ENOMEM, "Cannot allocate memory")
    with pytest.raises(RuntimeError, match="size"), require_memory("tiny", "take less"):
        torch.zeros(2) @ torch.zeros(3)
