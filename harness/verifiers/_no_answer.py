"""When a model or a server gives nothing to decide by: said as a reason, never as a label."""

from __future__ import annotations

import re

from harness.records import Probabilities
from harness.verifiers._opinion import Opinion

_SHOWN = 200
"""Characters of a server's or a model's words that are repeated."""


class NoAnswer(Exception):  # noqa: N818  # a reason on its way into a record, not an error of the program
    """No answer came, or one that cannot be read; the message says why, ``transient`` whether asking again may help."""

    def __init__(self, reason: str, *, transient: bool = False) -> None:
        super().__init__(reason)
        self.transient = transient


def undecided(reason: str | NoAnswer) -> Opinion:
    """No opinion, and why."""
    transient = isinstance(reason, NoAnswer) and reason.transient
    return Opinion(Probabilities(1 / 3, 1 / 3, 1 / 3), None, str(reason), undecidable=True, transient=transient)


def shown(text: str) -> str:
    """Words of a model or a server as one short line that a terminal can take."""
    plain = "".join(sign if sign.isprintable() else " " for sign in re.sub(r"\s+", " ", text)).strip()
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"
