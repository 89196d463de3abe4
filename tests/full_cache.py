"""A cache that rejects writes, as on a full disk."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from harness.data import cache


def fill(folder: Path) -> None:
    """Make the cache in a folder, created if missing, reject every value."""
    with cache.open_cache(folder), closing(sqlite3.connect(folder / "cache.sqlite")) as connection:
        for table in ("generations", "verdicts"):
            refusal = "BEGIN SELECT RAISE(FAIL, 'the disk is full'); END"
            connection.execute(f"CREATE TRIGGER full_{table} BEFORE INSERT ON {table} {refusal}")
