"""Commands on a run from someone else run no foreign code, contact no server and follow no link out of its folder."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
from command_line import harness
from viewing import open_viewer, read_page

CODE = "import pathlib\npathlib.Path('ran').touch()\n"


@pytest.fixture
def foreign(project_copy: Path, empty_home: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with code and a run from someone else: this HARNESS_HOME has not seen the run."""
    monkeypatch.syspath_prepend(str(project_copy))
    (project_copy / "evil_plugin.py").write_text(CODE)
    (project_copy / "results" / "small" / "m.py").write_text(CODE)
    return project_copy


def edit_manifest(project: Path, **changes: Any) -> None:
    """Change keys of the config in the manifest."""
    path = project / "results" / "small" / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["config"] |= changes
    path.write_text(json.dumps(manifest))


READERS = (("score", "results/small"), ("compare", "results/small", "--by", "system"))
"""Commands that read a run."""


def read_refusal(*command: str) -> str:
    """Run a command that must exit with code 2, and return its output."""
    result = harness(*command)
    assert result.exit_code == 2
    return result.output


JUDGE = {"kind": "judge", "model": "m", "base_url": "http://evil.example/v1"}
FOREIGN: list[tuple[dict[str, Any], str]] = [
    ({"verifier": JUDGE}, "verifier: sends texts to the server http://evil.example/v1"),
    ({"verifier": {"kind": "judge", "model": "m"}}, "verifier: sends texts to the server https://api.openai.com/v1"),
    ({"verifier": "evil_plugin:Verifier"}, "verifier.kind: evil_plugin:Verifier is code from outside harness"),
    ({"verifier": {"kind": "cascade", "steps": ["lexical", JUDGE]}}, "verifier.steps[1]: sends texts"),
    ({"verifier": {"kind": "nli", "model": "evil/model"}}, "verifier: loads the model evil/model"),
    ({"scorers": ["length", {"kind": "evaluate", "metric": "./m.py", "keys": ["x"]}]}, "scorers[1]: runs the Python"),
    ({"scorers": ["evil_plugin:Scorer"]}, "scorers[0].kind: evil_plugin:Scorer is code"),
    ({"articles": [{"dataset": "evil/articles"}]}, "articles[0]: downloads evil/articles from the hub"),
    ({"articles": ["/etc"]}, "articles[0]: /etc is outside your folders"),
    ({"articles": ["../../../../../etc"]}, "is outside your folders"),
    ({"verifier": {"kind": "lexical", "threshold": "${HOME}"}}, "verifier.threshold: uses the environment variable"),
    ({"articles": ["${HOME}/a"]}, "articles[0]: uses the environment variable HOME"),
    ({"labels": "/srv/labels.jsonl"}, "labels: labels would go to /srv/labels.jsonl"),
    ({"labels": "../../configs/small.yaml"}, "labels: labels would go to ../../configs/small.yaml"),
]


@pytest.mark.parametrize(("changes", "message"), FOREIGN)
def test_untrusted_manifest_is_refused_and_runs_no_code(
    foreign: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], message: str
) -> None:
    monkeypatch.setenv("HARNESS_ALLOW_ENV", "HOME")
    edit_manifest(foreign, **changes)
    output = read_refusal("score", "results/small")
    assert message in output
    assert "add --trust" in output
    assert not (foreign / "ran").exists()


@pytest.mark.parametrize("verifier", ["evil_plugin:Verifier", {"kind": "evil_plugin:Verifier"}])
def test_overriding_an_option_does_not_trust_the_verifier(foreign: Path, verifier: Any) -> None:
    edit_manifest(foreign, verifier=verifier)
    output = read_refusal("score", "results/small", "--set", "verifier={threshold: 0.6}")
    assert "verifier.kind: evil_plugin:Verifier is code from outside harness" in output
    assert not (foreign / "ran").exists()


