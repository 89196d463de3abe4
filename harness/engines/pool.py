"""The workers of a Ray cluster that do one kind of work, and the batches that are under way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, TypeVar

from harness.engines import RemoteError, Work
from harness.engines.options import Workers
from harness.errors import ClusterError, HarnessError

A = TypeVar("A")

_BATCHES_AHEAD = 2
"""Batches that a worker has before it: one that it works on, and one that it need not wait for."""
_MAX_TRIES = 3
"""Workers that a batch may cost before it counts as the cause; and that may fail to start, one after the other."""
_SILENCE = 5.0
"""Seconds after which a cluster that has been silent is looked at again."""


class Actor:
    """What runs in a worker's process. It is imported there, so harness must be installed on every node."""

    def __init__(self, work: Work) -> None:
        self._worker, self._method = work.worker, work.method

    def signature(self) -> str:
        """What the answers depend on, as it is there: code and packages may be others than here."""
        return self._worker.signature()

    def answers(self, batch: Sequence[Any]) -> tuple[list[Any], Exception | None]:
        """The answers to a batch, and what went wrong after them, as this process can read it."""
        answers: list[Any] = []
        try:
            for answer in getattr(self._worker, self._method)(batch):
                answers.append(answer)  # noqa: PERF402  # those before an error count
        except HarnessError as error:
            return answers, HarnessError(str(error))
        except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever a plugin does is told where the answers are awaited
            return answers, RemoteError(f"{type(error).__name__}: {error}")
        return answers, None


@dataclass(eq=False)
class _Task:
    """A batch under way."""

    batch: Sequence[Any]
    tries: int = 0
    actor: Any = None
    answer: Any = None
    """The reference to its answers; None while it waits for a worker."""


