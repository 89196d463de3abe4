"""The cache returns what was stored, to several processes, and says what to do if it cannot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from harness.data import cache
from harness.errors import StoreError
from harness.records import Generation, Verdict


def test_stored_values_are_returned_even_if_one_statement_allows_fewer(tmp_path: Path) -> None:
    answers = {f"ключ {number}": Generation("id", f"text {number}") for number in range(1234)}
    with cache.open_cache(tmp_path) as store:
        store.put(Generation, answers)
        assert store.get(Generation, [*answers, "another key"]) == answers
        assert store.get(Verdict, list(answers)) == {}


def test_concurrent_writers_lose_nothing(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from harness.data import cache; from harness.records import Generation\n"
        "with cache.open_cache(Path(sys.argv[1])) as store:\n"
        "    for n in range(200): store.put(Generation, {f'{sys.argv[2]}{n}': Generation('id', 'text')})\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path), name]) for name in "ab"]
    assert [writer.wait(300) for writer in writers] == [0, 0]
    with cache.open_cache(tmp_path) as store:
        assert len(store.get(Generation, [f"{name}{n}" for name in "ab" for n in range(200)])) == 400


def test_file_that_is_not_a_database_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "cache.sqlite").write_text("not a database, but long enough to be read as one" * 100)
    with pytest.raises(StoreError, match=r"HARNESS_HOME .*delete the file .*--no-cache"), cache.open_cache(tmp_path):
        pass


def test_only_its_user_can_read_the_cache(tmp_path: Path) -> None:
    with cache.open_cache(tmp_path) as store:
        store.put(Generation, {"a": Generation("id", "text")})
        modes = {path.name: path.stat().st_mode & 0o077 for path in tmp_path.iterdir()}
    assert modes
    assert set(modes.values()) == {0}, modes


def test_locked_cache_is_an_error_and_not_an_endless_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LOCK_SECONDS", 0.05)
    with (
        FileLock(tmp_path / "cache.lock"),
        pytest.raises(StoreError, match="another process has locked the cache"),
        cache.open_cache(tmp_path),
    ):
        pass
