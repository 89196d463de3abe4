"""What is weak in articles and facts, as lint reports it and as a page shows it beside what somebody types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]
"""error: cannot be saved, or judges wrongly; warning: weak; note: what was found."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One weakness, where it is, and what to do about it (empty where the message says it)."""

    severity: Severity
    about: str
    """Id of the article or the fact; empty where it is about more than one."""
    message: str
    remedy: str
    file: str = ""
    line: int | None = None

    @property
    def place(self) -> str:
        """``references/tram-vote/facts.yaml:12: vote-date``, or what there is of it."""
        file = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(filter(None, (file, self.about)))
