"""A comparison as one HTML page: no script, nothing loaded, everything from outside escaped."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment

from harness.compare.changed import SummaryChange
from harness.compare.compared import Comparison
from harness.compare.report.diff import Piece, diff
from harness.compare.report.view import Pairing, view
from harness.compare.report.words import TURNS, became, facts_in_words, named, plan_in_words
from harness.compare.standing import FactChange, FactChanges, Turn
from harness.document import html

_TEXTS = 200
"""So many changed summaries are shown."""


def render(found: Comparison) -> str:
    """The page. It can be opened from disk: its policy forbids scripts, and styles but its own."""
    return html.page(environment(), "comparison.html.j2", values(found))


def values(found: Comparison) -> dict[str, Any]:
    """What ``comparison.html.j2`` shows."""
    shown = view(found)
    changed = _changed(shown.pairings)
    return {
        "view": shown,
        "by": found.by,
        "ranked_by": found.ranked_by,
        "articles": len(found.articles),
        "first": next(iter(found.runs)),
        "changed": [(change, _pieces(change)) for change in changed[:_TEXTS]],
        "hidden": max(0, len(changed) - _TEXTS),
        "turns": TURNS,
        "changes_of": _changes_of,
        "facts_in_words": facts_in_words,
        "plan_in_words": plan_in_words,
        "named": named,
        "became": became,
        "style": f"{html.style(environment())}\n{environment().get_template('comparison.css.j2').render()}",
        "script": "",
    }


@cache
def environment() -> Environment:
    """What renders the templates of a comparison."""
    return html.environment("harness.compare")


def _changed(pairings: Sequence[Pairing]) -> list[SummaryChange]:
    compared = (found for pairing in pairings if (found := pairing.match.summaries))
    return [change for found in compared for change in found.changes]


def _pieces(change: SummaryChange) -> list[Piece]:
    return diff(change.before or "", change.after or "")


def _changes_of(changes: FactChanges, turn: Turn, essential: bool) -> list[FactChange]:
    return [change for change in changes.of(turn) if (change.importance == "essential") == essential]
