"""Runs from config to report: results are reused, and failures stay isolated."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from itertools import product
from pathlib import Path

import pytest
from builders import count_lines, fill_cache, write_config

from harness import config, pipeline, progress, stale
from harness.config import plan
from harness.data.runs.results import RunFolder
from harness.report.article import make_anchor

TESTS = Path(__file__).resolve().parent

SENTENCES = [
    "First, the council of {town} voted on Monday to close {n} schools.",
    "Second, the mayor said that {n} million pounds were missing.",
    "Third, parents from {town} protested outside the hall.",
]
pytestmark = pytest.mark.usefixtures("empty_home")

LEAD = "{lead: {kind: lead}}"
ONE_AND_TWO = "{a: {kind: lead, sentences: 1}, b: {kind: lead, sentences: 2}}"


def run_config(
    folder: Path, articles: int, models: str = LEAD, scorers: str = "[fact_recall, faithfulness, length]"
) -> Path:
    """A config of short articles, each with a reference and two facts."""
    rows = []
    for n in range(articles):
        sentences = [sentence.format(town=f"Town{n}", n=n + 2) for sentence in SENTENCES]
        facts = [f"The council of Town{n} voted to close {n + 2} schools.", f"Parents from Town{n} protested."]
        rows.append({"id": f"{n:03}", "text": " ".join(sentences), "reference": sentences[0], "facts": facts})
    return write_config(folder, *rows, models=models, scorers=scorers)


def run(path: Path, *overrides: str, use_cache: bool = True) -> pipeline.Outcome:
    return pipeline.run(config.load(path, overrides), use_cache)


def stage(outcome: pipeline.Outcome, name: str) -> tuple[int, int, int, int]:
    """The numbers of records that a stage made, took from the cache, kept, and failed to make."""
    found = next(stage for stage in outcome.results.manifest.stages if stage.name == name)
    return found.made, found.cached, found.kept, found.failed


def test_run_scores_every_system_and_article(tmp_path: Path) -> None:
    outcome = run(run_config(tmp_path, 2, "{last: {kind: 'plugins_of_others:Last'}, lead: {kind: lead, role: system}}"))
    scores = [(score.system, score.article_id, score.metric) for score in outcome.results.scores]
    metrics = [metric.name for metric in outcome.results.metrics]
    assert sorted(scores) == sorted(product(("last", "lead"), ("000", "001"), metrics))
    assert [system.role for system in RunFolder(outcome.folder).manifest.systems] == ["floor", "system"]
    assert (outcome.folder / "report.md").is_file()
    assert outcome.report.is_file()


def test_second_run_computes_nothing_unless_its_scores_were_changed(tmp_path: Path) -> None:
    path = run_config(tmp_path, 3)
    first = run(path)
    files = [file for file in first.folder.glob("*.*") if file.name != "manifest.json"]
    made, *_ = stage(first, "verify")
    assert stage(first, "generate") == (3, 0, 0, 0)
    totals: list[int] = []
    for _ in range(2):
        times = [file.stat().st_mtime_ns for file in files]
        with progress.report_to(lambda _, total: totals.append(total)):
            second = run(path)
        assert stage(second, "generate") == (0, 0, 3, 0)
        assert stage(second, "verify") == (0, 0, made, 0)
        assert [file.stat().st_mtime_ns for file in files] == times
        assert not any(totals), "no bar is shown"
        pipeline.score(first.folder)  # leaves nothing to do for the next run
    scores = first.folder / "scores.jsonl"
    written = scores.read_bytes()
    scores.write_bytes(written.splitlines(keepends=True)[0])
    assert stage(run(path), "generate") == (0, 0, 3, 0)
    assert scores.read_bytes() == written


def test_second_run_shows_changed_evidence(tmp_path: Path) -> None:
    row = {"id": "a", "text": "The bridge opened. It rained. The bridge opened on Monday."}
    for evidence in ("bridge opened", "opened on Monday"):
        fact = {"statement": "The bridge opened.", "evidence": evidence}
        outcome = run(write_config(tmp_path, {**row, "facts": [fact]}, scorers="[fact_recall]"))
        start = row["text"].index(evidence)
        assert make_anchor("p", "a", start, start + len(evidence)) in outcome.report.read_text("utf-8")


def test_second_run_reports_the_faults_that_a_label_file_has_now(tmp_path: Path) -> None:
    path = run_config(tmp_path, 1)
    for text in ("", "not a label", ""):
        (tmp_path / "articles.jsonl.labels.jsonl").write_text(text, "utf-8")
        outcome = run(path)
        fault = "articles.jsonl.labels.jsonl:1: is not a label"
        assert [fault in notice for notice in outcome.results.manifest.notices] == [True] * bool(text)
        assert (fault in outcome.report.read_text("utf-8")) == bool(text)


def test_cache_serves_other_folders_but_not_other_models(tmp_path: Path) -> None:
    path = run_config(tmp_path, 3)
    run(path)
    assert stage(run(path, f"output={tmp_path / 'b'}"), "generate") == (0, 3, 0, 0)
    other = run(path, f"output={tmp_path / 'c'}", "models.lead=null", "models.two={kind: lead, sentences: 2}")
    assert stage(other, "generate") == (3, 0, 0, 0)
    assert stage(run(path, f"output={tmp_path / 'd'}", use_cache=False), "generate") == (3, 0, 0, 0)
    assert stage(run(path, use_cache=False), "generate") == (3, 0, 0, 0)


def test_changed_option_makes_new_summaries_and_moves_the_old_ones_aside(tmp_path: Path) -> None:
    path = run_config(tmp_path, 2, "{lead: {kind: lead, sentences: 1}}")
    old = list(run(path).results.summaries)
    new = run(path, "models.lead.sentences=2")
    assert stage(new, "generate") == (2, 0, 0, 0)
    assert new.set_aside == 2
    assert run(path, "models.lead.sentences=2").set_aside == 0
    aside = (tmp_path / "out/superseded/summaries.jsonl").read_text("utf-8")
    assert all(summary.key in aside for summary in old)


FELL_OVER = "RuntimeError: the model fell over"
STRAY = "ValueError: answered 'stray', not an open request; give each answer its request's id, once"


@pytest.mark.parametrize(
    ("how", "reason"), [("raise", FELL_OVER), ("stray", STRAY), ("busy", "the server answered 503")]
)
def test_failure_loses_one_article_and_is_retried(tmp_path: Path, how: str, reason: str) -> None:
    """The other articles of the batch are retried alone; without the cache, only the failed one is asked for again."""
    bad = f"{{kind: 'plugins_of_others:Failing', at: ['001'], how: {how}}}"
    path = run_config(tmp_path, 5, f"{{bad: {bad}, lead: {{kind: lead}}}}")
    outcome = run(path, use_cache=False)
    assert stage(outcome, "generate") == (9, 0, 0, 1)
    (problem,) = outcome.results.manifest.problems
    assert problem == f"bad: 1 of 5 summaries not made: {reason}; the next run asks again"
    failed = [each for each in outcome.results.scores if each.metric == "words" and each.value is None]
    assert [(each.system, each.article_id, each.reason) for each in failed] == [("bad", "001", reason)]
    assert stage(run(path, use_cache=False), "generate") == (0, 0, 9, 1)


GIVEN_UP = f"{FELL_OVER}; this happened 4 times in a row, so no more requests are sent"


@pytest.mark.parametrize(
    ("how", "reasons"),
    [("raise", {None: 1, FELL_OVER: 4, GIVEN_UP: 75}), ("gone", {None: 1, "the server is gone": 79})],
)
def test_model_that_keeps_failing_is_no_longer_asked(tmp_path: Path, how: str, reasons: dict[str | None, int]) -> None:
    """The limit is a twentieth of the requests, at least three; one HarnessError is enough."""
    ids = [f"{number:03}" for number in range(1, 80)]
    outcome = run(run_config(tmp_path, 80, f"{{bad: {{kind: 'plugins_of_others:Failing', at: {ids}, how: {how}}}}}"))
    assert stage(outcome, "generate") == (1, 0, 0, 79)
    assert Counter(summary.reason for summary in outcome.results.summaries) == reasons
    reason = list(reasons)[-1]  # it quotes what went wrong before
    assert outcome.results.manifest.problems == (f"bad: 79 of 80 summaries not made: {reason}",)


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("exit", "SystemExit: 0"),
        ("torn", "the answer cannot be written (PydanticSerializationError): it is not valid text"),
        ("blank", "the model returned no visible text"),
        ("silent", "the model returned no visible text"),
        ("refuse", "the model refused: I can’t help with that."),
    ],
)
def test_unusable_answer_becomes_a_reason(tmp_path: Path, how: str, reason: str) -> None:
    path = run_config(tmp_path, 3, f"{{bad: {{kind: 'plugins_of_others:Failing', at: ['001'], how: {how}}}}}")
    for output, counts in (("first", (2, 0, 0, 1)), ("cached", (0, 2, 0, 1))):
        outcome = run(path, f"output={tmp_path / output}")
        reasons = {summary.article_id: summary.reason for summary in outcome.results.summaries}
        assert reasons == {"000": None, "001": reason, "002": None}
        assert stage(outcome, "generate") == counts


def test_unwritable_cache_loses_no_answer(tmp_path: Path) -> None:
    """It is reported once, and the next run reuses the folder's records."""
    path = run_config(tmp_path, 3)
    fill_cache(tmp_path / "home")
    outcome = run(path)
    assert stage(outcome, "generate") == (3, 0, 0, 0)
    assert stage(outcome, "verify")[3] == 0
    (problem,) = outcome.results.manifest.problems
    assert "cannot be used: the disk is full" in problem
    assert stage(run(path), "generate") == (0, 0, 3, 0)


