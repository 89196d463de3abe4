"""What scorers that compare a summary with its references share."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum
from typing import NamedTuple

from harness.records import Case
from harness.scorers.measure import Measure


class Overlap(NamedTuple):
    """The overlap as a share of the summary, as a share of the reference, and their harmonic mean."""

    precision: float
    recall: float
    f1: float


def best_and_mean(metric: str, overlaps: Mapping[str, Overlap]) -> dict[str, Measure]:
    """Four metrics from reference id → overlap, of which there is at least one.

    ``metric`` is the F1 of the reference with the best F1, ``.precision`` and ``.recall`` are that reference's too,
    ``.mean`` is the mean F1. Each names the value for every reference, the best reference first.
    """
    ranked = sorted(overlaps.items(), key=lambda entry: -entry[1].f1)
    best = ranked[0][1]
    f1 = tuple([f"{reference}={overlap.f1:.4f}" for reference, overlap in ranked])
    precision = tuple([f"{reference}={overlap.precision:.4f}" for reference, overlap in ranked])
    recall = tuple([f"{reference}={overlap.recall:.4f}" for reference, overlap in ranked])
    return {
        metric: Measure(best.f1, names=f1),
        f"{metric}.precision": Measure(best.precision, names=precision),
        f"{metric}.recall": Measure(best.recall, names=recall),
        f"{metric}.mean": Measure(fsum([overlap.f1 for _, overlap in ranked]) / len(ranked), names=f1),
    }


def explain_no_reference(case: Case) -> str | None:
    """Why the summary has nothing to be compared with; None if it has a reference."""
    if case.references:
        return None
    return "the article has no other reference" if case.item.references else "the article has no reference"
