"""What of a results folder from somebody else is followed: nothing that runs code, asks a server or leads out."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
import viewing
from command_line import harness
from viewing import open_viewer, words

from harness import config, pipeline

METRIC = "import pathlib\npathlib.Path('ran').touch()\nraise SystemExit\n"
PLUGIN = "import pathlib\npathlib.Path('ran').touch()\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a run, as somebody else made it."""
    project = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARNESS_HOME", str(tmp_path_factory.mktemp("other-home")))
        viewing.make_project(project)
    return project


@pytest.fixture
def foreign(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That project as it was handed over, with code of its maker in it; it is the working folder."""
    project = tmp_path / "project"
    shutil.copytree(made, project)
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(project)
    monkeypatch.syspath_prepend(str(project))
    (project / "evil_plugin.py").write_text(PLUGIN)
    (project / "results" / "small" / "m.py").write_text(METRIC)
    return project


def name(project: Path, **changes: Any) -> None:
    """Let the manifest's config name other things."""
    path = project / "results" / "small" / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["config"] |= changes
    path.write_text(json.dumps(manifest))


READERS = (("score", "results/small"), ("compare", "results/small", "--by", "system"))
"""Commands that read a run."""


def refused(*command: str) -> str:
    """What a command says that is refused."""
    result = harness(*command)
    assert result.exit_code == 2
    return result.output


JUDGE = {"kind": "judge", "model": "m", "base_url": "http://evil.example/v1"}
FOREIGN: list[tuple[dict[str, Any], str]] = [
    ({"verifier": JUDGE}, "verifier: sends texts to the server http://evil.example/v1"),
    ({"verifier": {"kind": "judge", "model": "m"}}, "verifier: sends texts to the server https://api.openai.com/v1"),
    ({"verifier": "evil_plugin:Verifier"}, "verifier.kind: evil_plugin:Verifier is code that is not harness's own"),
    ({"verifier": {"kind": "cascade", "steps": ["lexical", JUDGE]}}, "verifier.steps[1]: sends texts"),
    ({"verifier": {"kind": "nli", "model": "evil/model"}}, "verifier: loads the model evil/model"),
    ({"scorers": ["length", {"kind": "evaluate", "metric": "./m.py", "keys": ["x"]}]}, "scorers[1]: runs the Python"),
    ({"scorers": ["evil_plugin:Scorer"]}, "scorers[0].kind: evil_plugin:Scorer is code"),
    ({"articles": [{"dataset": "evil/articles"}]}, "articles[0]: evil/articles is fetched from the hub"),
    ({"articles": ["/etc"]}, "articles[0]: /etc lies outside the folders"),
    ({"articles": ["../../../../../etc"]}, "lies outside the folders of this command"),
    ({"verifier": {"kind": "lexical", "threshold": "${HOME}"}}, "verifier.threshold: takes the environment variable"),
    ({"articles": ["${HOME}/a"]}, "articles[0]: takes the environment variable HOME"),
    ({"labels": "/srv/labels.jsonl"}, "labels: labels would be written to /srv/labels.jsonl"),
    ({"labels": "../../configs/small.yaml"}, "labels: labels would be written to ../../configs/small.yaml"),
]


@pytest.mark.parametrize(("changes", "said"), FOREIGN)
def test_a_foreign_manifest_runs_no_foreign_code(foreign: Path, changes: dict[str, Any], said: str) -> None:
    """What a foreign manifest names beyond built-in kinds stops scoring, and is named."""
    name(foreign, **changes)
    told = refused("score", "results/small")
    assert said in told
    assert "add --trust" in told
    assert not (foreign / "ran").exists()


@pytest.mark.parametrize("verifier", ["evil_plugin:Verifier", {"kind": "evil_plugin:Verifier"}])
def test_an_option_of_ones_own_vouches_for_no_verifier_that_it_is_laid_over(foreign: Path, verifier: Any) -> None:
    name(foreign, verifier=verifier)
    told = refused("score", "results/small", "--set", "verifier={threshold: 0.6}")
    assert "verifier.kind: evil_plugin:Verifier is code that is not harness's own" in told
    assert not (foreign / "ran").exists()


def test_a_verifier_of_ones_own_has_no_option_that_the_manifest_named(foreign: Path) -> None:
    name(foreign, verifier={"kind": "lexical", "threshold": 0.9})
    done = harness("score", "results/small", "--set", "verifier={kind: lexical}", "-q")
    assert done.exit_code == 0, done.output
    manifest = json.loads((foreign / "results" / "small" / "manifest.json").read_text("utf-8"))
    assert manifest["config"]["verifier"]["threshold"] == 0.5


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
def test_so_it_does_every_other_command_on_a_run(foreign: Path, command: tuple[str, ...]) -> None:
    shutil.copytree(foreign / "results" / "small", foreign / "results" / "other")
    name(foreign, verifier="evil_plugin:Verifier", scorers=["evil_plugin:Scorer"])
    assert "verifier.kind: evil_plugin:Verifier is code that is not harness's own" in refused(*command)
    assert not (foreign / "ran").exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"articles": 5}, "articles: Input should be a valid list"),
        ({"scorers": 5}, "scorers: Input should be a valid list"),
        ({"limit": "x"}, "limit: Input should be a valid integer"),
        ({"labels": [1]}, "labels: Input should be a valid string"),
    ],
)
def test_what_is_no_config_is_refused_by_whoever_reads_it(foreign: Path, changes: dict[str, Any], said: str) -> None:
    name(foreign, **changes)
    for command in READERS:
        assert f"results/small/manifest.json cannot be read: {said}" in refused(*command)


