"""What takes long to read is read in the background: its page says so meanwhile, and asks again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait


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
