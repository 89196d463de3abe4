"""Engines by what a config says, and what is sent to a worker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import config, engines
from harness.cli.options import override_engine
from harness.engines import EngineOptions, Local, RemoteError, Work, Workers
from harness.engines.ray import Pool, Task, explain_difference, without_weights
from harness.errors import ClusterError, ConfigError, HarnessError
from harness.models.lead import Lead
from harness.models.openai_api import OpenAIAPI
from harness.models.replay import Replay
from harness.records import Request
from harness.verifiers.cascade import Cascade
from harness.verifiers.lexical import Lexical


def written(folder: Path, engine: str) -> Path:
    (folder / "articles.jsonl").write_text('{"id": "a", "text": "One. Two."}\n', encoding="utf-8")
    path = folder / "run.yaml"
    path.write_text(f"articles: articles.jsonl\nmodels: {{lead: {{kind: lead}}}}\nscorers: [length]\n{engine}\n")
    return path


def test_a_config_names_an_engine_or_says_all_of_it(tmp_path: Path) -> None:
    assert config.load(written(tmp_path, "")).engine == EngineOptions()
    assert config.load(written(tmp_path, "engine: ray")).engine == EngineOptions(kind="ray")
    whole = "engine: {kind: ray, address: 'head:6379', workers: {lead: {gpus: 0.5}, verifier: {cpus: 4, count: 2}}}"
    workers = {"lead": Workers(gpus=0.5), "verifier": Workers(cpus=4, count=2)}
    assert config.load(written(tmp_path, whole)).engine == EngineOptions(
        kind="ray", address="head:6379", workers=workers
    )


def test_engine_on_the_command_line_keeps_the_workers(tmp_path: Path) -> None:
    """An engine named on the command line keeps the workers of the config."""
    path = written(tmp_path, "engine: {workers: {lead: {gpus: 1}}}")
    engine = config.load(path, ["engine.workers.scorers.cpus=2", *override_engine("ray", "head:6379")]).engine
    workers = {"lead": Workers(gpus=1), "scorers": Workers(cpus=2)}
    assert engine == EngineOptions(kind="ray", address="head:6379", workers=workers)


@pytest.mark.parametrize(
    ("engine", "problem"),
    [
        ("engine: dask", r"run\.yaml:4: engine: is .*dask.*local, ray"),
        ("engine: {workers: {leed: {}}}", r"run\.yaml:4: engine\.workers\.leed: .*did you mean 'lead'"),
        (
            "engine: {workers: {lead: {gpu: 1}}}",
            r"run\.yaml:4: engine\.workers\.lead\.gpu: is not a key here; .*'gpus'",
        ),
        (
            "engine: {workers: {lead: {cpus: 0}}}",
            r"run\.yaml:4: engine\.workers\.lead\.cpus: is the number 0; .*greater than 0",
        ),
    ],
)
def test_what_is_wrong_with_an_engine_is_told_with_its_place(tmp_path: Path, engine: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        config.load(written(tmp_path, engine))


def test_the_engine_is_no_part_of_what_a_run_was_made_from(tmp_path: Path) -> None:
    loaded = config.load(written(tmp_path, "engine: ray"))
    assert "engine" not in config.resolve(loaded, tmp_path)


def test_the_local_engine_is_lazy() -> None:
    """The local engine takes the next batch when the answers to the last were read."""
    batches: Iterator[list[Request]] = iter([[], [], []])
    next(Local().map(Work("lead", Lead(), "generate"), batches))
    assert len(list(batches)) == 2


def test_a_fresh_plugin_has_its_options_and_nothing_that_was_loaded(tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text('{"article_id": "a", "system": "s", "summary": "x"}\n')
    model = Replay(path=tmp_path / "out.jsonl")
    assert model.variants() == ("s",)
    sent = without_weights(model)
    assert sent.__dict__.keys() == {*Replay.model_fields}
    assert (sent.signature(), sent.model_fields_set) == (model.signature(), model.model_fields_set)
    cascade = Cascade(steps=(Lexical(), Lexical(threshold=0.7)))
    assert without_weights(cascade).signature() == cascade.signature()
    assert all(one is not other for one, other in zip(without_weights(cascade).steps, cascade.steps, strict=True))


def test_workers_get_as_many_requests_as_the_config_says() -> None:
    pytest.importorskip("ray")
    engine = engines.make_engine(EngineOptions(kind="ray", workers={"lead": Workers(batch=4)}))
    assert engine.batch_size(Work("lead", Lead(), "generate")) == 4
    assert engine.batch_size(Work("other", Lead(), "generate")) == Workers().batch


def test_the_server_that_workers_ask_is_named_where_the_run_was_started(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("ray")
    work = Work("served", OpenAIAPI(model="m", base_url="http://served.example:8000/v1"), "generate")
    with pytest.raises(ClusterError):
        list(engines.make_engine(EngineOptions(kind="ray", address="127.0.0.1:9")).map(work, [["a request"]]))
    assert capsys.readouterr().err == "harness: asking served.example (http://served.example:8000/v1)\n"


@pytest.mark.parametrize(
    ("here", "there", "remedy"),
    [
        ("m|cpu:float32|code:1", "m|gpu:cuda|code:1", "set device: cuda if the workers have GPUs, else device: cpu"),
        ("m|code:1", "m|gpu:cuda|code:1", "set device: cuda if the workers have GPUs, else device: cpu"),
        ("m|code:1", "m|code:2", "install the same on every node"),
    ],
)
def test_a_worker_that_differs_is_told_with_what_helps(here: str, there: str, remedy: str) -> None:
    assert explain_difference(here, there).endswith(f" there; {remedy}")


def test_batches_that_cost_their_workers_are_the_fault_of_one_request_until_three_are_lost_in_a_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A stage asks the requests of a batch one by one after a RemoteError, and nothing more after a HarnessError."""
    monkeypatch.setattr(Pool, "_start_workers", lambda _: None)
    pool = Pool(Work("lead", Lead(), "generate"), Workers())
    for error in (RemoteError, RemoteError, HarnessError):
        pool._tasks.append(Task(["a request"], tries=2))
        lost = pool._give_up(pool._tasks[0], RuntimeError("the node is gone"))
        assert lost is not None
        with pytest.raises(error, match="it cost 3 workers: the node is gone"):
            list(lost[1])


def test_engines_are_made_by_kind() -> None:
    assert isinstance(engines.make_engine(EngineOptions()), Local)
