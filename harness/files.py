"""Reading and writing files so that nothing is half read or half written."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from harness.errors import DataError, HarnessError


@contextmanager
def naming(error: type[HarnessError]) -> Iterator[None]:
    """Raise what the system refuses (too long a name, a loop of links, no right) as ``error``, with the path."""
    try:
        yield
    except OSError as failure:
        name = str(failure.filename or "a file")
        raise error(f"{_shortened(name)}: {failure.strerror or failure}; name another path") from None
    except RuntimeError as failure:
        if "Symlink loop" not in str(failure):
            raise
        raise error(f"{_shortened(str(failure))}: its links lead in a circle; name another path") from None


def _shortened(name: str) -> str:
    return name if len(name) <= 200 else f"{name[:100]}…{name[-40:]}"


def read_text(path: Path) -> str:
    """The text of a UTF-8 file (a byte order mark is dropped); DataError where it is missing or not UTF-8."""
    try:
        if path.exists() and not path.is_file():  # a device has no end
            message = "is a folder; name a file" if path.is_dir() else "is no file that has an end; name another"
            raise DataError.at(show(path), message)
        data = path.read_bytes()
    except FileNotFoundError:
        raise DataError.at(show(path), "there is no such file") from None
    except OSError as error:
        raise DataError.at(show(path), f"cannot be read: {error.strerror}") from None
    return as_text(data, show(path))


def as_text(data: bytes, name: str) -> str:
    """UTF-8 as text, a byte order mark dropped; DataError where it is something else. ``name`` is for the message."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = (
            f"is not UTF-8 (byte 0x{data[error.start]:02x}); save it as UTF-8, "
            f"or convert it: iconv -f WINDOWS-1252 -t UTF-8"
        )
        raise DataError.at(name, message, line) from None


def write_text(path: Path, text: str) -> None:
    """Replace a file in one step: a reader, or a process killed here, finds the old text or the new one, whole."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """Replace a file in one step."""
    with replacing(path) as file:
        file.write(data)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A new file that takes the place of an old one in one step, when it has been written to its end.

    It has the old one's rights, or those that this user's new files have. Where the system has files without a name
    (Linux), a process that is killed leaves nothing beside it, but for the instant between naming the file and putting
    it in its place. What is left goes with the next writing.
    """
    part = path.with_name(f".{path.name}.{token_hex(4)}.part")
    _sweep(path)
    file, is_named = _opened(part)
    try:
        with file:
            _lock(file)
            if path.exists():  # at once: nobody else is to read what only its owner may
                os.chmod(part if is_named else file.fileno(), path.stat().st_mode & 0o777)  # noqa: PTH101  # a descriptor
            yield file
            file.flush()
            os.fsync(file.fileno())
            if not is_named:
                # With a descriptor, which an absolute path has no use for, Python follows the link of /proc.
                os.link(f"/proc/self/fd/{file.fileno()}", part, src_dir_fd=file.fileno())
            part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _opened(part: Path) -> tuple[BinaryIO, bool]:
    """Open a new file in the folder of ``part``; also tells whether it has that name yet, or none (Linux)."""
    nameless = getattr(os, "O_TMPFILE", 0)
    if nameless and Path("/proc/self/fd").is_dir():
        with suppress(OSError):  # not every file system has them
            return os.fdopen(os.open(part.parent, nameless | os.O_RDWR, 0o666), "wb"), False
    return part.open("xb"), True


def _lock(file: BinaryIO) -> bool:
    """Lock a file, so that others see that its writer is alive; False where another process holds the lock."""
    try:
        import fcntl
    except ImportError:  # Windows: nothing is swept there
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _sweep(path: Path) -> None:
    """Remove the unfinished files of killed processes beside a file: those that nobody holds the lock of."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.????????.part"):
        with suppress(OSError):
            with left.open("rb") as file:
                is_left = _lock(file)
            if is_left:
                left.unlink()


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """(1-based number, text with its line break) of each line of a UTF-8 file that is not blank, one in memory at a
    time."""
    try:
        with path.open("rb") as file:
            for number, data in enumerate(file, start=1):
                line = data.decode("utf-8-sig" if number == 1 else "utf-8")
                if line.strip():
                    yield number, line
    except (UnicodeDecodeError, OSError):
        read_text(path)  # says where, and what to do
        raise


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """(1-based number, text with its line break) of each line of a text that is not blank."""
    parts = StringIO(text, newline="\n")
    return ((number, line) for number, line in enumerate(parts, start=1) if line.strip())


def show(path: Path) -> str:
    """A path as its user would type it: relative to the working directory where it lies below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError, RuntimeError):  # elsewhere; too long a name, a loop of links
        return _shortened(os.path.normpath(path))


def named(path: Path) -> str:
    """A path to find a file by again: as ``show``, but whole, and of a link to a file the name, not what it leads to.

    What lies beside the file is then found beside it from any working directory.
    """
    here = Path.cwd()
    try:
        place = _place(path)
    except (OSError, RuntimeError):  # too long a name, a loop of links: whoever opens it says so
        return os.path.normpath(path)
    if place.is_relative_to(here):
        return str(place.relative_to(here))
    return str(place) if path.is_absolute() else os.path.relpath(place, here)


def _place(path: Path) -> Path:
    """Where a path lies: the links of its folders are followed, and that which it is itself is not."""
    return path.parent.resolve() / path.name if path.name not in ("", "..") else path.resolve()


def portable(path: Path, start: Path) -> str:
    """A path to write into a record: relative to ``start`` where both lie in one project, never an absolute home."""
    path, start, home = _place(path), start.resolve(), Path.home().resolve()
    relative = os.path.relpath(path, start)
    climbs = Path(relative).parts.count("..")
    if start.parents[climbs - 1] != Path(start.anchor) if climbs else True:
        return relative
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
