"""Read, write and lock files, format their paths, spool values to the disk, and refuse unsafe links and pipes."""

from __future__ import annotations

import codecs
import errno
import glob
import os
import pickle
import shlex
import stat
import tempfile
import threading
import time
import weakref
from array import array
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, Generic, TypeVar

from harness.errors import DataError, HarnessError, StoreError

T = TypeVar("T")

LOCK_SECONDS = 20.0
"""Seconds to wait while other processes create or write a file, which takes them milliseconds."""
_ABANDONED = 3600.0
"""Seconds after which a later write removes the unfinished file of a killed process."""


@contextmanager
def translate_errors(error: type[HarnessError]) -> Iterator[None]:
    """Raise system errors, such as a name that is too long or a loop of links, as ``error`` with the path."""
    try:
        yield
    except OSError as failure:
        name = str(failure.filename or "a file")
        is_refused = isinstance(failure, PermissionError)
        remedy = "check the permissions of the file and its folder" if is_refused else "name another path"
        raise error(f"{_shorten(name)}: {failure.strerror or failure}; {remedy}") from None
    except RuntimeError as failure:
        if "Symlink loop" not in str(failure):
            raise
        raise error(f"{_shorten(str(failure))}: its links form a loop; name another path") from None


def read_text(path: Path) -> str:
    """Read a regular UTF-8 file, without its byte order mark; raise DataError if that fails."""
    return as_text(read_bytes(path), show(path))


def read_bytes(path: Path) -> bytes:
    """Read the bytes of a regular file; raise DataError if that fails."""
    try:
        if path.exists() and not path.is_file():  # reading a pipe or a device may never end
            message = "is a folder; name a file" if path.is_dir() else "is a pipe or a device; name a file"
            raise DataError.at(show(path), message)
        return path.read_bytes()
    except FileNotFoundError:
        fault = "is a broken link; put the file itself there" if path.is_symlink() else "does not exist"
        raise DataError.at(show(path), f"{fault}{suggest_file(path)}") from None
    except OSError as error:
        raise DataError.at(show(path), f"cannot be read: {error.strerror}") from None


def suggest_file(path: Path) -> str:
    """Return ``; did you mean base.yaml?`` with the most similar file name in a missing file's folder, or ''."""
    with suppress(OSError):
        # neither a broken link, which has the same name, nor hidden files, such as locks
        others = [each for each in path.parent.iterdir() if each.name != path.name and not each.name.startswith(".")]
        stems = get_close_matches(path.stem, [each.stem for each in others], n=1)
        names = [each.name for each in others if each.stem in stems and not (path.suffix and each.is_dir())]
        return "".join(f"; did you mean {name}?" for name in get_close_matches(path.name, names, n=1, cutoff=0))
    return ""


def as_text(data: bytes, name: str) -> str:
    """Decode UTF-8 without its byte order mark; raise DataError for the file ``name`` if the data is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        encoding = "UTF-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "WINDOWS-1252"
        remedy = f"save it as UTF-8, or convert it: iconv -f {encoding} -t UTF-8"
        raise DataError.at(name, f"is not UTF-8 (byte 0x{data[error.start]:02x}); {remedy}", line) from None


def require_safe(path: Path, folder: Path) -> Path:
    """Return the path of a file in an untrusted folder; raise DataError if the file is unsafe to open."""
    if fault := find_unsafe(path, folder):
        raise DataError.at(show(path), fault)
    return path


def find_unsafe(path: Path, folder: Path) -> str | None:
    """Explain why a file in an untrusted folder is unsafe to open, or return None if it is safe or missing."""
    if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
        return "is a link out of its folder, which harness does not follow; put the file itself there, or remove it"
    if path.exists() and not (path.is_file() or path.is_dir()):
        return "is a pipe or a device; remove it"
    return None


def open_to_append(path: Path) -> BinaryIO:
    """Open a regular file at its end, and create it if needed; raise OSError for a link, a pipe or a device."""

    def opener(name: str, flags: int) -> int:
        # Windows has neither flag. O_NONBLOCK: a pipe without a reader is an error instead of an endless wait.
        safe = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        descriptor = os.open(name, flags | safe, 0o666)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise OSError(errno.EINVAL, "not a regular file", name)
        return descriptor

    return open(path, "a+b", opener=opener)  # Path.open takes no opener; the caller closes it


@contextmanager
def lock_file(path: Path) -> Iterator[None]:
    """Lock a file against other callers of this function; raise DataError if the file is a link or stays locked.

    An OSError in the ``with`` block becomes a DataError: the file cannot be written.
    """
    from filelock import FileLock, Timeout

    if path.is_symlink():
        raise DataError.at(show(path), "is a link, which harness does not write through; put the file itself there")
    lock = path.with_name(f".{path.name}.lock")
    try:
        with FileLock(lock, timeout=LOCK_SECONDS):
            try:
                yield
            finally:
                with suppress(OSError):  # Windows cannot remove a file that another writer has open
                    lock.unlink()
    except Timeout:
        message = f"has been locked by another program for {LOCK_SECONDS:.0f} seconds; end that program and try again"
        raise DataError.at(show(path), message) from None
    except OSError as error:
        message = f"cannot be written ({error.strerror}); check the disk, the folder and its permissions"
        raise DataError.at(show(path), message) from None


def write_text(path: Path, text: str) -> None:
    """Replace a file in one step: it always has the whole old or the whole new text, even if the process is killed."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    with replace_file(path) as file:
        file.write(data)


