"""The months and the days of the week, in full and in short."""

from __future__ import annotations

_YEAR = "january february march april may june july august september october november december"
_WEEK = "monday tuesday wednesday thursday friday saturday sunday"
MONTHS = tuple(_YEAR.split())
WEEKDAYS = tuple(_WEEK.split())
MONTH_FORMS = {form: month for month in MONTHS for form in (month, month[:3])} | {"sept": "september"}
"""A month in full or in short → the month."""
