"""What takes long is done in the background: its page says how far it is meanwhile, and asks again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from harness import progress
from harness.errors import HarnessError


class BackgroundReader:
    """What is being read, by address."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._worker = ThreadPoolExecutor(thread_name_prefix="reading")
        self._going: dict[str, Future[object]] = {}
        self._lock = threading.Lock()

    def done(self, address: str, read: Callable[[], object]) -> bool:
        """Whether ``read``, which keeps what it makes, has ended within the patience; what it raises is raised here."""
        with self._lock:
            going = self._going.get(address) or self._going.setdefault(address, self._worker.submit(read))
        if not wait([going], self._patience).done:
            return False
        with self._lock:
            self._going.pop(address, None)
        going.result()
        return True


J = TypeVar("J", bound="Job")


class Jobs(Generic[J]):
    """Jobs done one after the other; the last of each run is kept."""

    def __init__(self, name: str) -> None:
        """``name``: of the thread."""
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._jobs: dict[str, J] = {}
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def start(self, run: str, job: J, work: Callable[[], None], *, unless_going: bool = False) -> None:
        """Do the work as soon as that before it is done.

        With ``unless_going``, none is started where a job of the run has not ended.
        """
        with self._lock:
            last = self._jobs.get(run)
            if unless_going and last is not None and not last.ended:
                return
            self._jobs[run] = job
        self._worker.submit(job.carry_out, work, self._stopped)

    def stop(self) -> list[str]:
        """Begin no other job, and end the one that is going at its next step; the run that this one is of."""
        self._stopped.set()
        self._worker.shutdown(wait=False, cancel_futures=True)
        return [run for run, job in self._jobs.items() if job.state == "running"]

    def wait(self) -> None:
        """Until the job that was going has ended, after ``stop``."""
        self._worker.shutdown()

    def of(self, run: str) -> J | None:
        """The last job of a run."""
        with self._lock:
            return self._jobs.get(run)


@dataclass(slots=True, kw_only=True)
class Job:
    """Work that a page watches."""

    state: Literal["waiting", "running", "done", "failed"] = "waiting"
    done: int = 0
    """Questions answered."""
    total: int = 0
    problems: tuple[str, ...] = ()
    """Why it failed, or what it says went wrong."""

    @property
    def ended(self) -> bool:
        return self.state in ("done", "failed")

    @property
    def so_far(self) -> str:
        """``3 of 10``, empty as long as nobody knows of how many; what became of it where it has ended."""
        if self.ended:
            return self.state
        return f"{self.done} of {self.total}" if self.total else ""

    def carry_out(self, work: Callable[[], None], stopped: threading.Event) -> None:
        """Do the work, with its progress and what becomes of it kept here; ``stopped`` ends it as Ctrl-C does."""

        def watch(done: int, total: int) -> None:
            self.done, self.total = done, total
            if stopped.is_set():
                raise KeyboardInterrupt

        self.state = "running"
        try:
            with progress.watched(watch):
                work()
        except HarnessError as error:
            self.problems = tuple(str(error).splitlines())
            self.state = "failed"
        except KeyboardInterrupt:
            self.problems = ("stopped",)
            self.state = "failed"
        except Exception as error:
            self.problems = (f"{type(error).__name__}: {error}",)
            self.state = "failed"
            raise
        else:
            self.state = "done"
