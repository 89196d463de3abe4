"""``harness init``: a project that is valid as it stands, and nothing overwritten."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import pytest
from command_line import harness

from harness.schema import make_config_schema


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_init_writes_every_starter_file_and_validates(folder: Path) -> None:
    assert harness("init", "mine").exit_code == 0
    starter = Path(str(resources.files("harness.cli") / "starter"))
    shipped = {str(path.relative_to(starter)) for path in starter.rglob("*") if path.is_file()}
    made = {str(path.relative_to(folder / "mine")) for path in (folder / "mine").rglob("*") if path.is_file()}
    schemas = {"configs/config.schema.json", "configs/gate.schema.json", "references/facts.schema.json"}
    assert made == shipped | schemas | {".gitignore"}
    assert "!/results/baseline/" in Path("mine/.gitignore").read_text("utf-8").split()  # CI needs it
    assert json.loads(Path("mine/configs/config.schema.json").read_text("utf-8")) == make_config_schema()
    done = harness("validate", "mine/configs/base.yaml")
    assert done.exit_code == 0, done.stderr
    assert "1 article = " in done.stdout
    assert "8 facts, so about " in done.stdout
    references = Path("mine/references")
    for file in ("mill.md", "new.txt", "2024/may/mill/article.md", "README.md", "LICENSE", ".old.md", "plots/a.png"):
        (references / file).parent.mkdir(parents=True, exist_ok=True)
        (references / file).write_text("The mayor resigned.", "utf-8")
    warnings = harness("validate", "mine/configs/base.yaml").stderr.splitlines()
    [warning] = [line for line in warnings if "ignores" in line]
    assert "ignores 2024/, mill.md, new.txt; save each article as mine/references/NAME/article.md" in warning
    assert warning in harness("articles", "check", "mine/references").stdout
    assert warning in harness("articles", "import", "mine/references", "-o", "rows.jsonl").stderr
    assert "2024/may/mill/article.md is too deep" in harness("articles", "check", "mine/references/2024").stderr


def test_starter_gate_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.weights.store.get_state", lambda _: "not pulled")
    harness("init", "mine")
    monkeypatch.chdir("mine")
    assert harness("run", "configs/base.yaml", "-q").exit_code == 0
    assert harness("run", "configs/base.yaml", "-q", "-o", "results/new").exit_code == 0
    done = harness("gate", "results/new", "--against", "results/base", "--rules", "configs/gate.yaml")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("Gate passed: ")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("there", "there is not empty"),
        ("there/file", "there/file is a file"),
        ("there/file/below", "there/file/below cannot be written: Not a directory; choose another folder"),
    ],
)
def test_init_overwrites_nothing(name: str, message: str, folder: Path) -> None:
    (folder / "there").mkdir()
    (folder / "there" / "file").write_text("mine")
    done = harness("init", name)
    assert done.exit_code == 2
    assert message in done.stderr
    assert (folder / "there" / "file").read_text() == "mine"
    (folder / "empty").mkdir()
    assert harness("init", "empty").exit_code == 0


def test_init_picks_entailment_if_its_model_is_installed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both configs are valid; with lexical, the output says how to switch."""
    for state, used, hint in (("ready", "entailment", ""), ("not pulled", "lexical", "`verifier: entailment`")):
        monkeypatch.setattr("harness.weights.store.get_state", lambda _, state=state: state)
        done = harness("init", used)
        lines = (folder / used / "configs" / "base.yaml").read_text("utf-8").splitlines()
        assert {line for line in lines if "verifier: " in line and line[0] != "#"} == {f"verifier: {used}"}
        assert {"verifier: entailment", "verifier: lexical"} <= {line.removeprefix("# ") for line in lines}
        assert ("lexical" in done.stdout) == bool(hint)
        assert hint in done.stdout
