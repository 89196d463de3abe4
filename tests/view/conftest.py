"""The fixture ``viewer``: the app on a small real run."""

from __future__ import annotations

from pathlib import Path

import pytest
import viewing


@pytest.fixture
def viewer(project_copy: Path) -> viewing.Viewer:
    """The app on a copy of the project, which is also the working directory."""
    return viewing.open_viewer(project_copy)
