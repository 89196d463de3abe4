"""Numbered notes under a table. Cells with the same reason share a note."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from harness.document import format as fmt
from harness.document.blocks import Cell

_REASONS = 3


class Estimate(Protocol):
    """A value with its interval; if one is None, ``reason`` says why."""

    @property
    def value(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def reason(self) -> str | None: ...


def missing_values(articles: int, missing: int, reasons: Mapping[str, int]) -> str:
    """Write the note for a mean: how many articles it covers and why values are missing, most frequent reason first."""
    commonest = Counter(reasons).most_common(_REASONS)
    why = [reason if times == 1 else f"{reason} ({fmt.plural(times, 'summary')})" for reason, times in commonest]
    if len(reasons) > _REASONS:
        why.append(f"and {fmt.plural(len(reasons) - _REASONS, 'other reason')}")
    if not articles:
        return f"not available: {'; '.join(why) or fmt.NO_REASON}"
    lacking = f"{missing} missing" if missing else f"{fmt.plural(sum(reasons.values()), 'summary')} left out"
    return (
        f"n = {articles} of {fmt.plural(articles + missing, 'article')}, {lacking}: {'; '.join(why) or fmt.NO_REASON}"
    )


class Notes:
    """Notes in order of first use; a repeated note keeps its number."""

    def __init__(self, reasons: Iterable[str | None] = ()) -> None:
        """Take the reasons of all cells. A reason that all cells have becomes ``shared`` and is not marked."""
        distinct = set(reasons)
        self.shared = distinct.pop() if len(distinct) == 1 else None
        self._texts: list[str] = []

    def mark(self, text: str | None) -> int | None:
        """Return the number of a note, from 1; None if there is no text or it is the shared reason."""
        if not text or text == self.shared:
            return None
        if text not in self._texts:
            self._texts.append(text)
        return self._texts.index(text) + 1

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(self._texts)

    def estimate(self, estimate: Estimate, form: Callable[[float | None], str] = fmt.share) -> Cell:
        """Make a cell ``0.42 [0.30, 0.55]``. If a part is missing, a note gives the reason."""
        interval = ""
        if estimate.low is not None and estimate.high is not None:
            interval = f"[{form(estimate.low)}, {form(estimate.high)}]"
        return Cell(form(estimate.value), interval, note=self.mark(estimate.reason))