EACH_ONCE = "return each metric of metrics() once for each summary"


@pytest.mark.parametrize(
    ("gives", "reason"),
    [
        ("raising", "ZeroDivisionError: division by zero"),
        ("none", "TypeError: 'NoneType' object is not iterable"),
        ("empty", f"the scorer returned careless 0 times for a summary, not 1; {EACH_ONCE}"),
        ("less", f"the scorer returned careless 0 times for a summary, not 1; {EACH_ONCE}"),
        ("twice", f"the scorer returned careless 2 times for a summary, not 1; {EACH_ONCE}"),
        ("nan", "the scorer gave nan for careless; return None and a reason instead"),
        ("nothing", "the scorer gave no value and no reason for careless; set one of them"),
        ("exit", "SystemExit: 0"),
    ],
)
def test_invalid_scores_become_reasons(tmp_path: Path, gives: str, reason: str) -> None:
    """Every summary has a row, and the other summaries and scorers keep their values. The next run scores again."""
    scorers = f"scorers=[{{kind: 'plugins_of_others:Careless', gives: {gives}}}, length]"
    for articles, where in ((1, "b, article 000"), (2, "2 summaries, the first of them by b, article 000")):
        path = run_config(tmp_path, articles, ONE_AND_TWO)
        results = run(path, scorers).results
        rows = [(each.system, each.value, each.reason) for each in results.scores if each.metric == "careless"]
        assert sorted(rows) == [("a", 1.0, None)] * articles + [("b", None, reason)] * articles
        assert all(each.value is not None for each in results.scores if each.metric == "words")
        assert results.manifest.problems == (f"scorer plugins_of_others:Careless on {where}: {reason}",)
    assert run(path, scorers).results.manifest.problems == results.manifest.problems


