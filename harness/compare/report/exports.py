"""A comparison as JSON, with everything it found, and as CSV, a row per side and metric."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator
from dataclasses import asdict, fields
from typing import Any

from harness.compare.changes import FactChange
from harness.compare.ranking import Ranking
from harness.compare.result import Comparison, Leaderboard, PairwiseComparison

_COLUMNS = (
    "system", "side", "metric", "better", "mean", "low", "high", "median", "n", "missing", "letters", "reference",
    "difference", "difference_low", "difference_high", "p_corrected", "differs", "effect", "shared", "reason",
)  # fmt: skip  # one row
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""Text that starts with one of these is a formula to a spreadsheet."""


def as_csv(comparison: Comparison) -> str:
    """A row per side and metric, best first, with its difference from the reference if it has one."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for board in comparison.leaderboards:
        for row in _rows(comparison, board):
            writer.writerow(
                {
                    name: f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value
                    for name, value in row.items()
                }
            )
    return buffer.getvalue()


def _rows(comparison: Comparison, board: Leaderboard) -> Iterator[dict[str, object]]:
    comparisons = {pairwise.side: pairwise for pairwise in board.comparisons}
    for metric in comparison.metrics:
        ranking = board.rankings[metric.name]
        for place in ranking.places:
            row: dict[str, object] = {
                "system": board.name,
                "side": place.system,
                "metric": metric.name,
                "better": metric.better,
                **{name: getattr(place.estimate, name) for name in ("mean", "low", "high", "median", "n", "missing")},
                "letters": place.letters if ranking.tests else "",
                "reason": place.estimate.reason or "",
            }
            if pairwise := comparisons.get(place.system):
                shift = pairwise.differences[metric.name]
                row |= {
                    "reference": pairwise.reference,
                    "difference": shift.mean,
                    "difference_low": shift.low,
                    "difference_high": shift.high,
                    "p_corrected": shift.p,
                    "differs": shift.apart,
                    "effect": shift.effect,
                    "shared": shift.n,
                }
            yield row


def as_json(comparison: Comparison) -> str:
    """Everything, indented; a missing value is null and has a reason beside it."""
    data = {
        "by": comparison.by,
        "runs": {
            name: {"config": manifest.config_file, "started": manifest.started, "status": manifest.status}
            for name, manifest in comparison.runs.items()
        },
        "articles": list(comparison.articles),
        "ranked_by": comparison.ranked_by.name if comparison.ranked_by else None,
        "metrics": [asdict(metric) for metric in comparison.metrics],
        "leaderboards": [_leaderboard(board) for board in comparison.leaderboards],
        "other_changes": [
            {
                "run": contrast.run,
                "measured_differently": [asdict(difference) for difference in contrast.measures],
                "changed": [asdict(difference) for difference in contrast.causes],
            }
            for contrast in comparison.contrasts
        ],
        "people": comparison.people or None,
        "notes": list(comparison.notes),
    }
    return json.dumps(_finite(data), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _finite(data: Any) -> Any:
    """JSON has no infinity: an infinite end of an interval is null."""
    if isinstance(data, float) and not math.isfinite(data):
        return None
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    return [_finite(value) for value in data] if isinstance(data, list | tuple) else data


def _leaderboard(board: Leaderboard) -> dict[str, Any]:
    return {
        "system": board.name or None,
        "sides": [asdict(side) for side in board.sides],
        "reference": board.reference,
        "rankings": {name: _ranking(ranking) for name, ranking in board.rankings.items()},
        "missing": [
            {"side": side, "metric": metric, "reasons": dict(reasons)}
            for (side, metric), reasons in board.reasons.items()
        ],
        "matches": [_pair(pairwise) for pairwise in board.comparisons],
    }


def _ranking(ranking: Ranking) -> dict[str, Any]:
    """A ranking; without tests the letters mean nothing and are null."""
    return {
        "places": [
            {"side": place.system, "letters": place.letters if ranking.tests else None, **asdict(place.estimate)}
            for place in ranking.places
        ],
        "pair_tests": [
            {
                **asdict(test.difference),
                "first": test.first,
                "second": test.second,
                "mean_first": test.difference.first,
                "mean_second": test.difference.second,
                "p_corrected": test.p,
                "differs": test.apart,
            }
            for test in ranking.pair_tests
        ],
        "cautions": list(ranking.cautions),
        "tests": ranking.tests,
    }


def _pair(pairwise: PairwiseComparison) -> dict[str, Any]:
    facts, summaries = pairwise.facts, None
    if pairwise.summaries:
        rows = [asdict(change) for change in pairwise.summaries.changes]
        counts = {name: getattr(pairwise.summaries, name) for name in ("compared", "missing", "wrong")}
        summaries = {**counts, "changes": [{**row.pop("place"), **row} for row in rows]}
    return {
        "reference": pairwise.reference,
        "side": pairwise.side,
        "differences": {name: asdict(shift) for name, shift in pairwise.differences.items()},
        "plan": asdict(pairwise.plan) if pairwise.plan else None,
        "facts": {
            "compared": facts.compared,
            "changes": [_fact(change) for change in facts.changes],
            "test": asdict(facts.test) if facts.test else None,
            "reason": facts.reason,
        },
        "summaries": summaries,
    }


def _fact(change: FactChange) -> dict[str, Any]:
    """A change as a dict; ``asdict`` cannot copy its counters."""
    values = {field.name: getattr(change, field.name) for field in fields(change)}
    return {**values, "before": dict(change.before), "after": dict(change.after)}
