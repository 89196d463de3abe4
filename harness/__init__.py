"""Find out which summarisers drop or invent facts, and see the evidence.

``evaluate`` checks and scores summaries, ``check`` checks one statement and ``load_run`` opens a run; see
docs/from-python.md. They are imported on first use, so that ``import harness`` and the command line start quickly.
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
