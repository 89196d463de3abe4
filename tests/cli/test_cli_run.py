"""``harness run``, its exit codes, and what commands print: errors and paths never steer the terminal."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import builders
import pytest
from command_line import harness
from loopback import completion, serve

from harness import pipeline
from harness.data import labels
from harness.records import Annotation, Shown
from harness.trust.labelling import AnnotationQueue, AnnotationSession

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.usefixtures("empty_home")


def write_config(folder: Path, verifier: str = "lexical") -> Path:
    row = {"id": "a", "text": "The council met. It voted.", "facts": ["A meeting took place.", "There was a ballot."]}
    return builders.write_config(folder, row, verifier=verifier, scorers="[fact_recall]")


def test_run_with_missing_verdicts_says_so_first_and_exits_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A judge whose answers cannot be read abstains; that must not look like a score of 0, until people judge."""
    monkeypatch.chdir(tmp_path)
    with serve(lambda *_: completion("Sure! Here is the verdict: {…}", model="m")) as server:
        path = write_config(tmp_path, f"{{kind: judge, model: m, base_url: '{server.url}'}}")
        done = harness("run", path, "--no-cache")
        tolerated = harness("run", path, "--no-cache", "--max-missing", "1")
        session = AnnotationSession(AnnotationQueue(pipeline.read(Path("out"))), "ada")
        session.submit([session.annotate(task, "absent") for task in session.list_waiting()])
        labelled = harness("run", path)
    assert done.exit_code == 1
    warning = next(line for line in done.stderr.splitlines() if not line.startswith("harness: asking"))
    assert "2 of 4 verdicts are missing" in warning
    assert done.output.index(warning) < done.output.index("report: ")
    assert tolerated.exit_code == 0
    assert (labelled.exit_code, "verdicts are missing" in labelled.stderr) == (0, False)


def test_run_fails_if_a_system_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise, CI would accept a prompt that the model never answers."""
    monkeypatch.chdir(tmp_path)
    path = write_config(tmp_path)
    with serve(lambda *_: completion("", model="m")) as server:
        served = f"models.served={{kind: openai_api, model: m, base_url: '{server.url}'}}"
        done = harness("run", path, "-q", "--set", served, "--set", "prompts.plain='{{ article.text }}'")
    assert done.exit_code == 1
    assert done.stderr.splitlines()[-1].startswith("harness: served/plain: no summary has text")


def test_labels_none_reports_the_verifier_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped article has people's labels; the choice is kept in the manifest and can be taken back."""
    monkeypatch.chdir(ROOT)
    narrow = ("--only", "lead", "--set", "verifier=lexical", "--set", "scorers=[fact_recall]", "-q")
    for name, option in (("labelled", ()), ("alone", ("--labels", "none"))):
        assert harness("run", "configs/base.yaml", *narrow, "-o", tmp_path / name, *option).exit_code == 0
    assert len(pipeline.read(tmp_path / "labelled").labels) > 0
    assert pipeline.read(tmp_path / "alone").labels == ()
    assert harness("score", tmp_path / "alone", "-q").exit_code == 0
    assert pipeline.read(tmp_path / "alone").labels == ()
    assert harness("score", tmp_path / "alone", "--set", "labels=null", "-q").exit_code == 0
    assert len(pipeline.read(tmp_path / "alone").labels) > 0


def test_run_warns_of_labels_that_it_cannot_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    command = ("run", write_config(tmp_path), "-q")
    Path("articles.jsonl.labels.jsonl").write_text("{}\n", "utf-8")
    done = harness(*command)
    assert (done.exit_code, done.stderr.count("warning: articles.jsonl.labels.jsonl:1: ")) == (0, 1)
    other = Annotation("1", "ada", "2026", "a", "coverage", "f01", "It rains.", "0f", "absent", Shown(True))
    labels.append({Path("others.jsonl"): [other]})
    said = "warning: others.jsonl: none of its labels is for a fact or claim of this run\n"
    done = harness(*command, "--labels", "others.jsonl")
    assert (done.exit_code, done.stderr) == (0, said)
    for path, fault in (("run.yaml", "holds no labels; name a file"), (".", "is a folder; name a file")):
        done = harness(*command, "--labels", path)
        assert done.exit_code == 2
        assert f"labels: {path}: {fault}" in done.stderr


STEERING = "\x1b]0;owned\x07\x1b[2J\u202e"


@pytest.mark.parametrize("command", ["run {}", "score {}", "facts list {}", "run --{}", "{}", "models pull {}"])
def test_arguments_never_reach_the_terminal_raw(command: str) -> None:
    result = harness(*command.format(STEERING).split(" "))
    assert result.exit_code != 0
    assert not {"\x1b", "\x07", "\u202e"} & set(result.output)
    assert "Traceback" not in result.output


ARTICLES = ["loop", "x" * 5000, "' '", "/dev/zero", "articles.jsonl/below", '"a\\0b"', "[[x]]", "{path: loop}"]
EXTENDS = ["loop", "x" * 5000, "~nobody-here/x", "base.yaml\nmodels: {lead: {kind: [x]}}"]


@pytest.mark.parametrize(
    ("key", "path"), [("articles", each) for each in ARTICLES] + [("extends", each) for each in EXTENDS]
)
def test_refused_path_gives_one_message(tmp_path: Path, key: str, path: str) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    write_config(tmp_path).rename(tmp_path / "base.yaml")
    lines = {"extends": "base.yaml"} | {key: path}
    (tmp_path / "run.yaml").write_text("".join(f"{name}: {value}\n" for name, value in lines.items()), "utf-8")
    result = harness("validate", tmp_path / "run.yaml")
    assert result.exit_code == 2
    assert result.output.startswith("harness: ")
    assert len(result.output) < 1000


def test_damaged_cache_is_recomputed_and_bad_scores_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = write_config(tmp_path)
    assert harness("run", path, "-q").exit_code == 0
    with sqlite3.connect(tmp_path / "home" / "cache.sqlite") as cache:
        cache.execute("UPDATE generations SET value = ?", (b"not JSON",))
        cache.execute("UPDATE verdicts SET value = ?", (b"\xff",))
    assert harness("run", path, "-q", "-o", "again").exit_code == 0
    again, first = (tmp_path / name / "summaries.jsonl" for name in ("again", "out"))
    assert again.read_text().count('"text"') == first.read_text().count('"text"')
    (tmp_path / "out" / "scores.jsonl").unlink()
    (tmp_path / "out" / "scores.jsonl").mkdir()
    assert harness("compare", "out", "--by", "system").exit_code == 2
