"""How many may be connected at once, and what those beyond are told: the process keeps descriptors for its files.

Another user of the machine can open as many connections as he likes, and say nothing on them.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

SILENCE = 30.0
"""Seconds after which a connection that has asked for nothing is closed."""
_FEWEST, _MOST = 8, 256
_BUSY = b"too many are connected to harness view; close some, and load the page again\n"
_REFUSAL = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n"
    b"retry-after: 5\r\ncontent-length: %d\r\n\r\n%b" % (len(_BUSY), _BUSY)
)


def allowed() -> int:
    """Connections at once: a quarter of the files that the process may open."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return _MOST
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST if files == resource.RLIM_INFINITY else max(_FEWEST, min(_MOST, files // 4))


class LimitedProtocol(H11Protocol):
    """A connection. One too many is told so and closed, and one that asks for nothing is closed after a while."""

    refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the base has it
        if len(self.connections) >= allowed():
            self.refused = True
            transport.write(_REFUSAL)
            transport.close()
            return
        super().connection_made(transport)
        self.loop.call_later(SILENCE, self._end_silence)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.refused:
            super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self.refused:
            super().data_received(data)

    def _end_silence(self) -> None:
        if self.cycle is None:
            self.transport.close()


class LoopErrors:
    """What the loop reports on its own, as one line instead of a traceback, the same one once a minute.

    Where no descriptor is left to accept with, it reports that thousands of times a second.
    """

    def __init__(self) -> None:
        self._shown_until: dict[str, float] = {}

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        line = f"harness view: {context.get('message', 'error')}{f' ({error})' if error else ''}\n"
        if loop.time() >= self._shown_until.get(line, 0.0):
            self._shown_until[line] = loop.time() + 60
            sys.stderr.write(line)
