"""Hashes of very many articles: 8 bytes each in memory, and on disk ``hashes.jsonl`` beside the manifest.

    {"article": …, "text": …, "references": …, "facts": …}

Up to ``MANY`` articles they stand in the manifest itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from harness.errors import RunFolderError
from harness.files import replacing, show

MANY = 1000
FILE = "hashes.jsonl"


class Hashes(Mapping[str, str]):
    """Article id → 16 hex digits."""

    def __init__(self, places: Mapping[str, int], data: bytes) -> None:
        self._places, self._data = places, data

    def __getitem__(self, article: str) -> str:
        place = 8 * self._places[article]
        return self._data[place : place + 8].hex()

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class Data(NamedTuple):
    """What a run is made from: article id → hash of its text, its references and its facts."""

    articles: Mapping[str, str]
    references: Mapping[str, str]
    facts: Mapping[str, str]


def packed(rows: Iterable[tuple[str, str, str, str]]) -> Data:
    """The hashes of rows of (article, text, references, facts), in plain mappings where the articles are few."""
    places: dict[str, int] = {}
    columns = bytearray(), bytearray(), bytearray()
    for article, *hashes in rows:
        places[article] = len(places)
        for column, digest in zip(columns, hashes, strict=True):
            column += bytes.fromhex(digest)
    kinds = [Hashes(places, bytes(column)) for column in columns]
    return Data(*(kinds if len(places) > MANY else map(dict, kinds)))


def write(folder: Path, data: Data) -> str:
    """Write them beside the manifest; gives the SHA-256 of the file, which the manifest holds."""
    digest = hashlib.sha256()
    with replacing(folder / FILE) as file:
        for article, text in data.articles.items():
            row = {
                "article": article, "text": text, "references": data.references[article], "facts": data.facts[article]
            }  # fmt: skip  # one line of the file
            line = json.dumps(row, ensure_ascii=False).encode() + b"\n"
            digest.update(line)
            file.write(line)
    return digest.hexdigest()


def read(folder: Path, expected: str) -> Data:
    """The hashes of a run; RunFolderError where the file is not the one that its manifest was written with."""
    digest = hashlib.sha256()

    def rows() -> Iterator[tuple[str, str, str, str]]:
        with (folder / FILE).open("rb") as file:
            for line in file:
                digest.update(line)
                row = json.loads(line)
                yield row["article"], row["text"], row["references"], row["facts"]

    try:
        data = packed(rows())
    except (OSError, ValueError, KeyError, TypeError):
        data = None
    if data is None or digest.hexdigest() != expected:
        raise RunFolderError(
            f"{show(folder / FILE)} is not the file that manifest.json was written with; run the config again to make "
            "both anew"
        )
    return data
