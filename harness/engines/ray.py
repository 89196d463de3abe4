"""Spread batches over a Ray cluster. If a worker is lost, only its batches are repeated.

Each worker is a Ray actor with a copy of the model or the verifier. It loads weights with its first batch.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from harness.engines import Engine, EngineOptions, RemoteError, Work, Workers
from harness.errors import ClusterError, HarnessError, MissingDependencyError, first_line

A = TypeVar("A")

_BATCHES_AHEAD = 2  # batches that a worker may have: one in progress and one queued
_MAX_TRIES = 3  # lost workers before a batch fails; failed batches, or failed starts, in a row before the work stops
_SILENCE = 5.0  # seconds without news after which the cluster's resources are checked again


class Ray(Engine):
    """The engine for a Ray cluster. It connects when the first batch arrives."""

    def __init__(self, options: EngineOptions) -> None:
        self._options = options
        try:
            import ray  # noqa: F401  # fail early
        except ImportError:
            raise MissingDependencyError(
                "the engine ray needs the package ray: pip install 'fact-harness[ray]', on every node of the cluster"
            ) from None

    def batch_size(self, work: Work) -> int:
        return self._options.workers.get(work.name, Workers()).batch

    def map(self, work: Work, batches: Iterable[Sequence[A]]) -> Iterator[tuple[Sequence[A], Iterator[Any]]]:
        """Yield each batch with its answers; raise ClusterError if the cluster cannot do the work."""
        waiting = iter(batches)
        first = next(waiting, None)
        if first is None:
            return
        worker = prepare_worker(work.worker)
        self._connect()
        pool = Pool(replace(work, worker=worker), self._options.workers.get(work.name, Workers()))
        try:
            yield from pool.run(chain([first], waiting))
        finally:
            pool.close()

    def _connect(self) -> None:
        """Join or start the cluster, unless this process is already connected; raise ClusterError if that fails."""
        import ray

        if ray.is_initialized():
            return
        address = self._options.address
        if address not in (None, "auto"):
            _require_listener(str(address))
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # send no usage statistics
        try:
            ray.init(address=address, namespace="harness", logging_level=logging.ERROR, log_to_driver=False)
        except Exception as error:  # noqa: BLE001  # ray.init may raise any exception
            raise ClusterError(_describe_failure(address, f"{type(error).__name__}: {first_line(error)}")) from None


def prepare_worker(value: Any) -> Any:
    """Copy a plugin with its options, but without weights, so that it can be sent.

    Also announce the servers that it asks, because nobody sees the standard error of workers.
    """
    if hasattr(value, "announce"):
        value.announce()
    if isinstance(value, BaseModel):
        options = {name: prepare_worker(getattr(value, name)) for name in type(value).model_fields}
        return type(value).model_construct(set(value.model_fields_set), **options)
    if isinstance(value, Path):
        return value.absolute()  # workers run in another folder
    if isinstance(value, list | tuple):
        return type(value)(map(prepare_worker, value))
    return value


def _require_listener(address: str) -> None:
    """Raise ClusterError if nothing listens; Ray itself would retry for minutes."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=5).close()
    except ValueError:
        message = f"the address {address} has no port; write HOST:PORT, which ray start --head prints"
        raise ClusterError(message) from None
    except OSError as error:
        raise ClusterError(_describe_failure(address, str(error.strerror or error))) from None


def _describe_failure(address: str | None, why: str) -> str:
    if address is None:
        return f"cannot start a Ray cluster on this machine ({why}); run with --engine local"
    where = "on this machine" if address == "auto" else f"at {address}"
    return (
        f"the Ray cluster {where} cannot be reached ({why}); start its head (ray start --head) and set the address "
        "that it prints: --set 'engine={kind: ray, address: HOST:PORT}'. Without an address, --engine ray starts a "
        "cluster on this machine"
    )


# The workers of one kind of work ------------------------------------------------------------------------------------