@dataclass
class Pool:
    """Workers for one kind of work."""

    work: Work
    workers: Workers
    _starting: dict[Any, Any] = field(default_factory=dict)
    """Reference to its signature → worker that is not yet known to work."""
    _ready: list[Any] = field(default_factory=list)
    _tasks: list[_Task] = field(default_factory=list)
    """In the order in which they were handed in."""
    _failed_starts: int = 0
    _lost_batches: int = 0
    """Batches that were lost since the last one that was answered."""

    def run(self, first: Sequence[A], waiting: Iterator[Sequence[A]]) -> Iterator[tuple[Sequence[A], Iterator[Any]]]:
        """The batches with their answers. ClusterError where no worker can be had."""
        batches = chain([first], waiting)
        self._start_workers()
        while self._fill(batches) or self._tasks:
            done = self._next_done()
            if done is not None:
                yield done
                self._start_workers()

    def close(self) -> None:
        """Let all workers go, and with them what they hold."""
        import ray

        for actor in (*self._ready, *self._starting.values()):
            ray.kill(actor)

    def _fill(self, batches: Iterator[Sequence[Any]]) -> bool:
        """Take batches while there is room, and give those that wait to the workers that have least to do."""
        room = _BATCHES_AHEAD * max(1, len(self._ready))
        while len(self._tasks) < room and (batch := next(batches, None)) is not None:
            self._tasks.append(_Task(batch))
        for task in self._tasks:
            load = {actor: sum(other.actor is actor for other in self._tasks) for actor in self._ready}
            if task.answer is None and load and (task is self._tasks[0] or min(load.values()) < _BATCHES_AHEAD):
                task.actor = min(load, key=lambda actor: load[actor])
                task.answer = task.actor.answers.remote(task.batch)
        return bool(self._tasks)

    def _next_done(self) -> tuple[Sequence[Any], Iterator[Any]] | None:
        """A batch that is done, with its answers; None where something else came to pass."""
        import ray

        tasks = self._tasks[:1] if self.work.in_order else self._tasks
        watched = {task.answer: task for task in tasks if task.answer is not None}
        ended, _ = ray.wait([*watched, *self._starting], timeout=_SILENCE)
        if not ended:
            self._start_workers()
            return None
        if ended[0] in self._starting:
            self._started(ended[0])
            return None
        task = watched[ended[0]]
        try:
            answers, failure = ray.get(task.answer)
        except ray.exceptions.RayError as error:
            return self._lost(task, error)
        self._tasks.remove(task)
        self._lost_batches = 0
        return task.batch, _with_failure(answers, failure)

    def _started(self, reference: Any) -> None:
        """A worker is ready, or could not be started."""
        import ray

        actor = self._starting.pop(reference)
        try:
            remote_signature = ray.get(reference)
        except ray.exceptions.RayError as error:
            self._failed_starts += 1
            if self._failed_starts >= _MAX_TRIES and not self._ready:
                raise ClusterError(
                    f"no worker for {self.work.name} can be started on the cluster: {_last_line(error)}; install "
                    "harness, with the same packages, on every node"
                ) from None
            self._start_workers()
            return
        local_signature = self.work.worker.signature()
        if remote_signature != local_signature:
            ray.kill(actor)
            raise ClusterError(
                f"a worker for {self.work.name} would give other answers than this machine, whose harness, packages, "
                f"files or device differ: {difference(local_signature, remote_signature)}"
            )
        self._failed_starts = 0
        self._ready.append(actor)

    def _lost(self, task: _Task, error: Exception) -> tuple[Sequence[Any], Iterator[Any]] | None:
        """A worker or its node is gone: its batches are asked again, but for one that has cost too many workers."""
        lost = task.actor
        self._ready = [actor for actor in self._ready if actor is not lost]
        task.tries += 1
        for other in self._tasks:
            if other.actor is lost:
                other.actor = other.answer = None
        self._start_workers()
        if task.tries < _MAX_TRIES:
            return None
        self._tasks.remove(task)
        self._lost_batches += 1
        # One request may be the fault, which a stage finds by asking one by one; scores are not asked so.
        fatal = self.work.in_order or self._lost_batches >= _MAX_TRIES
        reason = f"{_MAX_TRIES} workers were lost over it: {_last_line(error)}"
        return task.batch, _with_failure([], HarnessError(reason) if fatal else RemoteError(reason))

    def _start_workers(self) -> None:
        """Start as many workers as are declared, or as the cluster has room for; ClusterError where it has for none."""
        import ray

        room = _capacity(self.workers)
        if not room and not self._ready:
            raise ClusterError(
                f"no node of the cluster has {_resources_of(self.workers)} for a worker of {self.work.name}; declare "
                f"what it takes: engine: {{workers: {{{self.work.name}: {{cpus: …, gpus: …}}}}}}"
            )
        remote = ray.remote(Actor)
        for _ in range(min(self.workers.count or room, room) - len(self._ready) - len(self._starting)):
            actor: Any = remote.options(num_cpus=self.workers.cpus, num_gpus=self.workers.gpus).remote(self.work)
            self._starting[actor.signature.remote()] = actor


def _with_failure(answers: Sequence[Any], failure: Exception | None) -> Iterator[Any]:
    yield from answers
    if failure is not None:
        raise failure


def _capacity(workers: Workers) -> int:
    """How many of the workers the nodes that are alive can hold, were they all free."""
    import ray

    total = 0
    for node in ray.nodes():
        if node["Alive"]:
            resources = node["Resources"]
            by_gpu = [resources.get("GPU", 0) // workers.gpus] if workers.gpus else []
            total += int(min([resources.get("CPU", 0) // workers.cpus, *by_gpu]))
    return total


def _resources_of(workers: Workers) -> str:
    gpus = f" and {workers.gpus:g} GPUs" if workers.gpus else ""
    return f"{workers.cpus:g} CPUs{gpus}"


def difference(local_signature: str, remote_signature: str) -> str:
    """The first part in which two signatures differ, and what to do about it."""
    parts = zip(local_signature.split("|"), remote_signature.split("|"), strict=False)
    here, there = next(((one, other) for one, other in parts if one != other), (local_signature, remote_signature))
    match here.partition(":")[0], there.partition(":")[0]:
        case ("gpu", _) | (_, "gpu"):
            remedy = "set device: cuda where the workers have GPUs, else device: cpu"
        case "cpu", "cpu":
            remedy = "set dtype: float32"
        case _:
            remedy = "install the same on every node"
    return f"{here} here, {there} there; {remedy}"


def _last_line(error: Exception) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return lines[-1].strip() if lines else type(error).__name__
