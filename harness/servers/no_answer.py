"""When a model or a server gives nothing to go by: said as a reason, never as an answer.

ModelError   nothing that is asked can be answered: no server, a wrong key, no such model
NoAnswer     this question has no answer that can be read; the next may have one
└── Failed   the server's doing, not the model's: no answer in time, broken off, or by another model
    └── Refused   the server takes no such request (400, 413, 422), or broke over it (500)
"""

from __future__ import annotations

import re

_SHOWN = 200
"""Characters of a server's or a model's words that are repeated."""


class NoAnswer(Exception):  # noqa: N818  # a reason on its way into a record, not an error of the program
    """No answer came, or one that cannot be read; the message says why, ``transient`` whether asking again may help."""

    def __init__(self, reason: str, *, transient: bool = False) -> None:
        super().__init__(reason)
        self.transient = transient


class Failed(NoAnswer):
    """The server gave no answer that is one. So many in a row with the same words, but for ids, end a run."""


class Refused(Failed):
    """The server takes no such request, or broke over it: some answer 500 to a field that they do not know."""

    def __init__(self, message: str, words: str, *, transient: bool = False) -> None:
        super().__init__(message, transient=transient)
        self.words = words
        """All that the server says of it; the message has the beginning."""


def shown(text: str) -> str:
    """Words of a model or a server as one short line that a terminal can take."""
    plain = "".join(sign if sign.isprintable() else " " for sign in re.sub(r"\s+", " ", text)).strip()
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"
