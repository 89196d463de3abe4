"""Keep values in a temporary file, for collections larger than memory."""

from __future__ import annotations

import os
import pickle
import tempfile
from array import array
from collections.abc import Sequence
from typing import Generic, TypeVar, overload

from harness.errors import StoreError

T = TypeVar("T")


class Spool(Sequence[T], Generic[T]):
    """A sequence whose values are in a temporary file. Memory holds 8 bytes for each value.

    The file has no name and is deleted when the process ends. Several threads may read at once.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="harness-")  # noqa: SIM115  # lives as long as the spool
        self._ends = array("q", [0])
        self._written = 0

    def append(self, value: T) -> None:
        """Add a value; StoreError if the disk is full."""
        data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        try:
            self._file.write(data)
        except OSError as error:
            raise _make_full_error(error) from None
        self._ends.append(self._ends[-1] + len(data))

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> list[T]: ...
    def __getitem__(self, place: int | slice) -> T | list[T]:
        if isinstance(place, slice):
            return [self[number] for number in range(len(self))[place]]
        number = range(len(self))[place]
        start, end = self._ends[number], self._ends[number + 1]
        if end > self._written:
            try:
                self._file.flush()
            except OSError as error:
                raise _make_full_error(error) from None
            self._written = self._ends[-1]
        value: T = pickle.loads(os.pread(self._file.fileno(), end - start, start))  # noqa: S301  # our own file
        return value


def _make_full_error(error: OSError) -> StoreError:
    return StoreError(
        f"the articles do not fit into {tempfile.gettempdir()} ({error.strerror}); free some space there, or "
        "set the environment variable TMPDIR to a folder on a larger disk"
    )
