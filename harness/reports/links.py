"""Where the pages of a report lie, as seen from the page that names them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses; ``Links()`` is one file with everything in it."""

    front: str = ""
    """The first page; empty on itself."""
    pages: tuple[str, ...] = ()
    """Of each article that is shown; empty where all stand on the first page."""

    def article(self, number: int, place: str = "") -> str:
        """An article, or a place in it: ``f3`` is its third fact."""
        page = self.pages[number] if self.pages else ""
        return f"{page}#a{number}{place}"
