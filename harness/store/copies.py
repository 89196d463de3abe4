"""Unpacked copies of packaged models (``HOME/unpacked/``): each has the hashes of its files, and is held against them.

What a copy is made from is pinned; a copy itself is not, as it depends on the versions of libraries. So the hashes
are taken when it is made, and what was changed, lost or added since then is not loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harness import files
from harness.signature import file_digest
from harness.store.layout import home

_LISTING = "SHA256SUMS"
"""As ``sha256sum`` writes it, so that ``sha256sum -c SHA256SUMS`` says the same."""


def place(name: str) -> Path:
    """The folder of the copy of a name."""
    return home() / "unpacked" / name


def copies() -> list[Path]:
    """The copies that are here."""
    return sorted(path for path in (home() / "unpacked").glob("*") if path.is_dir() and path.suffix != ".part")


def sign(copy: Path) -> None:
    """Write the hashes of a copy that has just been made beside its files."""
    files.write_text(copy / _LISTING, _listing(copy))


def damages(copy: Path) -> Iterator[str]:
    """What was changed in a copy since it was made, each file hashed again; nothing where it is as it was made."""
    try:
        signed, present = _read((copy / _LISTING).read_text("utf-8")), _read(_listing(copy))
    except (OSError, ValueError) as error:
        yield f"{files.show(copy)} has no hashes that can be read ({type(error).__name__}); it is made again when used"
        return
    for name in sorted(signed.keys() | present.keys()):
        if signed.get(name) != present.get(name):
            how = "is missing" if name not in present else "was added" if name not in signed else "was changed"
            yield f"{files.show(copy / name)} {how} since the copy was made; it is made again when it is used"


def _listing(copy: Path) -> str:
    paths = sorted(path for path in copy.rglob("*") if path.is_file() and path != copy / _LISTING)
    return "".join(f"{file_digest(path)}  {path.relative_to(copy).as_posix()}\n" for path in paths)


def _read(listing: str) -> dict[str, str]:
    """Path below the copy → SHA-256."""
    pairs = [line.split("  ", 1) for line in listing.splitlines()]
    return {path: sha256 for sha256, path in pairs}
