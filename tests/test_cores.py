"""The number of threads: that of the cores, unless OMP_NUM_THREADS is set."""

from __future__ import annotations

import os

import pytest

from harness import cores


@pytest.mark.parametrize(("said", "expected"), [("3", 3), ("4,2", 4), (" 2 ", 2)])
def test_the_outermost_level_of_openmp_counts(monkeypatch: pytest.MonkeyPatch, said: str, expected: int) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", said)
    assert cores.count_threads() == expected


@pytest.mark.parametrize("said", ["", "0", "many"])
def test_invalid_thread_count_gives_one_thread_per_core(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", said)
    assert cores.count_threads() == cores.count_cores() >= 1


def test_without_affinity_all_cores_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """macOS and Windows have no affinity."""
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert cores.count_cores() == 6
