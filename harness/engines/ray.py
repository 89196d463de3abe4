"""Batches spread over a Ray cluster: workers hold the weights, and a lost worker or node costs only its batches.

Each worker is a Ray actor with a copy of the model, the verifier or the scorers; it loads its weights when its first
batch comes. Batches go to workers that are ready, two to each, so that no more are under way than workers can chew.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from harness.engines import AsksServers, Work
from harness.engines.options import EngineOptions, Workers
from harness.engines.pool import Pool
from harness.errors import ClusterError, MissingDependencyError, first_line

A = TypeVar("A")

_ANSWER_WITHIN = 5.0
"""Seconds within which a head that can be reached answers."""


class Ray:
    """The engine of a cluster. It is connected to when the first batch comes."""

    def __init__(self, options: EngineOptions) -> None:
        self._options = options
        try:
            import ray  # noqa: F401  # known missing before anything is done
        except ImportError:
            raise MissingDependencyError(
                "the engine ray needs the package ray: pip install 'fact-harness[ray]', on every node of the cluster"
            ) from None

    def batch_size(self, work: Work) -> int:
        """What the config says of the workers."""
        return self._workers(work.name).batch

    def map(self, work: Work, batches: Iterable[Sequence[A]]) -> Iterator[tuple[Sequence[A], Iterator[Any]]]:
        """Each batch with its answers; ClusterError where the cluster cannot do the work."""
        waiting = iter(batches)
        first = next(waiting, None)
        if first is None:
            return
        announce_servers(work.worker)
        self._connect()
        pool = Pool(Work(work.name, without_weights(work.worker), work.method, work.in_order), self._workers(work.name))
        try:
            yield from pool.run(first, waiting)
        finally:
            pool.close()

    def _workers(self, name: str) -> Workers:
        return self._options.workers.get(name, Workers())

    def _connect(self) -> None:
        """Join the cluster, or start one, unless this process has one already; ClusterError where that fails."""
        import ray

        if ray.is_initialized():
            return
        address = self._options.address
        if address not in (None, "auto"):
            _require_listener(str(address))
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is sent anywhere about a cluster of our own
        try:
            ray.init(address=address, namespace="harness", logging_level=logging.ERROR, log_to_driver=False)
        except Exception as error:  # noqa: BLE001  # what it raises differs by how it is reached
            raise ClusterError(_unreachable(address, f"{type(error).__name__}: {first_line(error)}")) from None


def without_weights(value: Any) -> Any:
    """A copy of a plugin, or of what holds plugins, with its options alone: nothing is loaded, so it can be sent."""
    if isinstance(value, BaseModel):
        options = {name: without_weights(getattr(value, name)) for name in type(value).model_fields}
        return type(value).model_construct(set(value.model_fields_set), **options)
    if isinstance(value, Path):
        return value.absolute()  # a worker runs in another folder
    if isinstance(value, list | tuple):
        return type(value)(map(without_weights, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: without_weights(getattr(value, field.name)) for field in fields(value)})
    return value


def announce_servers(value: Any) -> None:
    """Name the servers that a plugin, or what it holds, will ask: what workers write to standard error nobody sees."""
    if isinstance(value, AsksServers):
        value.announce()
    if isinstance(value, BaseModel):
        parts = [getattr(value, name) for name in type(value).model_fields]
    elif is_dataclass(value) and not isinstance(value, type):
        parts = [getattr(value, field.name) for field in fields(value)]
    else:
        parts = list(value) if isinstance(value, list | tuple) else []
    for part in parts:
        announce_servers(part)


def _require_listener(address: str) -> None:
    """ClusterError, fast, where nobody listens: Ray itself tries for minutes."""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=_ANSWER_WITHIN):
            pass
    except ValueError:
        message = f"the address {address} has no port; write HOST:PORT, as ray start --head shows it"
        raise ClusterError(message) from None
    except OSError as error:
        raise ClusterError(_unreachable(address, str(error.strerror or error))) from None


def _unreachable(address: str | None, why: str) -> str:
    if address is None:
        return f"no Ray cluster can be started on this machine ({why}); run with --engine local"
    where = "on this machine" if address == "auto" else f"at {address}"
    return (
        f"the Ray cluster {where} cannot be reached ({why}); start its head (ray start --head), name the address that "
        "this shows with --address, or leave --address out for a cluster of this machine alone"
    )
