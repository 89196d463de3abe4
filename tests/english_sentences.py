"""What the tests of what is read of English share."""

from __future__ import annotations

import datetime

from harness.checker_en.analysis import Analysis
from harness.checker_en.sentence import read


def analysed(sentence: str, today: datetime.date | None = None) -> Analysis:
    """A sentence with all that is read of it."""
    return Analysis(read([sentence])[0], today)
