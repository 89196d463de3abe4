"""What a picture is: a drawing, what it shows in words, and its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Drawing(Protocol):
    """What can be drawn: a frozen record of all that the drawing depends on."""

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in inches."""

    def __hash__(self) -> int:
        """What is drawn once is drawn for all pages of this process."""

    def draw(self, figure: Figure) -> None:
        """Draw it in an empty figure of that size, in the colours of ``drawing`` alone."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing in its place in a report."""

    id: str
    """The id of its place on the page."""
    title: str
    caption: str
    """What is to be seen, for those who do not see it and as the caption of those who do."""
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """The numbers, a row a thing that is drawn."""
    drawing: Drawing
    keyed: bool = False
    """Whether the drawing names its things by their number in the table."""
