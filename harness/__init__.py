"""harness: which summariser leaves out or invents facts, with the evidence.

``evaluate`` checks and scores summaries, ``check`` one statement, and ``load_run`` opens a run; docs/from-python.md
shows them. They are imported when they are first used, so that ``import harness`` and the command line start at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.api import Evaluation, check, evaluate, load_run

__version__ = "0.1.0"
__all__ = ["Evaluation", "check", "evaluate", "load_run"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from harness import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
