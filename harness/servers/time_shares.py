"""The wall time of requests that are under way at once, divided among them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class TimeShare:
    """Seconds of one request; known when its block has ended."""

    seconds: float = 0.0


class TimeShares:
    """Divides wall time evenly among the requests under way at each moment: all shares add up to what passed.

    The clock is one that only goes forward, whatever is done to the time of day.
    """

    def __init__(self) -> None:
        self._busy = 0
        self._each = 0.0
        self._last = 0.0

    @contextmanager
    def one(self) -> Iterator[TimeShare]:
        """A share, from here to the end of the block."""
        share = TimeShare()
        self._tick()
        self._busy += 1
        start = self._each
        try:
            yield share
        finally:
            self._tick()
            self._busy -= 1
            share.seconds = self._each - start

    def _tick(self) -> None:
        now = perf_counter()
        if self._busy:
            self._each += (now - self._last) / self._busy
        self._last = now