@pytest.mark.parametrize("text", ["[" * 100_000, "[]", '{"format": 1}'])
def test_a_manifest_that_is_none_is_one_line_everywhere(foreign: Path, text: str) -> None:
    (foreign / "results" / "small" / "manifest.json").write_text(text)
    for command in (*READERS, ("doctor", "results/small")):
        result = harness(*command)
        assert result.exit_code in (1, 2)
        assert "results/small/manifest.json cannot be read: " in result.output
        assert result.output.count("\n") == 1
    assert "cannot be read" in harness("ls").output


@pytest.mark.parametrize("file", ["summaries.jsonl", "manifest.json", "report.md"])
def test_a_pipe_in_a_runs_folder_is_refused_and_not_waited_for(foreign: Path, file: str) -> None:
    path = foreign / "results" / "small" / file
    path.unlink()
    os.mkfifo(path)
    for command in READERS:
        assert f"results/small/{file} is a pipe or a device; remove it" in refused(*command)


def test_a_foreign_run_of_built_in_kinds_is_scored_and_read_without_a_word(foreign: Path) -> None:
    assert harness("score", "results/small", "-q").output == ""
    assert harness("compare", "results/small", "--by", "system").exit_code == 0


@pytest.mark.parametrize("key", ["engine", "output", "extends"])
def test_what_no_manifest_of_ours_has_is_not_followed(foreign: Path, key: str) -> None:
    """A cluster of somebody else's would be handed code and texts."""
    given = {"kind": "ray", "address": "evil.example:6379"} if key == "engine" else "../../../elsewhere"
    name(foreign, **{key: given})
    assert harness("score", "results/small", "-q").exit_code == 0
    assert not (foreign.parent / "elsewhere").exists()


def test_what_the_user_puts_in_its_place_is_the_users(foreign: Path) -> None:
    name(foreign, verifier=JUDGE)
    assert harness("score", "results/small", "-q", "--set", "verifier=lexical").exit_code == 0
    assert harness("score", "results/small", "-q", "--config", "configs/small.yaml").exit_code == 0


def test_trust_holds_for_the_folder_until_what_its_manifest_names_changes(foreign: Path) -> None:
    name(foreign, scorers=["plugins_of_others:FailingScorer"])
    assert harness("score", "results/small", "-q").exit_code == 2
    assert harness("score", "results/small", "-q", "--trust").exit_code == 0
    assert harness("compare", "results/small", "--by", "system").exit_code == 0
    shutil.copytree(foreign / "results" / "small", foreign / "results" / "copy")
    assert harness("score", "results/copy", "-q").exit_code == 2, "a copy may have been changed on its way"
    name(foreign, scorers=["plugins_of_others:FailingScorer", "evil_plugin:Scorer"])
    assert "evil_plugin:Scorer is code" in harness("score", "results/small", "-q").output
    assert not (foreign / "ran").exists()


def test_a_copied_baseline_that_is_judged_by_a_config_with_a_plugin_is_gated_once_it_is_trusted(foreign: Path) -> None:
    """The recipe of docs/gating-a-change.md."""
    config = foreign / "configs" / "small.yaml"
    text = re.sub("scorers: .*", "scorers: [length, 'plugins_of_others:FailingScorer']", config.read_text("utf-8"))
    config.write_text(text, "utf-8")
    harness("run", "configs/small.yaml", "-q", "-o", "results/new")
    shutil.copytree(foreign / "results" / "new", foreign / "results" / "old")
    score, gate = ("score", "results/old", "-q", "--config", "configs/small.yaml"), ("gate", "results/new")
    harness(*score)
    assert "was not made here, or was copied or moved" in harness(*gate, "--against", "results/old").output
    harness(*score, "--trust")
    assert "Gate " in harness(*gate, "--against", "results/old").output


@pytest.mark.parametrize(
    "command", [("meta-eval", "results/small"), ("calibrate", "results/small", "-o", "calibration.json")]
)
def test_whoever_measures_a_checker_on_a_run_may_trust_it_too(foreign: Path, command: tuple[str, ...]) -> None:
    """What is said then is what a run of one's own is told: nobody has labelled it."""
    name(foreign, scorers=["plugins_of_others:FailingScorer"])
    assert "add --trust" in harness(*command, "--verifier", "lexical").output
    for trust in (["--trust"], []):
        said = harness(*command, "--verifier", "lexical", *trust).output
        assert "not followed" not in said
        assert "label" in said


