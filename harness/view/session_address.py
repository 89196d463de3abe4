"""Who judges which run, and how: what every address of the page for judging carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast, get_args
from urllib.parse import urlencode

from harness.records import LABELS, Label, Use
from harness.view.page import count, link


@dataclass(frozen=True, slots=True)
class SessionAddress:
    """One person before one run."""

    run: str
    by: str
    """The annotator's name; empty where nobody has said it yet."""
    sight: bool = False
    """Whether verdict and system are shown."""
    use: Use | None = None
    """Only facts, or only claims."""
    at: int = 0
    """How many of those that wait are passed by for now."""
    pair: str = ""
    """The id of the pair that is asked for; empty for the next of the queue."""
    drawn: bool = False
    """Whether ``pair`` had been drawn at random, and is asked again after an undo."""
    back: str = ""
    """The page of this run that the person came from and returns to; empty to go on in the queue."""
    answer: Label | None = None
    """The label that they gave ``pair`` before they said who they are."""

    @classmethod
    def of(cls, run: str, given: Mapping[str, Any]) -> SessionAddress:
        """The session that an address or a form names; values that are not allowed are left out."""

        def text(key: str) -> str:
            value = given.get(key, "")
            return value if isinstance(value, str) else ""

        use = cast("Use | None", text("use") if text("use") in get_args(Use) else None)
        back = text("back") if text("back").startswith(link("runs", run) + "/") else ""
        answer = cast("Label | None", text("answer") if text("answer") in LABELS else None)
        return cls(
            run,
            text("by").strip(),
            sight=text("sight") == "1",
            use=use,
            at=count(text("at")),
            pair=text("pair"),
            drawn=text("drawn") == "1",
            back=back,
            answer=answer,
        )

    @property
    def fields(self) -> dict[str, str]:
        """What differs from the default, as an address or a form carries it."""
        given = {
            "by": self.by,
            "sight": "1" if self.sight else "",
            "use": self.use or "",
            "at": str(self.at or ""),
            "pair": self.pair,
            "drawn": "1" if self.pair and self.drawn else "",
            "back": self.back,
            "answer": self.answer or "",
        }
        return {key: value for key, value in given.items() if value}

    def address(self, **changes: Any) -> str:
        """The page with some of it changed."""
        query = urlencode(replace(self, **changes).fields, errors="replace")
        return link("runs", self.run, "judge") + (f"?{query}" if query else "")
