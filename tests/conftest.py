"""What tests of many rooms share: servers that are slow to start, one of each for all tests of a process.

What is imported while tests are collected stays to the end. Looking through it for garbage, then and after each few
tests, took a quarter of the time of collecting.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from real_servers import Serving, llama_cpp_serve, transformers_serve


def pytest_collection() -> None:
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def transformers_server() -> Iterator[Serving]:
    with transformers_serve() as server:
        yield server


@pytest.fixture(scope="session")
def llama_cpp_server() -> Iterator[Serving]:
    """It takes prompts and summaries of 512 tokens together."""
    with llama_cpp_serve(context=512) as server:
        yield server
