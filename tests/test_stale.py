"""A run is stale if its inputs changed since it was scored; ``harness score --stale`` rescores stale runs."""

from __future__ import annotations

import json
import os
import shutil
import warnings
from collections.abc import Collection
from pathlib import Path

import pytest
import viewing
from command_line import harness

from harness import load_run, pipeline, stale
from harness.data.runs.results import RunFolder
from harness.errors import RunFolderError
from harness.trust.labelling import AnnotationQueue, AnnotationSession

RUN = Path("results/small")
BRIDGE = Path("references/bridge")


@pytest.fixture(autouse=True)
def folder(project_copy: Path) -> Path:
    return project_copy


def find_changes() -> list[str]:
    return list(stale.find_changes(RunFolder(RUN))[0])


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def label(run: Path, articles: Collection[str] = ("bridge", "flood")) -> None:
    """Label the pairs of these articles as Ada."""
    session = AnnotationSession(AnnotationQueue(pipeline.read(run)), "ada")
    tasks = [task for task in session.list_waiting() if task.item.article.id in articles]
    session.submit([session.annotate(task, "supported") for task in tasks])


def test_each_change_is_named_with_its_articles() -> None:
    replace(BRIDGE / "facts.yaml", "importance: supporting", "importance: detail")
    (BRIDGE / "references" / "short.md").write_text("The bridge is closed.\n", "utf-8")
    label(RUN)
    replace(RUN / "manifest.json", '"lexical|', '"lexical|older|')
    replace(RUN / "manifest.json", '"length|', '"length|older|')
    assert find_changes() == ["facts of bridge", "references of bridge", "labels", "verifier", "scorer length"]


def test_compare_gate_export_and_load_run_warn_of_stale_runs() -> None:
    """They show today's facts and importance next to scores for the old ones."""
    other = RUN.with_name("other")
    shutil.copytree(RUN, other)

    def warn() -> list[str]:
        commands = ("compare", RUN), ("export", RUN, "--to", "csv"), ("gate", RUN, "--against", other)
        with warnings.catch_warnings(record=True) as caught:
            load_run(RUN)
        return [*(harness(*words).stderr for words in commands), *(f"warning: {each.message}\n" for each in caught)]

    assert warn() == ["", "", ""]
    replace(BRIDGE / "facts.yaml", "importance: supporting", "importance: detail")
    of_run, of_other = (
        f"warning: facts of bridge changed since {run} was scored; to score it again: harness score {run}\n"
        for run in (RUN, other)
    )
    assert warn() == [of_run, of_run, of_run + of_other, of_run]


def test_changed_language_makes_a_run_stale_until_it_is_scored_again() -> None:
    """Verdicts depend on it; summaries do not."""
    replace(BRIDGE / "article.md", "title: Bridge", "title: Bridge\nlanguage: de")
    assert find_changes() == ["language of an article"]
    assert harness("score", "--stale").stdout == f"{RUN}: scored again; changed: language of an article\n"
    assert find_changes() == []


def test_changed_date_affects_no_verdict() -> None:
    verified = {check.key for check in RunFolder(RUN).checks}
    replace(BRIDGE / "article.md", "title: Bridge", "title: Bridge\ndate: 2026-03-04")
    assert find_changes() == []
    assert harness("score", RUN, "-q").exit_code == 0
    assert {check.key for check in RunFolder(RUN).checks} == verified


def test_comments_other_articles_and_unknown_contexts_do_not_make_a_run_stale() -> None:
    label(RUN)
    assert harness("score", RUN, "-q").exit_code == 0
    viewing.write_article(Path("references"), "storm", "A storm took the roof of the school. Nobody was hurt.")
    assert harness("run", "configs/small.yaml", "-o", "results/later", "-q").exit_code == 0
    label(Path("results/later"), ["storm"])
    assert Path("references/storm/labels.jsonl").is_file()
    replace(BRIDGE / "facts.yaml", "# The editor's own comment.", "# Another comment.")
    assert find_changes() == []
    manifest = json.loads((RUN / "manifest.json").read_text("utf-8"))
    (RUN / "manifest.json").write_text(json.dumps(manifest | {"contexts": ""}), "utf-8")
    replace(BRIDGE / "article.md", "title: Bridge", "title: Bridge\nlanguage: de")
    assert find_changes() == []


