"""What tests of many rooms share: servers that are slow to start, one of each for all tests of a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from real_servers import Serving, llama_cpp_serve, transformers_serve


@pytest.fixture(scope="session")
def transformers_server() -> Iterator[Serving]:
    with transformers_serve() as server:
        yield server


@pytest.fixture(scope="session")
def llama_cpp_server() -> Iterator[Serving]:
    """It takes prompts and summaries of 512 tokens together."""
    with llama_cpp_serve(context=512) as server:
        yield server
