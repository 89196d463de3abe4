"""Work in the background: what becomes of it when the app is ended."""

from __future__ import annotations

import threading
from collections.abc import Callable

from harness import progress
from harness.view.background import Job, Jobs


def steps(begun: threading.Event, go_on: threading.Event) -> Callable[[], None]:
    """Work of a thousand steps, the first of which waits to be let go on."""

    def work() -> None:
        with progress.bar("work", 1000) as advance:
            for _ in range(1000):
                begun.set()
                go_on.wait(20)
                advance(1)

    return work


def test_once_it_is_stopped_what_is_going_ends_at_its_next_step_and_what_waits_never_begins() -> None:
    jobs: Jobs[Job] = Jobs("test")
    first, second, begun, go_on = Job(), Job(), threading.Event(), threading.Event()
    jobs.start("first", first, steps(begun, go_on))
    jobs.start("second", second, steps(threading.Event(), go_on))
    assert begun.wait(20)
    assert jobs.stop() == ["first"]
    go_on.set()
    jobs.wait()
    assert (first.state, first.problems, first.done) == ("failed", ("stopped",), 1)
    assert (second.state, second.done) == ("waiting", 0)


def test_work_that_nobody_stops_is_done() -> None:
    jobs: Jobs[Job] = Jobs("test")
    job, go_on = Job(), threading.Event()
    go_on.set()
    jobs.start("run", job, steps(threading.Event(), go_on))
    jobs.wait()
    assert (job.state, job.done) == ("done", 1000)
    assert jobs.stop() == []