@pytest.mark.parametrize(
    "command",
    [
        ("compare", "results/small", "--by", "system"),
        ("agreement", "results/small"),
        ("gate", "results/small", "--against", "results/other"),
        ("label", "results/small", "--annotator", "ada", "--export", "pairs.jsonl"),
        ("meta-eval", "results/small"),
        ("calibrate", "results/small", "-o", "calibration.json"),
    ],
    ids=lambda words: words[0],
)
def test_every_command_on_a_run_refuses_an_untrusted_manifest(foreign: Path, command: tuple[str, ...]) -> None:
    shutil.copytree(foreign / "results" / "small", foreign / "results" / "other")
    edit_manifest(foreign, verifier="evil_plugin:Verifier", scorers=["evil_plugin:Scorer"])
    assert "verifier.kind: evil_plugin:Verifier is code from outside harness" in read_refusal(*command)
    assert not (foreign / "ran").exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"articles": 5}, "articles: Input should be"),
        ({"articles": ["a\0"]}, "articles.0."),
        ({"labels": [1]}, "labels: Input should be"),
        ({"labels": "a\0"}, "labels: String should match"),
        ({"verifier": json.loads("[" * 600 + "]" * 600)}, "its config is nested too deeply"),
    ],
)
def test_invalid_config_in_a_manifest_is_refused(foreign: Path, changes: dict[str, Any], message: str) -> None:
    edit_manifest(foreign, **changes)
    for command in READERS:
        assert f"results/small/manifest.json cannot be read: {message}" in read_refusal(*command)
    assert harness("ls").exit_code == 0


@pytest.mark.parametrize("text", ["[" * 100_000, "[]", '{"format": 1}', "x"])
def test_unreadable_manifest_gives_one_line(foreign: Path, text: str) -> None:
    (foreign / "results" / "small" / "manifest.json").write_text(text)
    for command in READERS:
        result = harness(*command)
        assert result.exit_code in (1, 2)
        assert re.search(r"small/manifest.json (cannot be read: |is not valid JSON \(line 1\); run)", result.output)
        assert result.output.count("\n") == 1
    assert "cannot be read: " in harness("ls").output


@pytest.mark.parametrize("file", ["summaries.jsonl", "manifest.json", "report.md"])
def test_pipe_in_a_run_folder_is_refused(foreign: Path, file: str) -> None:
    path = foreign / "results" / "small" / file
    path.unlink()
    os.mkfifo(path)
    for command in READERS:
        assert f"results/small/{file} is a pipe or a device; remove it" in read_refusal(*command)


@pytest.mark.parametrize("key", ["engine", "output", "extends"])
def test_engine_output_and_extends_of_a_manifest_are_ignored(foreign: Path, key: str) -> None:
    """Otherwise a manifest could send code and texts to a foreign cluster."""
    given = {"kind": "ray", "address": "evil.example:6379"} if key == "engine" else "../../../elsewhere"
    edit_manifest(foreign, **{key: given})
    assert harness("score", "results/small", "-q").exit_code == 0
    assert not (foreign.parent / "elsewhere").exists()


def test_built_in_kinds_and_the_users_overrides_and_config_need_no_trust(foreign: Path) -> None:
    assert harness("score", "results/small", "-q").output == ""
    assert harness("score", "results/small", "-q", "--set", 'scorers=["plugins_of_others:Careless"]').exit_code == 0
    assert harness("compare", "results/small", "--by", "system").exit_code == 0
    edit_manifest(foreign, verifier=JUDGE, scorers=["length"])
    (foreign / "results" / "small" / "trusted").write_text("0" * 64)  # a file in the run folder grants no trust
    assert "sends texts to the server" in harness("agreement", "results/small").output
    assert harness("score", "results/small", "-q", "--set", "verifier=lexical").exit_code == 0
    assert harness("score", "results/small", "-q", "--config", "configs/small.yaml").exit_code == 0


