"""Spread batches of work over workers. A stage passes batches in and records the answers."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from harness.seams import Model, Verifier

A = TypeVar("A")


class Workers(BaseModel):
    """The resources of each worker. They are set separately for each model and the verifier."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    cpus: float = Field(1, gt=0)
    """Processor cores for each worker."""
    gpus: float = Field(0, ge=0)
    """GPUs for each worker; 0.5 lets two share one."""
    count: int | None = Field(None, ge=1)
    """Number of workers (default: as many as fit on the cluster)."""
    batch: int = Field(32, ge=1)
    """Number of requests, or pairs to verify, in a batch. If a worker is lost, its batches are repeated."""


class EngineOptions(BaseModel):
    """The engine: this process or a Ray cluster."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    kind: Literal["local", "ray"] = "local"
    """local, or ray (pip install 'fact-harness[ray]')."""
    address: str | None = None
    """HOST:PORT of the cluster's head, or auto for a cluster that runs on this machine (default: join or start one)."""
    workers: dict[str, Workers] = Field(default_factory=dict)
    """Resources of the workers. Each key is a model's name, or verifier."""


class RemoteError(Exception):
    """An exception of a plugin in another process, as text, because its class may be unknown here."""


@dataclass(frozen=True, slots=True)
class Work:
    """A model that answers batches of requests, or a verifier that answers batches of pairs."""

    name: str
    """The key of its workers in a config: a model's name, or ``verifier``."""
    worker: Model | Verifier

    def answer(self, batch: Sequence[Any]) -> Iterator[Any]:
        """Yield the answers as they are made; no work starts before the first is read."""
        yield from self.worker.generate(batch) if isinstance(self.worker, Model) else self.worker.verify_all(batch)


class Engine:
    """Runs one batch after another, in this process. Subclasses run batches elsewhere."""

    def batch_size(self, work: Work) -> int:
        """Return the maximum size of a batch."""
        return sys.maxsize

    def map(self, work: Work, batches: Iterable[Sequence[A]]) -> Iterator[tuple[Sequence[A], Iterator[Any]]]:
        """Take batches when there is room for them, and yield each with its answers.

        Answers arrive as they are made. If the work fails, reading the answers of its batch raises the exception; other
        batches are not affected.
        """
        for batch in batches:
            yield batch, work.answer(batch)


def make_engine(options: EngineOptions) -> Engine:
    """Create the engine that a config asks for; raise MissingDependencyError if its package is not installed."""
    if options.kind == "ray":
        from harness.engines.ray import Ray

        return Ray(options)
    return Engine()
