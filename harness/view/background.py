"""What takes long is done in the background: its page says how far it is meanwhile, and asks again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Literal

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

    def carry_out(self, work: Callable[[], None]) -> None:
        """Do the work, with its progress and what becomes of it kept here."""
        self.state = "running"
        try:
            with progress.watched(self._watch):
                work()
        except HarnessError as error:
            self.problems = tuple(str(error).splitlines())
            self.state = "failed"
        except Exception as error:
            self.problems = (f"{type(error).__name__}: {error}",)
            self.state = "failed"
            raise
        else:
            self.state = "done"

    def _watch(self, done: int, total: int) -> None:
        self.done, self.total = done, total