def test_plugins_within_a_plugin_are_read_back_from_the_manifest(tmp_path: Path) -> None:
    steps = "[lexical, {kind: lexical, contradicted_share: 0.9}, 'plugins_of_others:SharedWords']"
    outcome = run(run_config(tmp_path, 1), f"verifier={{kind: cascade, steps: {steps}}}")
    manifest = json.loads((outcome.folder / "manifest.json").read_text("utf-8"))
    written = manifest["config"]["verifier"]["steps"]
    assert [step["kind"] for step in written] == ["lexical", "lexical", "plugins_of_others:SharedWords"]
    assert written[1]["contradicted_share"] == 0.9
    again = pipeline.score(outcome.folder, overrides=["scorers=[length]"])
    assert again.results.manifest.verifier == outcome.results.manifest.verifier


def test_manifest_records_the_options_of_score(tmp_path: Path) -> None:
    """The effective overrides are recorded in order; another config replaces them all."""
    path = run_config(tmp_path, 1)
    folder = run(path, "seed=3").folder
    low, high, short = "verifier.threshold=0.4", "verifier.threshold=0.6", "scorers=[length]"
    nothing: list[str] = []
    steps = (([low], [low]), (nothing, [low]), ([high, short], [low, high, short]), ([low], [high, short, low]))
    for given, recorded in steps:
        manifest = pipeline.score(folder, overrides=given).results.manifest
        assert manifest.judged_by == tuple(f"--set {override}" for override in recorded)
        assert manifest.overrides == ("seed=3",)
    assert f"rescored with --set {high}" in (folder / "report.md").read_text("utf-8")
    other = tmp_path / "other.yaml"
    other.write_text(path.read_text("utf-8").replace("length", "rouge"), "utf-8")
    manifest = pipeline.score(folder, other).results.manifest
    assert manifest.judged_by == (f"--config {other}",)
    assert manifest.config_file == str(path)
    assert run(path, f"output={folder}").results.manifest.judged_by == ()


