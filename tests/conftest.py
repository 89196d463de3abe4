"""Shared fixtures, slow servers, and the order of tests among workers.

Modules imported during collection are never freed. Garbage collection of them took a quarter of the collection time,
so they are frozen.
"""

from __future__ import annotations

import gc
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from resources import ModelServer, llama_cpp_serve

from harness import progress
from harness.weights import store

# The time of an example depends on the machine's load, not on the code.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("tests"), max_examples=25)
settings.load_profile("tests" if os.environ.get("CI") else "quick")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not import files that have only slow tests for ``-m "not slow"``; torch alone takes seconds."""
    if config.option.markexpr != "not slow":
        return None
    files = [collection_path] if collection_path.is_file() else [*collection_path.rglob("test_*.py")]
    slow = rb"(?m)^pytestmark = \[?pytest\.mark\.slow"
    return True if files and all(re.search(slow, file.read_bytes()) for file in files) else None


def pytest_configure(config: pytest.Config) -> None:
    """Give the tests an empty HARNESS_HOME with this machine's models. Workers inherit it."""
    if not hasattr(config, "workerinput"):
        home = TemporaryDirectory(prefix="harness-tests-")
        for folder in ("models", "unpacked"):
            with suppress(OSError):  # a new folder in a read-only home
                (store.home() / folder).mkdir(parents=True, exist_ok=True)
                Path(home.name, folder).symlink_to(store.home() / folder)
        os.environ["HARNESS_HOME"] = home.name
        config.add_cleanup(home.cleanup)


def pytest_collection() -> None:
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Workers take the files with the most slow tests first, so that they finish together."""
    if hasattr(config, "workerinput"):
        slow = Counter(item.path for item in items if "slow" in item.keywords)
        items.sort(key=lambda item: -slow[item.path])


@pytest.fixture(autouse=True)
def reset_quiet_and_skip_fsync(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo ``--quiet``, which a command sets for the whole process; and do not wait for the disk."""
    monkeypatch.setattr(progress, "quiet", False)
    monkeypatch.setattr(os, "fsync", lambda _: None)  # no file of a test must survive a power failure


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a small run, which no test may change."""
    import viewing

    return viewing.make_project(tmp_path_factory.mktemp("project"))


@pytest.fixture
def project_copy(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project, as the working directory."""
    copy = Path(shutil.copytree(project, tmp_path / "project"))
    monkeypatch.chdir(copy)
    return copy


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A HARNESS_HOME without models and stored answers."""
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))


@pytest.fixture
def in_tmp_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """Run torch on one thread, which is faster for tiny models on a busy machine."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def llama_cpp_server() -> Iterator[ModelServer]:
    """A server with a context of 512 tokens."""
    with llama_cpp_serve(context=512) as server:
        yield server
