"""Runs with scorers that ask a judge: each question is asked once, and each answer kept and counted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builders import write_config
from command_line import harness
from judging import find_section, make_answer, make_reply
from loopback import MODEL, Loopback, Reply, as_json, serve

from harness import config, pipeline
from harness.data.runs.record_file import RecordFile
from harness.errors import ConfigError

ARTICLES = {
    "bridge": "The bridge was closed on Monday. Nobody was hurt. It opens again in May.",
    "flood": "The river rose by two metres. Forty houses were evacuated. The rain has stopped.",
}


@pytest.fixture(autouse=True)
def working_folder(tmp_path: Path, empty_home: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


class Judge:
    """Prefers the longer summary and gives it 5 of 5; ``failing`` replaces its answers."""

    def __init__(self) -> None:
        self.failing: Reply | None = None

    def __call__(self, request: dict[str, Any], _: int) -> Reply:
        if self.failing:
            return self.failing
        one, other = find_section(request, "SUMMARY A"), find_section(request, "SUMMARY B")
        if one is None or other is None:
            return make_answer(request, str(1 + str(find_section(request, "SUMMARY")).count(".")))
        return make_answer(request, "A" if len(one) > len(other) else "B")


@pytest.fixture
def judge() -> Judge:
    return Judge()


@pytest.fixture
def server(judge: Judge) -> Iterator[Loopback]:
    with serve(judge) as found:
        yield found


def judged_config(server: Loopback, **options: Any) -> Path:
    """A config of two articles and two systems, one with one sentence, judged by two criteria and in pairs."""
    asks = {"model": MODEL, "base_url": server.url, "retries": 0, "concurrency": 1}
    priced = {**asks, "price_per_million": {"prompt": 1.0, "new": 10.0}, "currency": "EUR"}
    rubric = {"kind": "rubric", **priced, "criteria": ["coherence", "fluency"], **options}
    scorers = json.dumps(["length", rubric, {"kind": "preference", **asks}])
    rows = ({"id": name, "text": text} for name, text in ARTICLES.items())
    models = "{short: {kind: lead, sentences: 1}, long: {kind: lead, sentences: 2}}"
    return write_config(Path(), *rows, models=models, scorers=scorers)


def run(path: Path, *overrides: str, use_cache: bool = True) -> pipeline.Outcome:
    return pipeline.run(config.load(path, overrides), use_cache)


def counts(outcome: pipeline.Outcome) -> tuple[int, int, int, int]:
    """The judge stage's numbers of answers made, cached, kept and failed."""
    found = next(stage for stage in outcome.results.manifest.stages if stage.name == "judge")
    return found.made, found.cached, found.kept, found.failed


def values(outcome: pipeline.Outcome, metric: str) -> dict[tuple[str, str], float | None]:
    return {(each.system, each.article_id): each.value for each in outcome.results.scores if each.metric == metric}


def test_run_asks_every_question_once_and_scores_the_answers(server: Loopback) -> None:
    """2 articles × 2 systems × 2 criteria, each for (300 × 1 + 20 × 10) / 10⁶ EUR; 2 articles × 1 pair in 2 orders."""
    outcome = run(judged_config(server))
    assert len(server.requests) == 12
    assert counts(outcome) == (12, 0, 0, 0)
    assert values(outcome, "rubric.coherence") == {
        ("short", "bridge"): 2.0, ("short", "flood"): 2.0, ("long", "bridge"): 3.0, ("long", "flood"): 3.0,
    }  # fmt: skip  # a table
    assert set(values(outcome, "preference").values()) == {0.0, 1.0}
    assert outcome.results.manifest.problems == ()
    lines = [json.loads(line) for line in (outcome.folder / "judgements.jsonl").read_text("utf-8").splitlines()]
    assert {(line["prompt_tokens"], line["new_tokens"]) for line in lines} == {(300, 20)}
    assert [line["price"] for line in lines if line["scorer"] == "rubric"] == [pytest.approx(0.0005)] * 8
    pairs = {tuple(line["systems"]) for line in lines if line["scorer"] == "preference"}
    assert pairs == {("short", "long"), ("long", "short")}
    usage = "8 answers by wise-1, 0 with logprobs, 2,400 prompt tokens, 160 new tokens, 0.0040 EUR"
    assert outcome.results.manifest.judging == {
        "rubric": usage,
        "preference": "4 answers by wise-1, 0 with logprobs, 1,200 prompt tokens, 80 new tokens",
    }
    assert usage in (outcome.folder / "report.html").read_text("utf-8")
    assert f"rubric: {usage}" in harness("score", "out").stdout


def test_judge_that_always_prefers_the_first_summary_is_reported() -> None:
    """Qwen2.5-Coder 0.5B does. A is not a score, so the rubric's answers are unreadable."""
    with serve(lambda request, _: make_answer(request, "A")) as server:
        manifest = run(judged_config(server)).results.manifest
    assert (
        "preference: the judge changed its answer with the order of the summaries in 100% of the comparisons, as if it "
        "guessed; use a stronger model"
    ) in manifest.notices
    assert manifest.judging["rubric"].startswith("8 answers (8 unreadable) by wise-1, 0 with logprobs")


