"""Engines in a config, and the plugins that workers get."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest
from builders import write_config

from harness import config, engines
from harness.config.resolve import resolve
from harness.engines import Engine, EngineOptions, RemoteError, Work, Workers
from harness.engines.ray import count_room, explain_difference, prepare_worker
from harness.errors import ClusterError, ConfigError, HarnessError
from harness.models.baselines import Lead
from harness.models.openai_api import OpenAIAPI
from harness.models.replay import Replay
from harness.records import Request
from harness.verifiers.cascade import Cascade
from harness.verifiers.lexical import Lexical

ROW = {"id": "a", "text": "One. Two."}


def test_engine_is_a_name_or_a_mapping(tmp_path: Path) -> None:
    assert config.load(write_config(tmp_path, ROW)).engine == EngineOptions()
    by_name = config.load(write_config(tmp_path, ROW, engine="ray"))
    assert by_name.engine == EngineOptions(kind="ray")
    assert "engine" not in resolve(by_name, tmp_path)
    whole = "{kind: ray, address: 'head:6379', workers: {lead: {gpus: 0.5}, verifier: {cpus: 4, count: 2}}}"
    workers = {"lead": Workers(gpus=0.5), "verifier": Workers(cpus=4, count=2)}
    engine = config.load(write_config(tmp_path, ROW, engine=whole)).engine
    assert engine == EngineOptions(kind="ray", address="head:6379", workers=workers)


def test_engine_option_keeps_the_configs_workers(tmp_path: Path) -> None:
    path = write_config(tmp_path, ROW, engine="{workers: {lead: {gpus: 1}}}")
    cluster = 'engine={"kind": "ray", "address": "head:6379"}'
    engine = config.load(path, ["engine.workers.verifier.cpus=2", cluster]).engine
    workers = {"lead": Workers(gpus=1), "verifier": Workers(cpus=2)}
    assert engine == EngineOptions(kind="ray", address="head:6379", workers=workers)


@pytest.mark.parametrize(
    ("engine", "problem"),
    [
        ("dask", r"run\.yaml:6: engine: must be 'local' or 'ray', not 'dask'"),
        ("{workers: {leed: {}}}", r"run\.yaml:6: engine\.workers\.leed: .*did you mean 'lead'"),
        ("{workers: {lead: {gpu: 1}}}", r"run\.yaml:6: engine\.workers\.lead\.gpu: unknown key; .*'gpus'"),
    ],
)
def test_invalid_engine_is_an_error_with_its_place(tmp_path: Path, engine: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        config.load(write_config(tmp_path, ROW, engine=engine))


def test_local_engine_is_lazy() -> None:
    """The engine takes the next batch only after the answers of the previous batch were read."""
    batches: Iterator[list[Request]] = iter([[], [], []])
    next(Engine().map(Work("lead", Lead()), batches))
    assert len(list(batches)) == 2


def test_plugin_is_sent_with_its_options_and_without_weights(tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text('{"article_id": "a", "system": "s", "summary": "x"}\n')
    model = Replay(path=tmp_path / "out.jsonl")
    assert model.variants() == ("s",)
    sent = prepare_worker(model)
    assert sent.__dict__.keys() == {*Replay.model_fields}
    assert (sent.signature(), sent.model_fields_set) == (model.signature(), model.model_fields_set)
    cascade = Cascade(steps=(Lexical(), Lexical(threshold=0.7)))
    assert prepare_worker(cascade).signature() == cascade.signature()
    assert all(one is not other for one, other in zip(prepare_worker(cascade).steps, cascade.steps, strict=True))


def test_unreachable_head_fails_at_once_after_servers_are_announced(capsys: pytest.CaptureFixture[str]) -> None:
    """Ray itself would retry for minutes without saying that the connection was refused."""
    pytest.importorskip("ray")
    work = Work("served", OpenAIAPI(model="m", base_url="http://served.example:8000/v1"))
    problem = r"the Ray cluster at 127\.0\.0\.1:9 cannot be reached \(Connection refused\); start its head \(ray start"
    with pytest.raises(ClusterError, match=problem):
        list(engines.make_engine(EngineOptions(kind="ray", address="127.0.0.1:9")).map(work, [["a request"]]))
    assert capsys.readouterr().err == "harness: asking served.example (http://served.example:8000/v1)\n"


def test_differing_worker_signature_has_a_remedy() -> None:
    device = "set device: cuda if the workers have GPUs, else device: cpu"
    assert explain_difference("m|cpu:float32|code:1", "m|gpu:cuda|code:1").endswith(f" there; {device}")
    assert explain_difference("m|code:1", "m|gpu:cuda|code:1").endswith(f" there; {device}")
    assert explain_difference("m|code:1", "m|code:2").endswith(" there; install the same versions on every node")


def test_node_has_room_for_five_workers_with_a_fifth_of_its_gpu() -> None:
    nodes = [{"CPU": 8.0, "GPU": 1.0}, {"CPU": 2.0}]
    assert count_room(Workers(gpus=0.2), nodes) == 5
    assert count_room(Workers(), nodes) == 10
    assert count_room(Workers(cpus=3), nodes) == 2


class LostError(Exception):
    pass


def test_third_lost_batch_in_a_row_is_fatal(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of Ray, a cluster with one core loses its worker with every batch. Only a HarnessError ends a stage."""
    work, starts = Work("lead", Lead()), set[object]()

    def start(_: object) -> Mock:
        actor = Mock()
        actor.answer.remote.side_effect = lambda _: object()
        starts.add(actor.signature.remote())
        return actor

    def get(answer: object) -> str:
        if answer not in starts:
            raise LostError("the node is gone")
        return work.worker.signature()

    cluster = Mock()
    cluster.exceptions.RayError = LostError
    cluster.nodes.return_value = [{"Alive": True, "Resources": {"CPU": 1.0}}]
    cluster.remote.return_value.options.return_value.remote.side_effect = start
    cluster.wait = lambda answers, timeout: (answers[:1], answers[1:])
    cluster.get = get
    monkeypatch.setitem(sys.modules, "ray", cluster)
    batches = [["one"], ["two"], ["three"]]
    lost = engines.make_engine(EngineOptions(kind="ray")).map(work, batches)
    for batch, error in zip(batches, (RemoteError, RemoteError, HarnessError), strict=True):
        found, answers = next(lost)
        assert found == batch
        with pytest.raises(error, match="3 workers were lost on this batch: the node is gone"):
            list(answers)
