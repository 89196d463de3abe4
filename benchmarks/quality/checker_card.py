"""What a verifier says of itself in every report: the measured numbers as its package keeps them (``model_card``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.quality.checker_questions import Question
from harness.signature import file_digest

BINS = 15
DATA = (
    ("REALSumm", "CC BY 4.0", "coverage", "realsumm_coverage.jsonl"),
    ("BUMP task 1", "MIT", "threeway", "bump_threeway.jsonl"),
    ("BUMP task 1", "MIT", "grounding", "bump_pairs.jsonl"),
)
"""Name, licence, use and file of what was measured on; calibrations are fitted on other articles of the same files."""


def card(
    folder: Path, facts: Sequence[Question], numbers: Mapping[str, float], reliability: Sequence[Sequence[float]]
) -> dict[str, object]:
    """The card of a verifier; ``facts`` are the questions about REALSumm that the numbers are of."""
    groups, rows = len({fact.group for fact in facts}), len(facts)
    data = [
        {"name": name, "licence": licence, "used_as": used_as, "file": file, "sha256": file_digest(folder / file),
         **({"groups": groups, "rows": rows} if used_as == "coverage" else {})}
        for name, licence, used_as, file in DATA
    ]  # fmt: skip  # a table
    measured = {name: round(value, 4) for name, value in numbers.items()}
    return {
        "date": date.today().isoformat(), "data": data, "out_of_fold": {**measured, "reliability": reliability}
    }  # fmt: skip  # one line


def reliability(scores: np.ndarray, truths: np.ndarray) -> list[list[float]]:
    """Of each bin of equal width: the mean probability, the share that is supported, how many; both ``[questions]``."""
    place = np.minimum((scores * BINS).astype(int), BINS - 1)
    inside = [place == at for at in sorted(set(place))]
    return [
        [round(float(scores[each].mean()), 4), round(float(truths[each].mean()), 4), int(each.sum())] for each in inside
    ]
