"""Where models lie on disk (``HOME/models/NAME/CHECKSUM/``), and whether what lies there is whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from harness import files
from harness.errors import StoreError
from harness.signature import file_digest
from harness.store.catalogue import File, Packaged, entry

State = Literal["ready", "damaged", "not pulled"]

_HASHED: dict[Path, object] = {}
"""Folder of a model → what its files looked like when this process found them to be as pinned."""


def home() -> Path:
    """The folder that holds all that the harness keeps for its user: ``HARNESS_HOME``, else the platform's cache."""
    chosen = os.environ.get("HARNESS_HOME")
    if chosen:
        try:
            return Path(chosen).expanduser().absolute()
        except RuntimeError:
            raise StoreError(f"HARNESS_HOME is {chosen}, and nobody has that home; write the path in full") from None
    from platformdirs import user_cache_path

    return user_cache_path("harness", appauthor=False)


def named_folder(packaged: Packaged) -> Path:
    """The folder of all that belongs to a name: the model, the lock, a pull under way."""
    return home() / "models" / packaged.name


def folder(packaged: Packaged) -> Path:
    """The model's own folder. Its name is the checksum, so that another pin never finds old bytes."""
    return named_folder(packaged) / packaged.checksum[:12]


def location(packaged: Packaged) -> Path:
    """What a loader takes: the model's main file where it has one, else its folder."""
    return folder(packaged) / packaged.main


def state(name: str | Packaged) -> State:
    """Whether a model can be loaded, by its files' sizes; nothing is hashed."""
    packaged = entry(name)
    if not folder(packaged).exists():
        return "not pulled"
    return "damaged" if any(_misfit(packaged, file) for file in packaged.files) else "ready"


def installed(name: str | Packaged) -> bool:
    """Whether all files of a model are there at their sizes; nothing is hashed."""
    return state(name) == "ready"


def verify(name: str | Packaged) -> list[str]:
    """What is wrong with a model on disk, each file hashed again; empty where all is as pinned."""
    packaged = entry(name)
    if not folder(packaged).exists():
        return [f"{packaged.name} has not been pulled; do it: harness models pull {packaged.name}"]
    return list(_damages(packaged))


def whole(packaged: Packaged) -> bool:
    """Whether every file of a model is as pinned, hashed again where a file changed since this process hashed it."""
    stats = tuple(_stamp(folder(packaged) / file.path) for file in packaged.files)
    if None in stats:
        return False
    if _HASHED.get(folder(packaged)) != stats:
        if any(_damages(packaged)):
            return False
        _HASHED[folder(packaged)] = stats
    return True


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino


def _damages(packaged: Packaged) -> Iterator[str]:
    for file in packaged.files:
        damage = _misfit(packaged, file) or _altered(packaged, file)
        if damage:
            place = files.show(folder(packaged) / file.path)
            yield f"{place} {damage}; mend it: harness models pull {packaged.name} --force"


def _misfit(packaged: Packaged, file: File) -> str:
    path = folder(packaged) / file.path
    if not path.is_file():
        return "is missing"
    size = path.stat().st_size
    return "" if size == file.size else f"has {size} bytes instead of {file.size}"


def _altered(packaged: Packaged, file: File) -> str:
    try:
        sha256 = file_digest(folder(packaged) / file.path)
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return "" if sha256 == file.sha256 else f"has SHA-256 {sha256} instead of {file.sha256}"
