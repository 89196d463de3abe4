"""What is weak in articles and facts, as lint and the facts form report it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]
"""error: cannot be saved, or gives wrong verdicts; warning: weak; note: information."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One weakness, where it is, and what to do about it (empty if the message says it)."""

    severity: Severity
    about: str
    """Id of the article or the fact; empty if it is about several."""
    message: str
    remedy: str
    file: str = ""
    line: int | None = None

    @property
    def place(self) -> str:
        """``references/tram-vote/facts.yaml:12: vote-date``, as far as known."""
        file = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(filter(None, (file, self.about)))
