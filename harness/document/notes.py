"""Numbered notes under a table, for reasons that many of its cells share."""

from __future__ import annotations

from harness.document import format as fmt


class Notes:
    """The notes in the order in which they are met; one that is met again keeps its number."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def mark(self, text: str | None) -> str:
        """``¹``: the number of a note; empty for none."""
        if not text:
            return ""
        if text not in self._texts:
            self._texts.append(text)
        return fmt.superscript(self._texts.index(text) + 1)

    @property
    def lines(self) -> tuple[str, ...]:
        """``¹ 1 article; an interval needs at least 8``, and so on."""
        return tuple(f"{fmt.superscript(number)} {text}" for number, text in enumerate(self._texts, start=1))

    def estimate(self, value: float | None, low: float | None, high: float | None, reason: str | None) -> str:
        """``0.42 [0.30, 0.55]``, or what there is of it, with the number of the note that says why."""
        shown = fmt.MISSING if value is None else fmt.share(value)
        return f"{shown} {fmt.interval(low, high, 'share')}".rstrip() + self.mark(reason)
