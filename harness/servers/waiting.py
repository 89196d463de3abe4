"""How long a server asks to be left alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from email.utils import parsedate_to_datetime


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds until a request may be made again (RFC 9110, 10.2.3); None where the server does not say.

    A date is held against the server's own clock: ours may be wrong, or set anew while we wait.
    """
    said, milliseconds = headers.get("retry-after", ""), headers.get("retry-after-ms")
    try:
        seconds = float(said) if milliseconds is None else float(milliseconds) / 1000  # as OpenAI's servers say it
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(said) - parsedate_to_datetime(headers.get("date", ""))).total_seconds()
        except (ValueError, TypeError):  # TypeError: one has an offset, the other none
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None
