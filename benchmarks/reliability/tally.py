"""What a part of the campaign counts."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Tally:
    """A row of the table."""

    what: str
    tried: int = 0
    lost: int = 0
    """Records that were acknowledged and are gone, or never came."""
    doubled: int = 0
    left: int = 0
    """Files left over."""
    failed: int = 0
    """Tracebacks, hangs, wrong types that were accepted, code run, requests sent, bytes that steer a terminal."""
    notes: list[str] = field(default_factory=list)
    """What failed, a few of them."""

    def fail(self, note: str) -> None:
        self.failed += 1
        if len(self.notes) < 5:
            self.notes.append(note)

    @property
    def survived(self) -> int:
        return max(0, self.tried - self.lost - self.doubled - self.left - self.failed)
