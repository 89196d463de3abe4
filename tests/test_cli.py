"""The command line starts fast and answers mistakes with an instruction and exit code 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import harness, list_imports

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = {"config": "configs", "facts": "references", "gate": "configs"}


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_help_imports_nothing_heavy() -> None:
    output, modules = list_imports("--help")
    assert not modules & {"torch", "transformers", "datasets", "spacy", "numpy", "pydantic", "rich", "jinja2"}
    assert "validate" in output


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("quit", "harness: No such command 'quit'; for help: harness --help\n"),
        ("comparre", "'compare'"),
        ("facts", "Usage: harness facts"),
        ("facts lnt", "Did you mean 'lint'?"),
        ("facts list zelensky", "zelensky"),
        ("run configs/bsae.yaml", "bsae.yaml: does not exist"),
        ("run configs/base.yaml --only led", "--only: there is no system 'led'; did you mean 'lead'?"),
        ("run configs/base.yaml --set verifyer=lexical", "verifyer: unknown key; did you mean 'verifier'?"),
        ("score results/none-such", "there is no folder results/none-such; name a run's folder, such as results/"),
        ("score --stale --trust", "harness: --trust needs the names of the runs"),
        ("ls README.md", "harness: README.md is not a folder"),
        ("ls results/baseline", "harness: results/baseline is a run; list its parent folder"),
    ],
)
def test_mistake_exits_2_with_an_instruction(command: str, message: str) -> None:
    done = harness(*command.split())
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr


def test_ctrl_c_says_how_to_continue(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("harness.compare.stored.open_all", stop)
    done = harness("compare", "results/base")
    assert (done.exit_code, "to continue, run the same command again" in done.stderr) == (130, True)


def test_missing_articles_are_named_with_their_line(tmp_path: Path) -> None:
    config = tmp_path / "mine.yaml"
    config.write_text("models: {lead: {kind: lead}}\narticles:\n  - gone\n  - gone.jsonl\nscorers: [length]\n")
    first, second = harness("validate", config).stderr.splitlines()
    place = f"harness: {config}:3: articles[0]: {tmp_path}/gone"
    assert first == f"{place} does not exist; paths are relative to the config's folder"
    assert second.startswith(f"{config}:4: articles[1]: ")
    (typed,) = harness("validate", config, "--set", "articles=gone").stderr.splitlines()
    assert typed == "harness: --set articles[0]: gone does not exist; paths are relative to the working folder"


@pytest.mark.slow
def test_validate_shows_the_plan_and_loads_no_torch() -> None:
    output, modules = list_imports("validate", "configs/base.yaml")
    assert not modules & {"torch", "transformers"}
    assert "smollm2/only-the-article" in output
    assert "7 systems × 1 article = " in output
    warning = harness("validate", "configs/base.yaml", "--set", "models.other={kind: 'other:Model'}").stderr
    assert "does not import other:Model or read its options, prompts and samples" in warning


def test_schemas_are_written_where_the_yaml_files_name_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert harness("schema").exit_code == 2, "there is no folder configs"
    for folder in set(FOLDERS.values()):
        Path(folder).mkdir()
    assert harness("schema").exit_code == 0
    for name, folder in FOLDERS.items():
        text = Path(folder, f"{name}.schema.json").read_text("utf-8")
        assert json.loads(text)["title"] == f"harness {name}"