def test_missing_article_is_named() -> None:
    shutil.rmtree("references/flood")
    assert find_changes() == ["article flood (not found)"]


def test_changed_article_does_not_stop_other_runs() -> None:
    config = Path("configs/small.yaml")
    replace(config, "output: ../results/small", "output: ../results/other")
    replace(config, "articles: ../references", "articles: ../references/bridge")
    assert harness("run", config, "-q").exit_code == 0
    replace(Path("references/flood/article.md"), "three metres", "four metres")
    replace(BRIDGE / "facts.yaml", "kind: number", "kind: event")
    done = harness("score", "--stale")
    assert done.exit_code == 1
    assert "results/other: scored again; changed: facts of bridge" in done.stdout
    assert "results/small: these articles were changed or removed after they were summarised: flood" in done.stderr
    assert "regenerate their summaries: harness run " in done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "name a run to score, e.g. results/base; --stale scores every stale run"),
        (("--stale", "--set", "seed=3"), "--stale scores each run with its own config"),
        ((RUN, "--set", "models.lead.x=1"), "--set models.lead.x: harness score keeps the summaries and cannot set"),
        ((RUN, "--set", "limit=1"), "--set limit: harness score keeps the summaries and cannot set limit"),
    ],
)
def test_score_refuses_arguments_it_cannot_use(words: tuple[str, ...], message: str) -> None:
    done = harness("score", *words)
    assert done.exit_code == 2
    assert message in done.stderr


def test_only_stale_runs_are_marked_and_scored_again() -> None:
    assert harness("score", "--stale").stdout == "no run is stale\n"
    assert "stale" not in harness("ls").stdout
    replace(BRIDGE / "facts.yaml", "importance: supporting", "importance: detail")
    listed = harness("ls").stdout
    assert "complete, stale¹" in listed
    assert "¹ changed since it was scored: facts of bridge\n" in listed
    done = harness("score", "--stale")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"{RUN}: scored again; changed: facts of bridge\n"
    assert harness("score", "--stale", RUN).stdout == "no run is stale\n"


@pytest.mark.parametrize(("tolerated", "code"), [("0.2", 1), ("1", 0)])
def test_stale_scoring_fails_if_too_many_verdicts_are_missing(tolerated: str, code: int) -> None:
    """The lexical verifier does not read German."""
    for article, title in (("bridge", "Bridge"), ("flood", "Flood")):
        replace(Path("references", article, "article.md"), f"title: {title}", f"title: {title}\nlanguage: de")
    done = harness("score", "--stale", "--max-missing", tolerated)
    assert (done.exit_code, done.stdout.startswith(f"{RUN}: scored again; ")) == (code, True)
    assert ("verdicts are missing" in done.stderr) == (code == 1)
    assert f"warning: {RUN}: " in done.stderr


@pytest.mark.parametrize("method", ["check", "depends", "signature", "metrics"])
def test_failing_plugin_hides_no_other_run(folder: Path, method: str) -> None:
    config = Path("configs/small.yaml")
    replace(config, "length]", "length, {kind: 'plugins_of_others:Breaking', broken: broken}]")
    Path("configs/broken").write_text("", "utf-8")
    assert harness("run", config, "-o", "results/breaking", "-q").exit_code == 0
    Path("configs/broken").write_text(method, "utf-8")
    replace(BRIDGE / "facts.yaml", "kind: number", "kind: event")
    listed = harness("ls")
    assert listed.exit_code == 0
    assert "small" in listed.stdout
    assert "breaking" in listed.stdout
    assert "small" in viewing.read_page(viewing.open_viewer(folder).get("/"))
    done = harness("score", "--stale")
    assert f"{RUN}: scored again; changed: facts of bridge" in done.stdout
    assert "results/breaking/manifest.json: scorers[3].kind: plugins_of_others:Breaking: its code fails" in done.stderr


