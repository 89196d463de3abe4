"""The human-labelled data, which is not in the repository; tests that need it are skipped without it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(os.environ.get("HARNESS_LABELLED_DATA", ROOT / "labelled-data")).resolve()


def labelled_data(name: str) -> Path:
    """A file of the human-labelled data."""
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"{name} is not here; set HARNESS_LABELLED_DATA to the folder of the human-labelled data")
    return path