@pytest.mark.parametrize(
    ("home", "noted"),
    [
        ("/", "articles={folder}/articles.jsonl"),
        ("{folder}", "articles=~/articles.jsonl"),
        ("{folder}/art", "articles={folder}/articles.jsonl"),
    ],
)
def test_manifest_shortens_only_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str, noted: str) -> None:
    path = run_config(tmp_path, 1)
    monkeypatch.setenv("HOME", home.format(folder=tmp_path))
    manifest = run(path, f"articles={tmp_path}/articles.jsonl").results.manifest
    assert manifest.overrides == (noted.format(folder=tmp_path),)


@pytest.mark.parametrize(
    ("gives", "reason"),
    [
        ("exception", "no verdict on"),
        ("none", "the answer is not a valid Verdict (Input should be an object)"),
        ("nan", "probabilities must be in 0..1 and sum to 1, not (nan, 0, 1)"),
    ],
)
def test_failing_verifier_leaves_reasons(tmp_path: Path, gives: str, reason: str) -> None:
    verifier = f"verifier={{kind: 'plugins_of_others:FailingVerifier', gives: {gives}}}"
    outcome = run(run_config(tmp_path, 2), verifier)
    recall = [score for score in outcome.results.scores if score.metric == "fact_recall"]
    assert [score.value for score in recall] == [None, None]
    assert all(score.reason for score in recall)
    assert reason in outcome.results.manifest.problems[0]


def test_wrong_number_of_verdicts_loses_only_the_pairs_at_fault(tmp_path: Path) -> None:
    outcome = run(run_config(tmp_path, 2), "verifier={kind: 'plugins_of_others:FailingVerifier', gives: less}")
    assert stage(outcome, "verify") == (6, 0, 0, 4)
    less = "ValueError: plugins_of_others:FailingVerifier returned 0 of 1 verdicts; return one per pair, in order"
    problem = f"verifier plugins_of_others:FailingVerifier: 4 of 10 verdicts missing: {less}; the next run asks again"
    assert outcome.results.manifest.problems == (problem,)


def test_transient_verdict_is_retried(tmp_path: Path) -> None:
    path = run_config(tmp_path, 2)
    busy = f"verifier={{kind: 'plugins_of_others:BusyVerifier', free: '{tmp_path / 'free'}'}}"
    first = run(path, busy)
    made = list(first.results.checks)
    assert {check.verdict.reason for check in made} == {"the server answered 503"}
    assert stage(first, "verify") == (0, 0, 0, len(made))
    (problem,) = first.results.manifest.problems
    assert f": {len(made)} of {len(made)} verdicts missing: the server answered 503; the next run asks" in problem
    (tmp_path / "free").touch()
    again = run(path, busy)
    assert {check.verdict.label for check in again.results.checks} == {"supported"}
    assert again.results.manifest.problems == ()
    assert stage(again, "verify")[:3] == (len(list(again.results.checks)), 0, 0)