class Actor:
    """A worker's process; harness must be installed on every node."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def signature(self) -> str:
        """Return the signature on this node, whose code and packages may differ."""
        return self._work.worker.signature()

    def answer(self, batch: Sequence[Any]) -> tuple[list[Any], Exception | None]:
        """Answer a batch. Also return the exception that ended it, if any, in a class that the caller can unpickle."""
        answers: list[Any] = []
        try:
            for answer in self._work.answer(batch):
                answers.append(answer)  # noqa: PERF402  # keep the answers before an error
        except HarnessError as error:
            return answers, HarnessError(str(error))
        except (Exception, SystemExit) as error:  # noqa: BLE001  # raised again where the answers are read
            return answers, RemoteError(f"{type(error).__name__}: {error}")
        return answers, None


@dataclass(eq=False)
class Task:
    """A batch that waits for a worker or is in progress."""

    batch: Sequence[Any]
    tries: int = 0
    actor: Any = None
    answer: Any = None
    """The reference to its answers; None while the batch waits for a worker."""


@dataclass
class Pool:
    """The workers for one kind of work, and their batches."""

    work: Work
    workers: Workers
    _starting: dict[Any, Any] = field(default_factory=dict)
    """Reference to the signature of a starting worker → the worker."""
    _ready: list[Any] = field(default_factory=list)
    _tasks: list[Task] = field(default_factory=list)
    _failed_starts: int = 0
    _lost_batches: int = 0
    """Number of batches given up since the last answered one."""

    def run(self, batches: Iterator[Sequence[A]]) -> Iterator[tuple[Sequence[A], Iterator[Any]]]:
        """Yield the batches with their answers; raise ClusterError if no worker can be started."""
        self._start_workers()
        while self._fill(batches):
            if done := self._wait():
                yield done
            self._start_workers()  # replace lost workers, and use nodes that joined

    def close(self) -> None:
        import ray

        for actor in (*self._ready, *self._starting.values()):
            ray.kill(actor)

    def _fill(self, batches: Iterator[Sequence[Any]]) -> bool:
        """Take batches while there is room, and give them to the least busy workers; return False if none is left."""
        room = _BATCHES_AHEAD * max(1, len(self._ready))
        while len(self._tasks) < room and (batch := next(batches, None)) is not None:
            self._tasks.append(Task(batch))
        for task in self._tasks:
            load = {actor: sum(other.actor is actor for other in self._tasks) for actor in self._ready}
            if task.answer is None and load and min(load.values()) < _BATCHES_AHEAD:
                task.actor = min(load, key=lambda actor: load[actor])
                task.answer = task.actor.answer.remote(task.batch)
        return bool(self._tasks)

    def _wait(self) -> tuple[Sequence[Any], Iterator[Any]] | None:
        """Wait until a batch is finished, a worker has started or time is up; return the finished batch, if any."""
        import ray

        watched = {task.answer: task for task in self._tasks if task.answer is not None}
        ended, _ = ray.wait([*watched, *self._starting], timeout=_SILENCE)
        if not ended:
            return None
        if ended[0] in self._starting:
            self._note_start(ended[0])
            return None
        task = watched[ended[0]]
        try:
            answers, failure = ray.get(task.answer)
        except ray.exceptions.RayError as error:
            return self._remove_worker(task, error)
        self._tasks.remove(task)
        self._lost_batches = 0
        return task.batch, _yield_answers(answers, failure)

    def _note_start(self, reference: Any) -> None:
        """Record that a worker has started, or failed to."""
        import ray

        actor = self._starting.pop(reference)
        try:
            remote_signature = ray.get(reference)
        except ray.exceptions.RayError as error:
            self._failed_starts += 1
            if self._failed_starts >= _MAX_TRIES and not self._ready:
                raise ClusterError(
                    f"cannot start a worker for {self.work.name} on the cluster: {_last_line(error)}; install harness, "
                    "with the same packages, on every node"
                ) from None
            return
        local_signature = self.work.worker.signature()
        if remote_signature != local_signature:
            ray.kill(actor)
            raise ClusterError(
                f"a worker for {self.work.name} would not reproduce this machine's results; its harness, packages, "
                f"files or device differ: {explain_difference(local_signature, remote_signature)}"
            )
        self._failed_starts = 0
        self._ready.append(actor)

    def _remove_worker(self, task: Task, error: Exception) -> tuple[Sequence[Any], Iterator[Any]] | None:
        """Remove a lost worker and repeat its batches; return the task's batch if it has lost too many workers."""
        lost = task.actor
        self._ready = [actor for actor in self._ready if actor is not lost]
        task.tries += 1
        for other in self._tasks:
            if other.actor is lost:
                other.actor = other.answer = None
        if task.tries < _MAX_TRIES:
            return None
        self._tasks.remove(task)
        self._lost_batches += 1
        # after a RemoteError, stages send the requests of the batch one by one, because one may be at fault
        fatal = self._lost_batches >= _MAX_TRIES
        reason = f"{_MAX_TRIES} workers were lost on this batch: {_last_line(error)}"
        return task.batch, _yield_answers([], HarnessError(reason) if fatal else RemoteError(reason))

    def _start_workers(self) -> None:
        """Start the configured number of workers, or as many as fit; raise ClusterError if none fits."""
        import ray

        room = count_room(self.workers, [node["Resources"] for node in ray.nodes() if node["Alive"]])
        if not room and not self._ready:
            gpus = f" and {self.workers.gpus:g} GPUs" if self.workers.gpus else ""
            raise ClusterError(
                f"no node of the cluster has {self.workers.cpus:g} CPUs{gpus} for a worker of {self.work.name}; set "
                f"its resources, e.g. engine: {{workers: {{{self.work.name}: {{cpus: …, gpus: …}}}}}}"
            )
        remote = ray.remote(Actor)
        for _ in range(min(self.workers.count or room, room) - len(self._ready) - len(self._starting)):
            actor: Any = remote.options(num_cpus=self.workers.cpus, num_gpus=self.workers.gpus).remote(self.work)
            self._starting[actor.signature.remote()] = actor


def _yield_answers(answers: Sequence[Any], failure: Exception | None) -> Iterator[Any]:
    yield from answers
    if failure is not None:
        raise failure


def count_room(workers: Workers, nodes: Iterable[Mapping[str, float]]) -> int:
    """Count the workers that would fit on nodes with these resources if they were idle."""
    needed = {"CPU": workers.cpus, "GPU": workers.gpus} if workers.gpus else {"CPU": workers.cpus}
    # 1e-9, because 0.3 / 0.1 is 2.9999999999999996
    return sum(int(min(node.get(name, 0) / amount for name, amount in needed.items()) + 1e-9) for node in nodes)


def explain_difference(local_signature: str, remote_signature: str) -> str:
    """Describe the first difference between two signatures, and what to do about it."""
    parts = zip(local_signature.split("|"), remote_signature.split("|"), strict=False)
    here, there = next(((one, other) for one, other in parts if one != other), (local_signature, remote_signature))
    remedy = "install the same versions on every node"
    if here.startswith("gpu:") or there.startswith("gpu:"):
        remedy = "set device: cuda if the workers have GPUs, else device: cpu"
    return f"{here} here, {there} there; {remedy}"


def _last_line(error: Exception) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return lines[-1].strip() if lines else type(error).__name__
