"""Where the pages of a report lie, as seen from the page that names them."""

from __future__ import annotations

from dataclasses import dataclass

from harness.data.labels.pair_key import pair_id, pair_key
from harness.records import Use


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses; ``Links()`` is one file with everything in it."""

    front: str = ""
    """The first page; empty on itself."""
    pages: tuple[str, ...] = ()
    """Of each article that is shown; empty where all stand on the first page."""
    judge: str = ""
    """Where a reader may overrule a verdict; empty where nothing is listening."""

    def article(self, number: int, place: str = "") -> str:
        """An article, or a place in it: ``f3`` is its third fact."""
        page = self.pages[number] if self.pages else ""
        return f"{page}#a{number}{place}"

    def pair(self, use: Use, hypothesis: str, premise: str) -> str:
        """What a pair is called where it is judged."""
        return pair_id(pair_key(use, hypothesis, premise))

    def judging(self, use: Use, hypothesis: str, premise: str) -> str:
        """Where a pair can be judged with its verdict in sight."""
        return f"{self.judge}?sight=1&pair={self.pair(use, hypothesis, premise)}"