def test_changed_fact_is_verified_again_without_generating(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The article's claim is checked against the new fact too; the second article, a shard of its own, is complete."""
    monkeypatch.setattr(plan, "SHARD", 1)
    run(run_config(tmp_path, 2, "{lead: {kind: lead, sentences: 1}}"))
    articles = tmp_path / "articles.jsonl"
    new = '"facts": ["The vote was on Monday.", '
    articles.write_text(articles.read_text("utf-8").replace('"facts": [', new, 1), encoding="utf-8")
    steps: list[tuple[int, int]] = []
    with progress.report_to(lambda done, total: steps.append((done, total))):
        outcome = pipeline.score(tmp_path / "out")
    assert stage(outcome, "verify")[0] == 2
    assert sum(check.use == "coverage" for check in outcome.results.checks) == 5
    assert steps[steps.index((0, 2)) - 1] == (2, 2), "the bar of the verdicts is full before scoring begins"


def test_rescoring_keeps_the_other_config(tmp_path: Path) -> None:
    """The manifest has the last verifier and scorers, not the first."""
    path = run_config(tmp_path, 2, "{lead: {kind: lead, sentences: 1}}")
    run(path)
    path.write_text(path.read_text("utf-8").replace("verifier: lexical", "verifier: {kind: lexical, threshold: 0.8}"))
    other = pipeline.score(tmp_path / "out", path, ["scorers=[length]"])
    again = pipeline.score(tmp_path / "out")
    assert "threshold:0.8" in again.results.manifest.verifier
    assert again.results.manifest.verifier == other.results.manifest.verifier
    assert [metric.name for metric in again.results.metrics] == [metric.name for metric in other.results.metrics]
    assert stage(again, "verify")[0] == 0


def test_run_on_disk_is_complete_and_private(tmp_path: Path) -> None:
    outcome = run(run_config(tmp_path, 2))
    read, made = pipeline.read(outcome.folder), outcome.results
    assert (read.manifest, list(read.items), read.metrics) == (made.manifest, list(made.items), made.metrics)
    for name in ("summaries", "checks", "scores"):
        assert list(getattr(read, name)) == list(getattr(made, name))
    assert made.manifest.status == "complete"
    assert made.manifest.config["models"] == {"lead": {"kind": "lead", "role": "floor", "sentences": 3}}
    assert made.manifest.config["articles"] == ["../articles.jsonl"]
    assert made.manifest.packages["harness"]
    assert made.manifest.articles.keys() == {"000", "001"}
    assert str(Path.home()) not in (outcome.folder / "manifest.json").read_text("utf-8")


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"format": 0}', b"\xff", b"[" * 100_000])
def test_damaged_manifest_is_rebuilt_from_records(tmp_path: Path, data: bytes) -> None:
    path = run_config(tmp_path, 2)
    first = run(path)
    (first.folder / "manifest.json").write_bytes(data)
    again = run(path, use_cache=False)
    assert stage(again, "generate") == (0, 0, 2, 0)
    assert again.results.manifest.status == "complete"
    assert list(again.results.scores) == list(first.results.scores)


@pytest.mark.parametrize("is_partial", [False, True])
def test_interrupted_verification_is_completed_by_score(tmp_path: Path, is_partial: bool) -> None:
    """If summaries are missing too, only ``harness run`` can complete it."""
    free = tmp_path / "free"
    models = f"{{slow: {{kind: 'plugins_of_others:Interrupted', free: {free}}}}}" if is_partial else LEAD
    path = run_config(tmp_path, 2, models, "[fact_recall]")
    verifier = f"verifier={{kind: 'plugins_of_others:InterruptedVerifier', free: {free}}}"
    assert run(path, verifier).results.manifest.status == "interrupted"
    stopped = pipeline.score(tmp_path / "out")
    assert stopped.results.manifest.status == "interrupted"
    assert stopped.was_stopped != is_partial  # without summaries there was nothing to ask the verifier
    changes = () if is_partial else ("verdicts (scoring was stopped)",)
    assert stale.find_changes(RunFolder(tmp_path / "out"))[0] == changes
    free.touch()
    status = "interrupted" if is_partial else "complete"
    assert pipeline.score(tmp_path / "out").results.manifest.status == status
    assert run(path, verifier).results.manifest.status == "complete"


def test_killed_verification_is_completed_by_score(tmp_path: Path) -> None:
    verifier = "verifier={kind: 'plugins_of_others:InterruptedVerifier', free: nowhere, is_killed: true}"
    with pytest.raises(BaseException, match="killed"):
        run(run_config(tmp_path, 2), verifier)
    assert pipeline.score(tmp_path / "out", overrides=["verifier=lexical"]).results.manifest.status == "complete"


def test_run_with_failures_is_scored_each_time(tmp_path: Path) -> None:
    """The inputs of its scores are not recorded, so they cannot be compared."""
    path = run_config(tmp_path, 2, "{bad: {kind: 'plugins_of_others:Failing', at: ['001']}, lead: {kind: lead}}")
    run(path)
    articles = tmp_path / "articles.jsonl"
    articles.write_text(articles.read_text("utf-8").replace("protested.", "stayed at home."), encoding="utf-8")
    recalls = [each for each in run(path).results.scores if each.metric == "fact_recall.at_least"]
    assert [each.value for each in recalls if (each.system, each.article_id) == ("lead", "000")] == [0.5]