def test_stored_answers_are_not_asked_for_again(server: Loopback) -> None:
    path = judged_config(server)
    first = run(path)
    second = run(path)
    assert counts(second) == (0, 0, 12, 0)
    scored = pipeline.score(first.folder)
    assert counts(scored) == (0, 0, 12, 0)
    assert scored.results.manifest.judging == first.results.manifest.judging
    elsewhere = run(path, "output=elsewhere")
    assert counts(elsewhere) == (0, 12, 0, 0)
    assert values(elsewhere, "rubric.coherence") == values(first, "rubric.coherence")
    assert len(server.requests) == 12
    assert counts(run(path, use_cache=False)) == (12, 0, 0, 0)


def test_only_a_changed_criterion_is_asked_again(server: Loopback) -> None:
    own = {"name": "plain", "question": "Could a child follow it?", "anchors": {1: "no", 9: "yes"}}
    run(judged_config(server))
    outcome = run(judged_config(server, criteria=["coherence", own]))
    assert counts(outcome) == (4, 0, 8, 0)
    assert len((outcome.folder / "judgements.jsonl").read_text("utf-8").splitlines()) == 12
    assert len((outcome.folder / "superseded" / "judgements.jsonl").read_text("utf-8").splitlines()) == 4
    assert counts(run(judged_config(server))) == (0, 4, 8, 0)


def test_failing_server_is_a_problem_and_the_next_run_asks_again(server: Loopback, judge: Judge) -> None:
    path = judged_config(server)
    judge.failing = as_json({"error": {"message": "overloaded"}}, 500)
    first = run(path)
    assert values(first, "preference")["long", "bridge"] is None
    assert first.results.manifest.problems == (
        "scorer rubric: 8 of 8 answers missing: the server answered 500: overloaded; the next run asks again",
        "scorer preference: 4 of 4 answers missing: the server answered 500: overloaded; the next run asks again",
    )
    assert counts(first) == (0, 0, 0, 12)
    judge.failing = None
    second = run(path)
    assert counts(second) == (12, 0, 0, 0)
    assert second.results.manifest.problems == ()
    assert values(second, "preference")["long", "bridge"] == 1.0


def test_unreadable_answers_are_kept_and_leave_the_run_without_problems(server: Loopback, judge: Judge) -> None:
    path = judged_config(server)
    judge.failing = make_reply("It is lovely.")
    outcome = run(path)
    assert outcome.results.manifest.problems == ()
    reasons = {each.reason for each in outcome.results.scores if each.metric == "rubric.coherence"}
    assert reasons == {"the judge did not answer in JSON: It is lovely."}
    assert "2,400 prompt tokens" in outcome.results.manifest.judging["rubric"]
    assert counts(run(path)) == (0, 0, 12, 0)


def test_wrong_key_is_reported_once_and_stops_the_requests(server: Loopback, judge: Judge) -> None:
    judge.failing = as_json({"error": {"message": "wrong key"}}, 401)
    outcome = run(judged_config(server))
    assert len(server.requests) == 2  # one for each scorer
    problems = outcome.results.manifest.problems
    assert [problem.partition(": ")[0] for problem in problems] == ["scorer rubric", "scorer preference"]
    assert all("put a valid key" in problem for problem in problems)
    reasons = {each.reason for each in outcome.results.scores if each.metric == "preference"}
    assert reasons == {"the judge has not been asked yet; run harness score RUN"}


def test_interrupted_judging_resumes(server: Loopback, judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    path = judged_config(server)
    append, written = RecordFile.append, [0]

    def interrupt(self: Any, records: Any) -> None:
        append(self, records)
        if self.path.name == "judgements.jsonl" and records:
            written[0] += 1
            if written[0] == 3:
                raise KeyboardInterrupt

    monkeypatch.setattr(RecordFile, "append", interrupt)
    stopped = run(path)
    assert (stopped.was_stopped, stopped.results.manifest.status) == (True, "interrupted")
    monkeypatch.setattr(RecordFile, "append", append)
    outcome = run(path)
    assert outcome.results.manifest.status == "complete"
    assert counts(outcome)[2:] == (3, 0)


def test_error_about_an_unknown_system_has_its_place(server: Loopback) -> None:
    path = judged_config(server)
    folder = run(path, "scorers=[length]").folder
    path.write_text(path.read_text("utf-8").replace('"preference"', '"preference", "against": "lead"'), "utf-8")
    problem = r"run.yaml:4: scorers\[2\]: against: 'lead' is not a system of this run \(allowed: short, long\)"
    with pytest.raises(ConfigError, match=problem):
        run(path)
    with pytest.raises(ConfigError, match=problem):
        pipeline.score(folder, path)
    assert server.requests == []
