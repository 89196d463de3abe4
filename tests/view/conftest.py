"""The fixture ``viewer``: the app on a small real run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import viewing


@pytest.fixture
def viewer(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> viewing.Viewer:
    """The app on a copy of the project, which is also the working directory."""
    copy = tmp_path / "project"
    shutil.copytree(project, copy)
    monkeypatch.chdir(copy)
    return viewing.open_viewer(copy)