def test_sharded_run_resumes_after_any_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The verdicts are identical; the order of two systems with equal texts depends on the cut."""
    monkeypatch.setattr(plan, "SHARD", 12)
    path = run_config(tmp_path, 12, ONE_AND_TWO)
    whole = run(path, use_cache=False).folder
    verdicts = sorted((whole / "verdicts.jsonl").read_bytes().splitlines())
    scores = (whole / "scores.jsonl").read_bytes()
    rng = random.Random(0)  # noqa: S311  # a seeded choice of cuts
    for name in ("summaries.jsonl", "verdicts.jsonl"):
        data = (whole / name).read_bytes()
        (whole / name).write_bytes(data[: rng.randrange(len(data))])
    (whole / "manifest.json").unlink()
    again = run(path, use_cache=False)
    made, _, kept, _ = stage(again, "generate")
    assert (made + kept, min(made, kept) > 0) == (24, True)
    assert sorted((whole / "verdicts.jsonl").read_bytes().splitlines()) == verdicts
    assert (whole / "scores.jsonl").read_bytes() == scores


def test_interrupted_checks_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first shard lacks all verdicts and the second, which is not reached, lacks some."""
    monkeypatch.setattr(plan, "SHARD", 12)
    free = tmp_path / "free"
    free.touch()
    path = run_config(tmp_path, 12, ONE_AND_TWO)
    verifier = f"verifier={{kind: 'plugins_of_others:InterruptedVerifier', free: {free}}}"
    folder = run(path, verifier, use_cache=False).folder
    lines = (folder / "verdicts.jsonl").read_bytes().splitlines(keepends=True)
    left = lines[-3:-1]
    (folder / "verdicts.jsonl").write_bytes(b"".join(left))
    (folder / "manifest.json").unlink()
    free.unlink()
    assert stage(run(path, verifier, use_cache=False), "verify") == (0, 0, len(left), len(lines) - len(left))


def _start(path: Path, home: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(TESTS), "HARNESS_HOME": str(home)}
    command = [sys.executable, "-m", "harness", "run", str(path), "-q"]
    return subprocess.Popen(
        command, cwd=path.parent, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        preexec_fn=_interruptible,
    )  # fmt: skip  # one call


def _interruptible() -> None:
    """Restore Ctrl-C, which background jobs of a shell ignore."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.slow
def test_killed_run_resumes_without_loss_or_repeats(tmp_path: Path) -> None:
    """kill -9 four times after a random number of records, then let the run finish."""
    rng = random.Random(1)  # noqa: S311  # a seeded choice of moments
    note = tmp_path / "asked"
    slow = f"{{slow: {{kind: 'plugins_of_others:Slow', note: '{note}'}}, lead: {{kind: lead}}}}"
    path = run_config(tmp_path, 40, slow)
    out = tmp_path / "out"
    for _ in range(4):
        file = out / rng.choice(["summaries.jsonl", "verdicts.jsonl"])
        enough = count_lines(file) + rng.randrange(1, 33)
        process = _start(path, tmp_path / "home")
        while process.poll() is None and count_lines(file) < enough:
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        process.wait()
    last = _start(path, tmp_path / "home")
    assert last.wait(600) == 0, last.stderr and last.stderr.read()

    folder = RunFolder(out)
    summaries, checks = folder.summaries, folder.checks
    assert len({summary.place for summary in summaries}) == len(summaries) == 80
    assert len({check.identity for check in checks}) == len(checks)
    asked = Counter(note.read_text("utf-8").split())
    # Each kill may lose one answer that is not yet recorded.
    assert sum(asked.values()) - len(asked) <= 4

    clean = RunFolder(run(run_config(tmp_path / "whole", 40, slow), use_cache=False).folder)
    verdicts = {each.identity: each.verdict for each in checks}
    assert {each.identity: each.verdict for each in clean.checks} == verdicts
    assert clean.scores.path.read_bytes() == folder.scores.path.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_run_reports_and_resumes(tmp_path: Path, number: int) -> None:
    """Ctrl-C and SIGTERM leave a partial report, and the next run resumes."""
    held = tmp_path / "held"
    held.touch()
    model = f"{{kind: 'plugins_of_others:Held', article: '005', held: '{held}'}}"
    path = run_config(tmp_path, 8, f"{{lead: {{kind: lead}}, held: {model}}}")
    process = _start(path, tmp_path / "home")
    while count_lines(tmp_path / "out/summaries.jsonl") < 8 + 5 and process.poll() is None:
        time.sleep(0.005)
    process.send_signal(number)
    assert process.wait(600) == 130
    assert process.stderr is not None
    assert b"run the same command again to resume" in process.stderr.read()
    folder = RunFolder(tmp_path / "out")
    assert folder.manifest.status == "interrupted"
    assert (tmp_path / "out/report.html").exists()
    reasons = {score.reason for score in folder.scores if score.metric == "words" and score.value is None}
    assert reasons == {"not made: the run was stopped first"}
    held.unlink()
    assert run(path).results.manifest.status == "complete"
