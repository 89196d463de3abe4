"""Long lists, so many rows a page."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request


@dataclass(frozen=True, slots=True)
class Part:
    """The rows that are shown: those of page ``number``, counted from 1, of ``last``."""

    number: int
    last: int
    rows: slice

    @classmethod
    def asked(cls, request: Request, count: int, most: int) -> Part:
        """The page that ``?page=`` asks for, or the nearest that there is, of ``count`` rows at ``most`` a page."""
        asked = request.query_params.get("page", "1")
        last = max(1, -(-count // most))
        number = min(last, max(1, int(asked))) if asked.isdecimal() and len(asked) < 9 else 1
        return cls(number, last, slice(most * (number - 1), min(count, most * number)))
