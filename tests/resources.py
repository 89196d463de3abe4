"""Data, packages and servers that a machine may lack; tests that need one are skipped without it."""

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
from filelock import FileLock

from harness.weights import store

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(os.environ.get("HARNESS_LABELLED_DATA", ROOT / "labelled-data")).resolve()
NAME = "smollm2-135m-instruct"


def labelled_data(name: str) -> Path:
    """A file of the human-labelled data, which is not in the repository."""
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"{name} is not here; set HARNESS_LABELLED_DATA to the folder of the human-labelled data")
    return path


def install_apart(requirement: str, config: pytest.Config) -> dict[str, str]:
    """Install a package whose pins contradict ours into pytest's cache, once for each version of Python.

    Returns the environment of a process that has the package and harness; the package's own dependencies come first.
    In CI, a failed installation fails the test.
    """
    folder = (
        config.rootpath / ".pytest_cache" / "d" / f"{requirement}-{sys.version_info.major}.{sys.version_info.minor}"
    )
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".lock"):
        if not (folder / "done").is_file():
            command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--upgrade", requirement]
            done = subprocess.run(
                [*command, "--target", folder / "site"], capture_output=True, text=True, timeout=1200, check=False
            )
            if done.returncode:
                reason = f"pip could not install {requirement}: {done.stderr.strip()[-300:]}"
                pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
            (folder / "done").touch()
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder / "site"), str(ROOT)])}


@dataclass(frozen=True)
class ModelServer:
    """A running server and the model it serves."""

    url: str
    model: str


@contextmanager
def transformers_serve(folder: Path) -> Iterator[ModelServer]:
    """``transformers serve``, pinned to the model in a folder."""
    program = str(Path(sys.executable).with_name("transformers"))
    with run_server([program, "serve", str(folder), "--device", "cpu"], "/health") as url:
        yield ModelServer(f"{url}/v1", str(folder))


@contextmanager
def llama_cpp_serve(context: int) -> Iterator[ModelServer]:
    """llama.cpp's server from llama-cpp-python, with the packaged model's GGUF file."""
    if find_spec("llama_cpp") is None:
        pytest.skip("llama-cpp-python is not here; install the extra: pip install -e '.[llama]'")
    if store.get_state(NAME) != "ready":
        pytest.skip(f"{NAME} is not here; fetch it: harness models pull {NAME}")
    weights = store.path(NAME)
    options = ["--model", str(weights), "--model_alias", "smollm2", "--n_ctx", str(context), "--n_threads", "1"]
    with run_server([sys.executable, "-m", "llama_cpp.server", *options], "/v1/models") as url:
        yield ModelServer(f"{url}/v1", "smollm2")


@contextmanager
def run_server(command: Sequence[str], health: str, environment: dict[str, str] | None = None) -> Iterator[str]:
    """Run a server on a free port and yield its address once ``health`` answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with TemporaryDirectory() as folder:
        log = Path(folder, "log")
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*command, "--host", "127.0.0.1", "--port", str(port)],
                stdout=output, stderr=output, env=environment or {**os.environ, "HF_HUB_OFFLINE": "1"},
            )  # fmt: skip  # one call
        try:
            _wait_for(process, f"http://127.0.0.1:{port}{health}", log)
            yield f"http://127.0.0.1:{port}"
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
