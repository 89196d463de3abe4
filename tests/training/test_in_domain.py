"""What a network may learn of the two sets that it is reported on: of other articles."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from benchmarks.quality.checker_questions import used_for
from benchmarks.training.in_domain import in_domain

GROUPS = [f"article {number}" for number in range(20)]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Of each article two facts, one of them found, a faithful summary and one with an error, and a three-way pair."""
    files: Mapping[str, Sequence[Mapping[str, object]]] = {
        "realsumm_coverage": [
            {"premise": f"{group}: the bridge opened.", "hypotheses": ["It opened.", "It closed."],
             "labels": ["supported", "absent"]}
            for group in GROUPS
        ],
        "bump_pairs": [
            {"premise": f"{group}: the bridge opened in May.", "supported": "It opened. It was May.",
             "contradicted": "It opened. It was June."}
            for group in GROUPS
        ],
        "bump_threeway": [
            {"premise": f"{group}: it opened.", "hypothesis": "It opened.", "label": "supported"} for group in GROUPS
        ],
    }  # fmt: skip  # rows
    for name, rows in files.items():
        placed = [{"group": group, "system": "", **row} for group, row in zip(GROUPS, rows, strict=True)]
        write(tmp_path / f"{name}.jsonl", placed)
    return tmp_path


def write(file: Path, rows: Sequence[Mapping[str, object]]) -> None:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_only_articles_for_training_are_learned_from_and_each_error_twice(data: Path) -> None:
    learned = {group for group in GROUPS if used_for(group) == "training"}
    assert {used_for(group) for group in GROUPS} == {"training", "calibration", "report"}
    found = in_domain(data, 1.0, random.Random(0))  # noqa: S311  # no secret is drawn
    assert {example.premise.partition(":")[0] for example in found} == learned
    count = len(learned)
    assert Counter((example.source, example.label, example.hypothesis) for example in found) == {
        ("realsumm", "supported", "It opened."): count, ("realsumm", "unsupported", "It closed."): count,
        ("bump_threeway", "supported", "It opened."): count, ("bump", "supported", "It opened."): count,
        ("bump", "supported", "It was May."): count, ("bump", "contradicted", "It was June."): 2 * count,
    }  # fmt: skip  # a table


def test_a_share_of_them_is_taken(data: Path) -> None:
    every, half = (in_domain(data, scale, random.Random(0)) for scale in (1.0, 0.5))  # noqa: S311  # no secret is drawn
    assert half == every[: len(every) // 2]
