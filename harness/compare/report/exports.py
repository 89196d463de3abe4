"""A comparison as JSON, with all that was found, and as CSV, a row a side and metric."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator
from dataclasses import asdict, fields
from typing import Any

from harness.compare.fact_changes import FactChange
from harness.compare.ranking import Ranking
from harness.compare.result import Comparison, Leaderboard, PairwiseComparison, RunDifferences
from harness.compare.summary_changes import SummaryChanges

_COLUMNS = (
    "system", "side", "metric", "better", "mean", "low", "high", "median", "n", "missing", "letters", "reference",
    "difference", "difference_low", "difference_high", "p_corrected", "differs", "effect", "shared", "reason",
)  # fmt: skip  # one row


def as_csv(comparison: Comparison) -> str:
    """A row for each side and metric, best first, with its difference from the reference; empty where there is none."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(row for board in comparison.leaderboards for row in _rows(comparison, board))
    return buffer.getvalue()


def as_json(comparison: Comparison) -> str:
    """Everything, indented; a value that is not there is null and has a reason beside it."""
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
        "other_changes": [_contrast(contrast) for contrast in comparison.contrasts],
        "notes": list(comparison.notes),
    }
    return json.dumps(_finite(data), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _finite(data: Any) -> Any:
    """JSON has no infinity: the end of an interval that reaches there is null."""
    if isinstance(data, float) and not math.isfinite(data):
        return None
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    return [_finite(value) for value in data] if isinstance(data, list | tuple) else data


def _rows(comparison: Comparison, board: Leaderboard) -> Iterator[dict[str, object]]:
    comparisons = {pairwise.side: pairwise for pairwise in board.comparisons}
    for metric in comparison.metrics:
        for place in board.rankings[metric.name].places:
            estimate = place.estimate
            pairwise = comparisons.get(place.system)
            yield {
                "system": _text(board.name),
                "side": _text(place.system),
                "metric": metric.name,
                "better": metric.better,
                **{name: getattr(estimate, name) for name in ("mean", "low", "high", "median", "n", "missing")},
                "letters": place.letters if board.rankings[metric.name].tests else "",
                "reason": _text(estimate.reason or ""),
                **(_against(pairwise, metric.name) if pairwise else {}),
            }


def _against(pairwise: PairwiseComparison, metric: str) -> dict[str, object]:
    shift = pairwise.differences[metric]
    return {
        "reference": _text(pairwise.reference),
        "difference": shift.mean,
        "difference_low": shift.low,
        "difference_high": shift.high,
        "p_corrected": shift.p,
        "differs": shift.apart,
        "effect": shift.effect,
        "shared": shift.n,
    }


def _text(text: str) -> str:
    """Text from outside that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


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
        "matches": [_comparison(pairwise) for pairwise in board.comparisons],
    }


def _ranking(ranking: Ranking) -> dict[str, Any]:
    """A ranking; where nothing was tested the letters say nothing."""
    return {
        "places": [
            {"side": place.system, "letters": place.letters if ranking.tests else None, **asdict(place.estimate)}
            for place in ranking.places
        ],
        "pair_tests": [
            {
                **asdict(pair_test.difference),
                "first": pair_test.first,
                "second": pair_test.second,
                "mean_first": pair_test.difference.first,
                "mean_second": pair_test.difference.second,
                "p_corrected": pair_test.p,
                "differs": pair_test.apart,
            }
            for pair_test in ranking.pair_tests
        ],
        "cautions": list(ranking.cautions),
        "tests": ranking.tests,
    }


def _comparison(pairwise: PairwiseComparison) -> dict[str, Any]:
    facts = pairwise.facts
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
        "summaries": _summaries(pairwise.summaries) if pairwise.summaries else None,
    }


def _fact(change: FactChange) -> dict[str, Any]:
    """A change; ``asdict`` would count the labels of its counters anew."""
    values = {field.name: getattr(change, field.name) for field in fields(change)}
    return {**values, "before": dict(change.before), "after": dict(change.after)}


def _summaries(changes: SummaryChanges) -> dict[str, Any]:
    """The changed summaries, the place of each beside its changes, and what is counted over all."""
    rows = [asdict(change) for change in changes.changes]
    counted = {"compared": changes.compared, "missing": changes.missing, "wrong": changes.wrong}
    return {**counted, "changes": [{**row.pop("place"), **row} for row in rows]}


def _contrast(contrast: RunDifferences) -> dict[str, Any]:
    return {
        "run": contrast.run,
        "measured_differently": [asdict(origin) for origin in contrast.measures],
        "changed": [asdict(origin) for origin in contrast.causes],
    }
