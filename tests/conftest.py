"""What tests of many rooms share: servers that are slow to start, and which worker runs which test.

What is imported while tests are collected stays to the end. Looking through it for garbage, then and after each few
tests, took a quarter of the time of collecting.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from real_servers import Serving, llama_cpp_serve, transformers_serve

from harness import progress

# How long an example takes says how busy the machine is, and nothing about what is tested.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")


def pytest_collection() -> None:
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of what workers share out by file, the files with most slow tests come first: the fast ones fill up the end."""
    if hasattr(config, "workerinput"):
        slow = Counter(item.path for item in items if "slow" in item.keywords)
        items.sort(key=lambda item: -slow[item.path])


@pytest.fixture(autouse=True)
def progress_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a command with ``--quiet`` sets for its process ends with the test."""
    monkeypatch.setattr(progress, "quiet", False)


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """What threads gain on the models of tests, they lose many times over on a busy machine."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def transformers_server() -> Iterator[Serving]:
    with transformers_serve() as server:
        yield server


@pytest.fixture(scope="session")
def llama_cpp_server() -> Iterator[Serving]:
    """It takes prompts and summaries of 512 tokens together."""
    with llama_cpp_serve(context=512) as server:
        yield server