@pytest.mark.parametrize("config", ["configs/small.yaml", "configs/a b; touch ran.yaml"])
def test_a_manifest_with_options_of_an_older_harness_names_the_command_that_judges_it(
    foreign: Path, config: str
) -> None:
    """It can be typed as it stands, whatever the config is called, and does what it says."""
    (foreign / "configs" / "small.yaml").rename(foreign / config)
    name(foreign, verifier={"kind": "lexical", "settle": 0.7})
    path = foreign / "results" / "small" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"config_file": config}))
    told = refused("score", "results/small")
    assert "verifier.settle: is not a key here" in told
    command = shlex.join(["harness", "score", "results/small", "--config", config])
    assert told.endswith(f"judge it anew: {command}\n")
    assert harness(*shlex.split(command)[1:], "-q").exit_code == 0
    assert harness("score", "results/small", "-q").exit_code == 0
    typed = harness("score", "results/small", "--set", "verifier.settle=1")
    assert "judge it anew" not in typed.output, "what is typed wrongly is no fault of the manifest"


def test_a_run_of_somebody_elses_can_be_read_after_code_of_ones_own_has_scored_it(foreign: Path) -> None:
    """What would need trust is not written into a manifest that nobody here vouches for."""
    plugin = '["plugins_of_others:FailingScorer"]'
    assert harness("score", "results/small", "-q", "--set", f"scorers={plugin}").exit_code == 0
    assert harness("compare", "results/small", "--by", "system").exit_code == 0
    assert harness("score", "results/small", "-q").exit_code == 0


def test_a_run_made_here_needs_no_word(foreign: Path) -> None:
    path = foreign / "configs" / "own.yaml"
    path.write_text(
        (foreign / "configs" / "small.yaml").read_text().replace("length]", "plugins_of_others:FailingScorer]")
    )
    pipeline.run(config.load(path, ["output=results/own"]), use_cache=False)
    assert harness("score", "results/own", "-q").exit_code == 0


def test_a_mark_made_by_somebody_else_vouches_for_nothing(foreign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name(foreign, verifier=JUDGE)
    monkeypatch.setenv("HARNESS_HOME", str(foreign.parent / "other-home"))
    assert harness("agreement", "results/small", "--trust").exit_code in (0, 2)
    assert (foreign / "results" / "small" / ".trusted").is_file()
    monkeypatch.setenv("HARNESS_HOME", str(foreign.parent / "home"))
    assert "sends texts to the server" in harness("agreement", "results/small").output


def test_a_key_that_was_never_written_to_its_end_is_made_anew(foreign: Path) -> None:
    """Else nothing could be trusted again, and no word said why."""
    name(foreign, scorers=["plugins_of_others:FailingScorer"])
    key = foreign.parent / "home" / "trust.key"
    key.parent.mkdir(exist_ok=True)
    key.touch()
    assert harness("score", "results/small", "-q", "--trust").exit_code == 0
    assert harness("score", "results/small", "-q").exit_code == 0


def test_view_shows_a_foreign_run_as_untrusted_and_runs_nothing_of_it(foreign: Path) -> None:
    name(foreign, scorers=["evil_plugin:Scorer"])
    viewer = open_viewer(foreign)
    assert "was not made here" in words(viewer.get("/"))
    for path in ("/runs/small/", "/runs/small/judge?annotator=ada", "/compare?run=small"):
        answer = viewer.get(path)
        assert answer.status_code == 409
        assert "evil_plugin:Scorer is code that is not harness's own" in words(answer)
    assert not (foreign / "ran").exists()


@pytest.mark.parametrize(
    "file", ["summaries.jsonl", "verdicts.jsonl", "scores.jsonl", ".lock", "superseded", "report.md"]
)
def test_a_link_out_of_the_runs_folder_is_not_followed(foreign: Path, file: str) -> None:
    """verdicts.jsonl → ~/.bashrc would have had verdicts appended."""
    secret = foreign.parent / "secret"
    secret.write_text("mine\n")
    path = foreign / "results" / "small" / file
    path.unlink(missing_ok=True)
    path.symlink_to(secret)
    for command in READERS:
        assert f"results/small/{file} is a link that leads out of the run's folder" in refused(*command)
    assert "is a link that leads out" in words(open_viewer(foreign).get("/runs/small/"))
    assert secret.read_text() == "mine\n"


def test_view_lists_no_run_that_a_link_leads_to_from_elsewhere(foreign: Path) -> None:
    shutil.move(foreign / "results" / "small", foreign.parent / "moved")
    (foreign / "results" / "small").symlink_to(foreign.parent / "moved")
    assert open_viewer(foreign).get("/runs/small/").status_code == 404