@contextmanager
def replace_file(path: Path) -> Iterator[BinaryIO]:
    """Open a new file that replaces the file or link ``path`` on exit, in one step and with the same permissions."""
    for leftover in path.parent.glob(f".{glob.escape(path.name)}.????????.part"):
        with suppress(OSError):
            if time.time() - leftover.lstat().st_mtime > _ABANDONED:
                leftover.unlink()
    part = path.with_name(f".{path.name}.{token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            if path.exists():  # before writing, so that private data stays private
                part.chmod(path.stat().st_mode & 0o777)
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (1-based number, text with its line break) for each non-blank line of a UTF-8 file."""
    try:
        with path.open("rb") as file:
            for number, data in enumerate(file, start=1):
                line = data.decode("utf-8-sig" if number == 1 else "utf-8")
                if line.strip():
                    yield number, line
    except (UnicodeDecodeError, OSError):
        read_text(path)  # raises a DataError that names the line
        raise


def show(path: Path) -> str:
    """Format a path as the user would type it, and shorten it if it is long."""
    return _shorten(stable_path(path))


def as_argument(path: Path) -> str:
    """Format a path as an argument of a shell command."""
    return shlex.quote(stable_path(path))


def stable_path(path: Path) -> str:
    """Format a path so that its file can be found again: relative to the working directory if it is inside.

    A link at the path itself is not followed, so that files beside the link are found.
    """
    try:
        here, place = Path.cwd(), _locate(path)
    except (OSError, RuntimeError, ValueError):  # opening the file reports the error
        return os.path.normpath(path)
    if place.is_relative_to(here):
        return str(place.relative_to(here))
    return str(place) if path.is_absolute() else os.path.relpath(place, here)


def portable_path(path: Path, start: Path) -> str:
    """Format a path for records: relative to ``start``; if they share only the root folder, as ~/… or absolute."""
    path, start, home = _locate(path), start.resolve(), Path.home().resolve()
    relative = os.path.relpath(path, start)
    climbs = Path(relative).parts.count("..")
    if climbs == 0 or start.parents[climbs - 1] != Path(start.anchor):
        return relative
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _locate(path: Path) -> Path:
    """Return the absolute path; follow links in its folders, but not a link at the path itself."""
    return path.parent.resolve() / path.name if path.name not in ("", "..") else path.resolve()


def _shorten(name: str) -> str:
    return name if len(name) <= 200 else f"{name[:100]}…{name[-40:]}"


# Values in a temporary file ------------------------------------------------------------------------------------------


class Spool(Generic[T]):
    """Values in a temporary file, numbered from 0. Memory holds 8 bytes for each value.

    The file has no name and is deleted together with the spool. Several threads may read at once.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="harness-")  # noqa: SIM115  # lives as long as the spool
        weakref.finalize(self, self._file.close)
        self._ends = array("q", [0])
        self._lock = threading.Lock()  # a thread must move the position and read before others move it

    def append(self, value: T) -> None:
        """Add a value; raise StoreError if the disk is full."""
        data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        try:
            with self._lock:
                self._file.seek(self._ends[-1])
                self._file.write(data)
                self._file.flush()  # fails now if the disk is full
        except OSError as error:
            with suppress(OSError):
                self._file.close()  # drops its buffer, which would fail again when the spool is deleted
            raise StoreError(
                f"the articles do not fit into {tempfile.gettempdir()} ({error.strerror}); free some space there, or "
                "set the environment variable TMPDIR to a folder on a larger disk"
            ) from None
        self._ends.append(self._ends[-1] + len(data))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> T:
        start, end = self._ends[number], self._ends[number + 1]
        with self._lock:
            self._file.seek(start)
            data = self._file.read(end - start)
        value: T = pickle.loads(data)  # noqa: S301  # our own file
        return value