@pytest.fixture(params=["verify.Verify.run", "score.score"])
def killed_run(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run whose rescoring was killed; if in verify, its old verdicts are gone."""
    process = os.fork()
    if process == 0:
        try:
            monkeypatch.setattr(f"harness.stages.{request.param}", lambda *_: os._exit(137))
            harness("score", RUN, "--set", "verifier.threshold=0.9")
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 137


@pytest.mark.usefixtures("killed_run")
def test_killed_scoring_is_stale_and_not_compared() -> None:
    assert find_changes() == ["verdicts (scoring was stopped)"]
    compared = harness("compare", RUN, "--by", "system")
    assert compared.exit_code == 2
    assert "results/small: scoring was stopped; score it again: harness score results/small" in compared.stderr
    assert "interrupted" in harness("ls").stdout
    with pytest.raises(RunFolderError, match="scoring was stopped"):
        load_run(RUN)


@pytest.mark.usefixtures("killed_run")
@pytest.mark.parametrize("words", [("score", "--stale"), ("run", "configs/small.yaml", "-q")])
def test_next_scoring_repairs_a_killed_one(words: tuple[str, ...]) -> None:
    """All verdicts are by the verifier in the manifest again."""
    assert harness(*words).exit_code == 0
    assert find_changes() == []
    checks = RunFolder(RUN).checks
    assert {check.verdict.verifier for check in checks} == {RunFolder(RUN).manifest.verifier}


def test_rescoring_adopts_the_labels_of_its_config() -> None:
    label(RUN)
    files = [Path("references", article, "labels.jsonl") for article in ("bridge", "flood")]
    lines = "".join(file.read_text("utf-8") for file in files)
    Path("labels.jsonl").write_text(lines, "utf-8")
    for file in files:
        file.unlink()
    config = Path("configs/small.yaml").read_text("utf-8")
    Path("configs/labelled.yaml").write_text(f"{config}labels: ../labels.jsonl\n", "utf-8")
    for name, expected in (("labelled", "../../labels.jsonl"), ("small", None)):
        assert harness("score", RUN, "--config", f"configs/{name}.yaml", "-q").exit_code == 0
        assert json.loads((RUN / "manifest.json").read_text("utf-8"))["config"].get("labels") == expected
        other = json.loads(lines.partition("\n")[0]) | {"id": name, "article_id": "storm", "hypothesis": "It blew."}
        Path("labels.jsonl").write_text(f"{lines}{json.dumps(other)}\n", "utf-8")
        assert find_changes() == []


def test_ctrl_c_stops_stale_scoring_and_the_next_finishes(folder: Path) -> None:
    verifier = f"verifier={{kind: 'plugins_of_others:InterruptedVerifier', free: '{folder / 'free'}'}}"
    stopped = harness("score", RUN, "--set", verifier, "-q")
    assert (stopped.exit_code, find_changes()) == (130, ["verdicts (scoring was stopped)"])
    again = harness("score", "--stale")
    assert (again.exit_code, again.stdout) == (130, "")
    assert again.stderr.endswith("harness: stopped; run the same command again to resume\n")
    Path("free").touch()
    done = harness("score", "--stale")
    assert (done.exit_code, done.stderr) == (0, "")
    assert find_changes() == []


@pytest.mark.parametrize("was_killed", [False, True])
def test_scoring_an_incomplete_run_names_the_command(folder: Path, was_killed: bool) -> None:
    """Ctrl-C interrupted the only model, so both summaries are missing; a killed run has no finished stage."""
    models = f"models={{slow: {{kind: 'plugins_of_others:Interrupted', free: '{folder / 'free'}'}}}}"
    words = ["run", "configs/small.yaml", "--set", models, "--only", "slow", "-o", "results/part", "-q"]
    assert harness(*words).exit_code == 130
    if was_killed:
        for then, now in (('"status": "interrupted"', '"status": "running"'), ('"generate"', '"none"')):
            replace(Path("results/part/manifest.json"), then, now)
    done = harness("score", "results/part", "-q")
    assert "no summary has text" not in done.stderr  # it has not been asked for yet
    assert (done.exit_code, RunFolder(Path("results/part")).manifest.status) == (1, "interrupted")
    left = "the run was killed before it ended" if was_killed else "2 summaries still to generate"
    assert f"{left}; to finish the run: harness run configs/small.yaml --set " in done.stderr
