"""Files that a command writes at its end: whether they can be is known at its start."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from harness.errors import UsageError


def checked(path: Path, suffixes: Collection[str]) -> Path:
    """The path; UsageError where its suffix says no format that there is, or its folder is not there."""
    if suffixes and path.suffix.lower() not in suffixes:
        raise UsageError(f"{path} ends in {path.suffix or 'no suffix'}; end it in {' or '.join(suffixes)}")
    if not path.parent.is_dir():
        raise UsageError(f"{path} cannot be written: there is no folder {path.parent}; make it, or choose another file")
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file")
    return path


def write(path: Path, text: str) -> None:
    """The text, in one step; UsageError where the file cannot be written."""
    from harness.files import write_text

    try:
        write_text(path, text)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}; choose another file with -o") from None
