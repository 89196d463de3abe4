"""The cache gives back what was put in, to several processes, and says what to do when it cannot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import full_cache
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.data import cache
from harness.errors import StoreError


@pytest.mark.slow
@given(st.dictionaries(st.text(min_size=1, max_size=8), st.binary(max_size=30), max_size=30))
def test_what_is_put_comes_back_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, bytes]
) -> None:
    with cache.opened(tmp_path_factory.mktemp("cache")) as store:
        store.put("verdicts", values)
        assert store.get("verdicts", [*values, "another key"]) == values
        assert store.get("generations", list(values)) == {}


def test_more_keys_than_one_statement_takes(tmp_path: Path) -> None:
    values = {str(number): b"x" for number in range(1234)}
    with cache.opened(tmp_path) as store:
        store.put("generations", values)
        assert store.get("generations", list(values)) == values


def test_two_processes_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from harness.data import cache\n"
        "with cache.opened(Path(sys.argv[1])) as store:\n"
        "    for n in range(200): store.put('verdicts', {f'{sys.argv[2]}{n}': b'v'})\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path), name]) for name in "ab"]
    assert [writer.wait(300) for writer in writers] == [0, 0]
    with cache.opened(tmp_path) as store:
        assert len(store.get("verdicts", [f"{name}{n}" for name in "ab" for n in range(200)])) == 400


def test_a_file_that_is_no_database_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "cache.sqlite").write_text("not a database, but long enough to be read as one" * 100)
    with (
        pytest.raises(StoreError, match=r"run with --no-cache, set HARNESS_HOME .* or delete the file"),
        cache.opened(tmp_path),
    ):
        pass


def test_a_value_that_cannot_be_kept_is_a_problem_once_and_no_exception(tmp_path: Path) -> None:
    with cache.opened(tmp_path) as store:
        store.put("verdicts", {"a": b"1"})
        full_cache.fill(tmp_path)
        for key in "bc":
            store.put("verdicts", {key: b"1"})
        assert store.get("verdicts", ["a", "b", "c"]) == {"a": b"1"}
        (problem,) = store.problems
    assert "disk is full; run with --no-cache, set HARNESS_HOME" in problem


def test_no_cache_remembers_nothing() -> None:
    store = cache.NoCache()
    store.put("verdicts", {"a": b"1"})
    assert store.get("verdicts", ["a"]) == {}
