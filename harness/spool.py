"""Collections larger than memory: values in a temporary file, and numbers in compact groups."""

from __future__ import annotations

import os
import pickle
import tempfile
from array import array
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar, overload

from harness.errors import StoreError

T = TypeVar("T")


class Groups:
    """Consecutive numbers from 0 on, each put into a group: 8 bytes of memory a number, and a little more a group."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}
        self._before = array("q")

    def add(self, name: str) -> int:
        """Put the next number into a group, and give it."""
        number = len(self._before)
        self._before.append(self._last.get(name, -1))
        self._last[name] = number
        return number

    def of(self, name: str) -> list[int]:
        """The numbers of a group in order; none where there is no such group."""
        numbers = []
        number = self._last.get(name, -1)
        while number >= 0:
            numbers.append(number)
            number = self._before[number]
        return numbers[::-1]

    def __len__(self) -> int:
        """The number of numbers."""
        return len(self._before)

    def __iter__(self) -> Iterator[str]:
        """The names of the groups, by their first number."""
        return iter(self._last)


class Spool(Sequence[T], Generic[T]):
    """Values in a temporary file, found by their number: 8 bytes of memory each.

    The file has no name and goes with the process, however that ends. Several threads may read at once.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="harness-")  # noqa: SIM115  # lives as long as the spool
        self._ends = array("q", [0])
        self._written = 0

    def append(self, value: T) -> None:
        """Keep a value; StoreError where the disk is full."""
        data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        try:
            self._file.write(data)
        except OSError as error:
            raise _no_room(error) from None
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
            self._flush()
        value: T = pickle.loads(os.pread(self._file.fileno(), end - start, start))  # noqa: S301  # our own file, which nobody else can open
        return value

    def _flush(self) -> None:
        try:
            self._file.flush()
        except OSError as error:
            raise _no_room(error) from None
        self._written = self._ends[-1]


def _no_room(error: OSError) -> StoreError:
    return StoreError(
        f"what the run reads does not fit into {tempfile.gettempdir()} ({error.strerror}); free some space there, or "
        "name a folder on a larger disk in the environment variable TMPDIR"
    )
