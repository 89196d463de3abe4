"""The headers of weights from others, read before a library allocates what they say.

GGUF is read here (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md), safetensors by its own library.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from harness.errors import first_line

_MOST_TENSORS, _MOST_KEYS, _MOST_DIMENSIONS = 100_000, 100_000, 8
_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
"""GGUF's type of a value → its bytes; 8 is a string, 9 an array."""
_STRING, _ARRAY = 8, 9
_NESTED = 4


class HeaderError(ValueError):
    """A header that says what cannot be so."""


def faults(path: Path) -> Iterator[str]:
    """What in the header of a .gguf or .safetensors file cannot be so; nothing where nothing is."""
    try:
        if path.suffix == ".gguf":
            with path.open("rb") as file:
                _gguf(file, path.stat().st_size)
        else:
            _safetensors(path)
    except HeaderError as error:
        yield f"{error}; the file is damaged, or was made to do harm: fetch it again from where you trust it"
    except OSError as error:
        yield f"cannot be read ({error.strerror or error})"


def _gguf(file: BinaryIO, size: int) -> None:
    magic, _, tensors, keys = struct.unpack("<4sIQQ", _read(file, 24))
    if magic != b"GGUF":
        raise HeaderError("is not a GGUF file, whatever its name says")
    if tensors > _MOST_TENSORS or keys > _MOST_KEYS:
        raise HeaderError(f"says it has {tensors:,} tensors and {keys:,} keys")
    for _ in range(keys):
        _string(file, size)
        (kind,) = struct.unpack("<I", _read(file, 4))
        _value(file, size, kind, depth=0)
    for _ in range(tensors):
        _tensor(file, size)


def _tensor(file: BinaryIO, size: int) -> None:
    name = _string(file, size).decode("utf-8", "replace")
    (dimensions,) = struct.unpack("<I", _read(file, 4))
    if dimensions > _MOST_DIMENSIONS:
        raise HeaderError(f"says the tensor {name[:60]!r} has {dimensions:,} dimensions")
    shape = struct.unpack(f"<{dimensions}Q", _read(file, 8 * dimensions))
    _, offset = struct.unpack("<IQ", _read(file, 12))
    if offset > size or math.prod(shape) > 16 * size:  # of two bits at the least, as far as types go
        raise HeaderError(f"says the tensor {name[:60]!r} has {math.prod(shape):,} numbers, in {size:,} bytes")


def _value(file: BinaryIO, size: int, kind: int, depth: int) -> None:
    """Go past a value."""
    if kind == _STRING:
        _string(file, size)
    elif kind in _SIZES:
        _read(file, _SIZES[kind])
    elif kind == _ARRAY and depth < _NESTED:
        of, count = struct.unpack("<IQ", _read(file, 12))
        if count > size:
            raise HeaderError(f"says an array has {count:,} values, in {size:,} bytes")
        if of in _SIZES:
            _skip(file, size, count * _SIZES[of])
            return
        for _ in range(count):
            _value(file, size, of, depth + 1)
    else:
        raise HeaderError(f"holds a value of type {kind}, which there is not")


def _string(file: BinaryIO, size: int) -> bytes:
    (length,) = struct.unpack("<Q", _read(file, 8))
    if length > size:
        raise HeaderError(f"says a text has {length:,} bytes, in a file of {size:,}")
    return _read(file, length)


def _skip(file: BinaryIO, size: int, count: int) -> None:
    if file.tell() + count > size:
        raise HeaderError("ends inside its header")
    file.seek(count, 1)


def _read(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) < count:
        raise HeaderError("ends inside its header")
    return data


def _safetensors(path: Path) -> None:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy"):
            pass
    except SafetensorError as error:
        raise HeaderError(f"has a header that is none ({first_line(error)})") from None