def test_trust_ends_when_the_run_is_copied_or_its_manifest_changes(foreign: Path) -> None:
    edit_manifest(foreign, scorers=["plugins_of_others:Careless"])
    assert harness("score", "results/small", "-q").exit_code == 2
    assert harness("score", "results/small", "-q", "--trust").exit_code == 0
    assert harness("compare", "results/small", "--by", "system").exit_code == 0
    shutil.copytree(foreign / "results" / "small", foreign / "results" / "copy")
    assert harness("score", "results/copy", "-q").exit_code == 2, "a copy may have been changed on its way"
    edit_manifest(foreign, scorers=["plugins_of_others:Careless", "evil_plugin:Scorer"])
    assert "evil_plugin:Scorer is code" in harness("score", "results/small", "-q").output
    assert not (foreign / "ran").exists()


def test_copied_baseline_is_trusted_once_scored_with_the_users_config(foreign: Path) -> None:
    """The recipe of docs/gating-a-change.md."""
    config = foreign / "configs" / "small.yaml"
    text = re.sub("scorers: .*", "scorers: [length, 'plugins_of_others:Careless']", config.read_text("utf-8"))
    config.write_text(text, "utf-8")
    harness("run", "configs/small.yaml", "-q", "-o", "results/new")
    shutil.copytree(foreign / "results" / "new", foreign / "results" / "old")
    gate = ("gate", "results/new", "--against", "results/old")
    assert "was made elsewhere, copied or moved" in harness(*gate).output
    harness("score", "results/old", "-q", "--config", "configs/small.yaml")
    assert "Gate " in harness(*gate).output


@pytest.mark.parametrize("config", ["configs/small.yaml", "configs/a b; touch ran.yaml"])
def test_manifest_with_unknown_options_names_the_command_that_rescores_it(foreign: Path, config: str) -> None:
    """The command can be typed unchanged, whatever the config is called, and rescores the run."""
    (foreign / "configs" / "small.yaml").rename(foreign / config)
    edit_manifest(foreign, verifier={"kind": "lexical", "settle": 0.7})
    path = foreign / "results" / "small" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"config_file": config}))
    output = read_refusal("score", "results/small")
    assert "verifier.settle: unknown key" in output
    assert read_refusal("compare", "results/small", "--by", "system") == output
    command = shlex.join(["harness", "score", "results/small", "--config", config])
    assert output.splitlines()[0].endswith(f"score the run again: {command}")
    assert harness(*shlex.split(command)[1:], "-q").exit_code == 0
    assert harness("score", "results/small", "-q").exit_code == 0
    typed = harness("score", "results/small", "--set", "verifier.settle=1")
    assert "score the run again" not in typed.output, "a typo is not the manifest's fault"


def test_view_shows_an_untrusted_run_and_runs_no_code(foreign: Path) -> None:
    edit_manifest(foreign, scorers=["evil_plugin:Scorer"])
    viewer = open_viewer(foreign)
    for path in ("/runs/small/", "/runs/small/judge?annotator=ada", "/compare?run=small"):
        assert "evil_plugin:Scorer is code from outside harness" in read_page(viewer.get(path))
    assert not (foreign / "ran").exists()


@pytest.mark.parametrize("file", ["summaries.jsonl", ".lock", "superseded", "superseded/verdicts.jsonl", "report.md"])
def test_link_out_of_a_run_folder_is_refused(foreign: Path, file: str) -> None:
    """Otherwise harness would append records to the link's target, such as ~/.bashrc."""
    secret = foreign.parent / "secret"
    secret.write_text("mine\n")
    path = foreign / "results" / "small" / file
    path.unlink(missing_ok=True)
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(secret)
    for command in READERS:
        assert f"results/small/{file} is a link out of its folder" in read_refusal(*command)
    assert "is a link out of its folder" in read_page(open_viewer(foreign).get("/runs/small/"))
    assert secret.read_text() == "mine\n"
