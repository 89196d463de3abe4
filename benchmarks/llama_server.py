"""llama.cpp's server on a GGUF file, as llama-cpp-python packs it, on one thread, while a benchmark runs."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

_UP_WITHIN = 120.0
"""Seconds that it has to start."""


@contextmanager
def serving(weights: Path, context: int) -> Iterator[tuple[str, int]]:
    """The address under which it is asked, and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--model", str(weights), "--model_alias", "smollm2", "--n_ctx", str(context)]
    options += ["--n_threads", "1", "--n_threads_batch", "1", "--host", "127.0.0.1", "--port", str(port)]
    command = [sys.executable, "-m", "llama_cpp.server", *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603  # as above
    try:
        _wait_for(process, f"http://127.0.0.1:{port}/v1/models")
        yield f"http://127.0.0.1:{port}/v1", process.pid
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(process: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + _UP_WITHIN
    while process.poll() is None and time.monotonic() < until:
        try:
            urlopen(url, timeout=5).close()  # noqa: S310  # our own server on the loopback
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    raise SystemExit("llama.cpp's server did not come up; is llama-cpp-python[server] installed?")
