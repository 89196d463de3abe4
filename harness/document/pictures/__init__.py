"""The pictures of a report: each with its numbers as a table, and drawn only when it is shown."""

from __future__ import annotations

from harness.document.pictures.picture import Drawing, Picture

__all__ = ["Drawing", "Picture"]
