"""Asynchronous work in a thread of its own, whose results are taken from an ordinary loop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from queue import SimpleQueue
from typing import TypeVar

R = TypeVar("R")


def results(work: Callable[[Callable[[R], None]], Awaitable[None]]) -> Iterator[R]:
    """What ``work`` hands to the function it is given, each as soon as it is there.

    The work goes on while a result is used, and ends where no more are taken (an error, Ctrl-C). It may be called
    where an event loop runs already, as in a notebook. What ends the work is raised after its results.
    """
    from anyio.from_thread import start_blocking_portal

    results: SimpleQueue[tuple[R] | None] = SimpleQueue()
    with start_blocking_portal() as portal:
        working = portal.start_task_soon(work, lambda result: results.put((result,)))
        working.add_done_callback(lambda _: results.put(None))
        try:
            while (result := results.get()) is not None:
                yield result[0]
            working.result()
        finally:
            working.cancel()
