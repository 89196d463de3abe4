"""Why answers are missing, in a few words."""

from __future__ import annotations

from collections import Counter


def mostly(reasons: Counter[str]) -> str:
    """The reason that is given most often, and how many answers are missing for others."""
    (reason, most), *_ = reasons.most_common()
    others = reasons.total() - most
    return f"{reason} ({others:,} of them for other reasons)" if others else reason
