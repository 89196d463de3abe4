"""llama.cpp's own server on a GGUF file, on one thread, while a benchmark runs."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

NAME = "smollm2"
"""The model, as the server names it."""
_UP_WITHIN = 120.0
"""Seconds that it has to start."""


@contextmanager
def parallel(program: str, weights: Path, context: int, slots: int) -> Iterator[tuple[str, int]]:
    """The address and the process of a server that answers ``slots`` requests at once, each of ``context`` tokens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--model", str(weights), "--alias", NAME, "--ctx-size", str(context * slots), "--parallel", str(slots)]
    options += ["--threads", "1", "--threads-batch", "1", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603  # the program that the user names
    try:
        _wait_for(process, f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}/v1", process.pid
    finally:
        process.terminate()
        process.wait(30)


def release(program: str) -> str:
    """What the program says of itself: ``version: 9095 (3e7f6a1)``."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)  # noqa: S603  # the same
    return (said.stdout + said.stderr).strip().splitlines()[0]


def _wait_for(process: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + _UP_WITHIN
    while process.poll() is None and time.monotonic() < until:
        try:
            urlopen(url, timeout=5).close()  # noqa: S310  # our own server on the loopback
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    raise SystemExit("llama.cpp's server did not come up")
