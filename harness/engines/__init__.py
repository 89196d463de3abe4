"""How batches of work are spread over workers. A stage hands batches in and writes down what comes back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, Protocol, TypeVar

from harness.seams import Plugin

A = TypeVar("A")

Method = Literal["generate", "verify"]
"""The one method of a seam, which takes a batch."""


class Engine(Protocol):
    """Runs a plugin's method over batches."""

    def map(self, plugin: Plugin, method: Method, batches: Iterable[Sequence[A]]) -> Iterator[tuple[Sequence[A], Any]]:
        """Each batch with its answers, in any order. Batches are taken when there is room for them.

        The answers come as they are made, and what the plugin raises is raised among them: it costs its own batch.
        An engine may cut a batch in several.
        """
        ...
