"""What a person does with the folders of runs: write a note, rename one, put one into the bin and take it out again.

results/<run>/note.txt    a person's words on the run
results/.bin/<run>/       runs that were put away; nothing removes them but their user
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count
from pathlib import Path

from harness.data.runs import results
from harness.data.runs.record_file import writable
from harness.data.runs.results import RunFolder
from harness.errors import RunFolderError
from harness.files import read_text, show, write_text

NOTE = "note.txt"
BIN = ".bin"
LONGEST_NOTE = 2_000
"""Characters."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def note(path: Path) -> str:
    """A person's words on the run in a folder; empty where there are none."""
    file = path / NOTE
    return read_text(file).strip() if file.is_file() else ""


def write_note(path: Path, text: str) -> None:
    """Put a note in the place of the one that is there; an empty one takes it away. RunFolderError where that fails."""
    with writable(path / NOTE):
        if text.strip():
            write_text(path / NOTE, text.strip()[:LONGEST_NOTE] + "\n")
        else:
            (path / NOTE).unlink(missing_ok=True)


def rename(path: Path, name: str) -> Path:
    """The run's folder under another name, which its reports are titled by from their next scoring on.

    RunFolderError where the name is none or is taken, or where another command writes the run.
    """
    if not _NAME.fullmatch(name):
        raise RunFolderError(f"{name!r} is no name; write letters, digits, dots, dashes and underscores")
    target = path.with_name(name)
    with results.locked(path) as folder:
        manifest = folder.manifest
        _move(path, target)
        RunFolder(target).write_manifest(replace(manifest, name=name))
    return target


def put_away(path: Path) -> Path:
    """The run's folder, moved into the bin beside it.

    RunFolderError where another command writes the run, or where there can be no bin.
    """
    bin_ = path.parent / BIN
    with writable(bin_):
        bin_.mkdir(exist_ok=True)
    names = (path.name if number == 1 else f"{path.name}-{number}" for number in count(1))
    target = next(bin_ / name for name in names if not (bin_ / name).exists())
    with results.locked(path):
        _move(path, target)
    return target


def put_back(folder: Path, name: str) -> Path:
    """A run of the bin, moved back among the runs of a folder; RunFolderError where its name is taken."""
    target = folder / name
    _move(folder / BIN / name, target)
    return target


def put_away_runs(folder: Path) -> list[RunFolder]:
    """The runs in the bin of a folder, by name."""
    return results.runs(folder / BIN)


def _move(path: Path, target: Path) -> None:
    if target.exists():
        raise RunFolderError(f"{show(target)} is there already; choose another name")
    try:
        path.rename(target)
    except OSError as error:
        raise RunFolderError(f"{show(path)} cannot be moved: {error.strerror}") from None
