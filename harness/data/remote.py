"""Files that lie elsewhere: a path that begins with a protocol is read through fsspec (s3, gs, https, memory, …).

    articles: s3://bucket/news.jsonl

In a ``Path`` such a URL has one slash after its protocol (``s3:/bucket/news.jsonl``); ``files.url`` gives it back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar, cast
from urllib.parse import urlsplit

from harness.errors import DataError, HarnessError, first_line
from harness.files import url

T = TypeVar("T")


def located(path: Path) -> Path:
    """What opens, lists and reads a path: the path itself, or one of the same methods for a URL.

    DataError, with what to do, for a protocol that nothing installed speaks, and for a URL that holds a password.
    """
    address = url(path)
    if address is None:
        return path
    if urlsplit(address).password:
        shown = address.replace(f":{urlsplit(address).password}@", ":…@")
        raise DataError.at(shown, "holds a password, which would be written into records; give it by the environment")
    from upath import UPath

    try:
        reachable = UPath(address)
        reachable.fs  # noqa: B018  # makes the file system, whose package may be missing
    except ImportError as error:
        what = "pip install 'fact-harness[s3]'" if address.startswith("s3:") else str(error)
        raise DataError.at(address, f"needs a package: {what}") from None
    except ValueError as error:
        raise DataError.at(address, f"cannot be read: {error}; write a path, or a URL that fsspec knows") from None
    return cast("Path", reachable)  # it has all of Path that readers use


def reached(path: Path, read: Callable[[], Iterator[T]]) -> Iterator[T]:
    """What is read at a path; DataError where the place cannot be reached, for whatever reason it gives."""
    try:
        yield from read()
    except HarnessError:
        raise
    except Exception as error:  # what a file system elsewhere raises is not documented
        if (address := url(path)) is None:
            raise
        message = f"cannot be read: {first_line(error)}; check the address, the network and your rights"
        raise DataError.at(address, message) from None
