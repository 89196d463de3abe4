"""How batches of work are spread over workers. A stage hands batches in and writes down what comes back."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar, runtime_checkable

from harness.engines.options import EngineOptions

A = TypeVar("A")


class RemoteError(Exception):
    """What a plugin raised in another process, in words that name the exception: its class may not be known here."""


class Worker(Protocol):
    """A model, a verifier, or all scorers: what loads weights and answers batches. It can be pickled."""

    def signature(self) -> str:
        """Everything that its answers depend on."""
        ...


@runtime_checkable
class AsksServers(Protocol):
    """A worker, or a part of one, that sends texts to a server."""

    def announce(self) -> None:
        """Say on standard error which server it is, once, unless it is this machine's."""
        ...


@dataclass(frozen=True, slots=True)
class Work:
    """A worker, and the method that is called with each batch."""

    name: str
    """The key of its workers in a config: a model's name, ``verifier`` or ``scorers``."""
    worker: Worker
    method: Literal["generate", "verify", "score"]
    """Takes a batch, and gives an iterable of answers."""
    in_order: bool = False
    """Whether batches come back in the order in which they were handed in."""


class Engine(Protocol):
    """Runs work over batches."""

    def batch_size(self, work: Work) -> int:
        """Requests that a batch of work should have at most. Who makes the batches may stop between two of them."""
        ...

    def map(self, work: Work, batches: Iterable[Sequence[A]]) -> Iterator[tuple[Sequence[A], Iterator[Any]]]:
        """Each batch with its answers; batches are taken when there is room for them.

        The answers come as they are made, and what goes wrong is raised among them: it costs that batch alone.
        """
        ...


class Local:
    """One batch after the other, in this process; it needs nothing."""

    def batch_size(self, work: Work) -> int:
        """As many as there are."""
        return sys.maxsize

    def map(self, work: Work, batches: Iterable[Sequence[A]]) -> Iterator[tuple[Sequence[A], Iterator[Any]]]:
        """Each batch with its answers, in order; the next one is taken when these have been read."""
        for batch in batches:
            yield batch, _answers(work, batch)


def _answers(work: Work, batch: Sequence[Any]) -> Iterator[Any]:
    yield from getattr(work.worker, work.method)(batch)


def engine(options: EngineOptions) -> Engine:
    """The engine that a config asks for; MissingDependencyError where its package is not installed."""
    if options.kind == "ray":
        from harness.engines.ray import Ray

        return Ray(options)
    return Local()
