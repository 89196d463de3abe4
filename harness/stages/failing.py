"""Answers that are missing: an exception costs its own answer, only so many in a row end the work, and why is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pydantic_core import PydanticSerializationError

from harness.data.runs.record_file import to_json
from harness.engines import RemoteError
from harness.records import Generation, Verdict

FEWEST = 3
SHARE = 20
"""A model or a verifier is given up where a twentieth of what it was asked fails in a row, and no fewer than FEWEST."""


@dataclass
class FailureStreak:
    """The failures since the last answer."""

    asked: int = 0
    """How many questions there are in all."""
    length: int = 0

    def add(self, reason: str) -> str | None:
        """Count a failure; why the rest is not asked, once these are too many."""
        self.length += 1
        if self.length < max(FEWEST, self.asked // SHARE):
            return None
        return f"{reason}; that was so {self.length} times in a row, and the rest is not asked"

    def end(self) -> None:
        """An answer came."""
        self.length = 0


def reason(error: Exception) -> str:
    """An exception in words, for a record."""
    words = str(error) if isinstance(error, RemoteError) else f"{type(error).__name__}: {error}"
    return words.encode("utf-8", "replace").decode()


def unwritable(answer: Generation | Verdict) -> str | None:
    """Why an answer cannot stand in a file; None where it can. A server may send half of a surrogate pair."""
    try:
        to_json(answer)
    except (PydanticSerializationError, UnicodeEncodeError) as error:
        return f"the answer cannot be written down ({type(error).__name__}): it holds what is no text"
    return None


def mostly(reasons: Counter[str]) -> str:
    """The reason that is given most often, and how many answers are missing for others."""
    (commonest, most), *_ = reasons.most_common()
    others = reasons.total() - most
    return f"{commonest} ({others:,} of them for other reasons)" if others else commonest
