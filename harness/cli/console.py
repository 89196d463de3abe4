"""The console that commands draw tables on: what stands in them never steers the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich import console as rich
from rich.segment import Segment

from harness.cli.echo import shown


class Console(rich.Console):
    """Rich's console. Colours and lines are its own; control characters of a text are written out."""

    def render(self, renderable: rich.RenderableType, options: rich.ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            text = segment.text
            yield segment if segment.control or text.isprintable() else Segment(shown(text), segment.style)
