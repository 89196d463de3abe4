"""When a model or a server gives nothing to decide by: said as a reason, never as a label."""

from __future__ import annotations

from harness.records import Probabilities
from harness.servers.no_answer import NoAnswer
from harness.verifiers._opinion import Opinion


def undecided(reason: str | NoAnswer) -> Opinion:
    """No opinion, and why."""
    transient = isinstance(reason, NoAnswer) and reason.transient
    return Opinion(Probabilities(1 / 3, 1 / 3, 1 / 3), None, str(reason), undecidable=True, transient=transient)
