"""How batches of work are spread over workers. A stage passes batches in and records the answers."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar, runtime_checkable

from pydantic import BaseModel, ConfigDict, Field

A = TypeVar("A")

Kind = Literal["local", "ray"]


class Workers(BaseModel):
    """The resources of each worker of a model, the verifier or the scorers."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    cpus: float = Field(1, gt=0)
    """Processor cores for each worker."""
    gpus: float = Field(0, ge=0)
    """GPUs for each worker; 0.5 lets two share one."""
    count: int | None = Field(None, ge=1)
    """Number of workers; default: as many as the cluster has room for."""
    batch: int = Field(32, ge=1)
    """Requests, or pairs to verify, in a batch; a lost worker costs its batches."""


class EngineOptions(BaseModel):
    """The engine: this process or a Ray cluster."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    kind: Kind = "local"
    """local, or ray (pip install 'fact-harness[ray]')."""
    address: str | None = None
    """The cluster's head as HOST:PORT, or auto; default: start a cluster on this machine."""
    workers: dict[str, Workers] = Field(default_factory=dict)
    """The resources of workers, by model name, or verifier or scorers."""


class RemoteError(Exception):
    """An exception raised by a plugin in another process, as text, because its class may be unknown here."""


class Worker(Protocol):
    """A model, a verifier, or all scorers: loads weights and answers batches. It can be pickled."""

    def signature(self) -> str:
        """Everything that its answers depend on."""
        ...


@runtime_checkable
class AsksServers(Protocol):
    """A worker, or a part of one, that sends texts to a server."""

    def announce(self) -> None:
        """Name the server on standard error, once, unless it is this machine."""
        ...


@dataclass(frozen=True, slots=True)
class Work:
    """A worker, and the method that is called with each batch."""

    name: str
    """The key of its workers in a config: a model's name, ``verifier`` or ``scorers``."""
    worker: Worker
    method: Literal["generate", "verify", "score"]
    """Takes a batch and returns an iterable of answers."""
    in_order: bool = False
    """Whether batches must come back in the order in which they were passed in."""


class Engine(Protocol):
    """Runs work over batches."""

    def batch_size(self, work: Work) -> int:
        """The maximum size of a batch of work."""
        ...

    def map(self, work: Work, batches: Iterable[Sequence[A]]) -> Iterator[tuple[Sequence[A], Iterator[Any]]]:
        """Each batch with its answers; batches are taken when there is room for them.

        The answers come as they are made. An exception is raised among them and costs that batch alone.
        """
        ...


class Local:
    """One batch after the other, in this process."""

    def batch_size(self, work: Work) -> int:
        return sys.maxsize

    def map(self, work: Work, batches: Iterable[Sequence[A]]) -> Iterator[tuple[Sequence[A], Iterator[Any]]]:
        """Each batch with its answers, in order; the next is taken when these have been read."""

        def answers(batch: Sequence[A]) -> Iterator[Any]:
            yield from getattr(work.worker, work.method)(batch)

        for batch in batches:
            yield batch, answers(batch)


def make_engine(options: EngineOptions) -> Engine:
    """The engine that a config asks for; MissingDependencyError if its package is not installed."""
    if options.kind == "ray":
        from harness.engines.ray import Ray

        return Ray(options)
    return Local()
