"""The hub is asked first, for a few seconds, and never trusted. A small server on this machine stands for it."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tiny_model import CONTENT, WEIGHTS, MakeWheel, start

from harness import store
from harness.store.catalogue import Hub, Packaged

pytestmark = pytest.mark.slow  # pip fetches wheels

pytest_plugins = ["store_fixtures"]

REVISION = "0123456789abcdef0123456789abcdef01234567"


class HubServer(ThreadingHTTPServer):
    """Serves files as the hub's ``resolve`` addresses do."""

    def __init__(self, content: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _HubHandler)
        self.content = content
        self.asked: list[str] = []
        self.silent = threading.Event()
        self.over = threading.Event()


class _HubHandler(BaseHTTPRequestHandler):
    server: HubServer

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self.wfile.write(self._answer())

    def _answer(self) -> bytes:
        self.server.asked.append(self.path)
        if self.server.silent.is_set():
            self.server.over.wait()
        data = self.server.content.get(self.path.removeprefix(f"/someone/tiny/resolve/{REVISION}/"), b"")
        self.send_response(200 if data else 404)
        self.send_header("X-Repo-Commit", REVISION)
        self.send_header("ETag", f'"{len(data)}"')
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        return data

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name that the base class gave it
        """Say nothing."""


StartHub = Callable[[dict[str, bytes]], HubServer]


@pytest.fixture
def hub(store_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StartHub]:
    """Start a hub with some content for the processes that the test starts."""
    monkeypatch.setenv("HF_HOME", str(store_home.parent / "hub-cache"))
    servers = []

    def start_hub(content: dict[str, bytes]) -> HubServer:
        server = HubServer(content)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        servers.append(server)
        return server

    yield start_hub
    for server in servers:
        server.over.set()
        server.shutdown()
        server.server_close()


def on_hub(packaged: Packaged) -> Packaged:
    return replace(packaged, hub=Hub("someone/tiny", REVISION))


def finish(process: subprocess.Popen[str]) -> list[str]:
    """What a pull that must succeed said on stderr."""
    _, error = process.communicate(timeout=300)
    assert process.returncode == 0, error
    return error.splitlines()


def test_a_hub_that_answers_is_used_and_the_index_is_not_asked(
    make_tiny: MakeWheel, hub: StartHub, wheelhouse: Path
) -> None:
    tiny = on_hub(make_tiny())
    shutil.rmtree(wheelhouse)
    server = hub(CONTENT)
    assert finish(start(tiny)) == ["tiny: fetching 0.2 MB from the hub"]
    assert store.verify(tiny) == []
    assert sorted(file.name for file in store.path(tiny).iterdir()) == ["config.json", "layer"]
    assert f"/someone/tiny/resolve/{REVISION}/layer/weights.bin" in server.asked


def test_other_bytes_from_the_hub_are_refused_and_the_wheel_is_taken(make_tiny: MakeWheel, hub: StartHub) -> None:
    tiny = on_hub(make_tiny())
    hub({**CONTENT, "layer/weights.bin": WEIGHTS[::-1]})
    said = finish(start(tiny))
    assert said[1].startswith("tiny: the hub serves other bytes: layer/weights.bin has SHA-256")
    assert said[2] == "tiny: fetching 0.2 MB from the package index"
    assert store.verify(tiny) == []


def test_a_hub_without_the_file_gives_way_to_the_index(make_tiny: MakeWheel, hub: StartHub) -> None:
    hub({})
    said = finish(start(on_hub(make_tiny())))
    assert said[0].startswith("tiny: the hub cannot be used: Client error '404 Not Found'")
    assert said[1] == "tiny: fetching 0.2 MB from the package index"


def test_a_hub_that_breaks_off_gives_way_to_the_index(make_tiny: MakeWheel, hub: StartHub) -> None:
    tiny = on_hub(make_tiny())
    hub({"config.json": CONTENT["config.json"]})
    said = finish(start(tiny))
    assert said[0] == "tiny: fetching 0.2 MB from the hub"
    assert said[1].startswith("tiny: the hub broke off: Client error '404 Not Found'")
    assert said[2] == "tiny: fetching 0.2 MB from the package index"
    assert store.verify(tiny) == []


def test_a_silent_hub_is_given_up_after_three_seconds(make_tiny: MakeWheel, hub: StartHub) -> None:
    hub(CONTENT).silent.set()  # for as long as the test takes
    said = finish(start(on_hub(make_tiny())))
    assert said[0] == "tiny: the hub does not answer within 3 s"


def test_an_offline_hub_is_not_asked(make_tiny: MakeWheel, hub: StartHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    server = hub(CONTENT)
    said = finish(start(on_hub(make_tiny())))
    assert "offline mode is enabled" in said[0]
    assert said[1] == "tiny: fetching 0.2 MB from the package index"
    assert server.asked == []
