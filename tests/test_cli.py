"""The command line starts fast and answers mistakes with an instruction and exit code 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import harness, list_imports

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_help_imports_nothing_heavy() -> None:
    output, modules = list_imports("--help")
    assert not modules & {"torch", "transformers", "datasets", "spacy", "numpy", "pydantic", "rich", "jinja2"}
    assert "validate" in output


def test_every_command_has_help() -> None:
    from harness.cli import COMMANDS

    for name in COMMANDS:
        done = harness(name, "--help")
        assert done.exit_code == 0, done.stderr
        assert done.stdout.startswith(f"Usage: harness {name} ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "configs/bsae.yaml"), "bsae.yaml: does not exist"),
        (("run", "configs/base.yaml", "--only", "led"), "there is no system 'led'; did you mean 'lead'?"),
        (("run", "configs/base.yaml", "--set", "verifyer=lexical"), "verifyer: unknown key; did you mean 'verifier'?"),
        (("score", "results/none-such"), "there is no folder results/none-such; name a run's folder, such as results/"),
        (("facts", "list", "zelensky"), "zelensky"),
    ],
)
def test_mistake_exits_2_with_one_line(arguments: tuple[str, ...], message: str) -> None:
    done = harness(*arguments)
    assert done.exit_code == 2
    assert message in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["facts"], "Usage: harness facts"),
        (["ls", "README.md"], "harness: README.md is not a folder"),
        (["ls", "results/baseline"], "harness: results/baseline is a run; list its parent folder"),
        (["score", "--stale", "--trust"], "harness: --trust needs the names of the runs"),
    ],
)
def test_incomplete_command_says_what_is_missing(arguments: list[str], said: str) -> None:
    done = harness(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(said)


def test_missing_articles_are_named_with_their_line(tmp_path: Path) -> None:
    config = tmp_path / "mine.yaml"
    config.write_text("models: {lead: {kind: lead}}\narticles:\n  - gone\n  - gone.jsonl\nscorers: [length]\n")
    done = harness("validate", config)
    first, second = done.stderr.splitlines()
    assert (
        first == f"harness: {config}:3: articles[0]: 'gone' ({tmp_path}/gone) does not exist; "
        "paths are relative to the config's folder"
    )
    assert second.startswith(f"{config}:4: articles[1]: ")


def test_validate_shows_the_plan_and_loads_no_torch() -> None:
    output, modules = list_imports("validate", "configs/base.yaml")
    assert not modules & {"torch", "transformers"}
    assert "smollm2/only-the-article" in output
    assert "7 systems × 1 article = " in output


def test_schemas_are_written_where_the_yaml_files_name_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("configs", "references"):
        Path(folder).mkdir()
    assert harness("schema").exit_code == 0
    for what, path in (
        ("config", "configs/config.schema.json"),
        ("facts", "references/facts.schema.json"),
        ("gate", "configs/gate.schema.json"),
    ):
        assert harness("schema", what, "-o", what).exit_code == 0
        assert Path(what).read_text("utf-8") == Path(path).read_text("utf-8")
        title = json.loads(Path(path).read_text("utf-8"))["title"]
        assert title == f"harness {what}"


def test_unwritable_schema_is_reported(tmp_path: Path) -> None:
    done = harness("schema", "facts", "-o", str(tmp_path / "nowhere" / "facts.json"))
    assert done.exit_code == 2
    assert f"cannot be written: there is no folder {tmp_path / 'nowhere'}" in done.stderr


def test_unknown_commands_are_refused() -> None:
    done = harness("quit")
    assert done.exit_code == 2
    assert done.stderr == "harness: there is no command 'quit'; all commands: harness --help\n"


def test_mistyped_command_gets_a_suggestion() -> None:
    assert "did you mean 'compare'?" in harness("comparre").stderr
    assert "did you mean 'lint'?" in harness("facts", "lnt").stderr


@pytest.mark.parametrize("words", [["--address", "h:1", "--engine", "ray"], ["--engine", "ray", "--address", "h:1"]])
def test_address_of_the_cluster_needs_engine_ray(words: list[str]) -> None:
    assert "add --engine ray" in harness("score", "results/base", "--address", "h:1").stderr
    assert "add --engine ray" not in harness("score", "none", *words).stderr
