"""Hand-written word lists, one JSON file each."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from harness.signature import digest, file_digest

T = TypeVar("T")


def load(name: str, shape: type[T]) -> T:
    """The list in ``NAME.json``, validated to have this shape."""
    return TypeAdapter(shape).validate_json((Path(__file__).parent / f"{name}.json").read_bytes())


def checksum(*names: str) -> str:
    """8 hex digits over these lists, or all of them."""
    files = sorted(path for path in Path(__file__).parent.glob("*.json") if not names or path.stem in names)
    return digest([[path.name, file_digest(path)] for path in files])[:8]


def group(words: str) -> frozenset[str]:
    """The words of a string as a set."""
    return frozenset(words.split())
