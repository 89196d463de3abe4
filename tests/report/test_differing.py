"""What is undecided is neither different nor wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest
from judged_run import run

from harness.records import Fact, Label, System
from harness.report.matrix import Matrix, MatrixCell, MatrixRow, differing
from harness.report.report import report


def test_a_verdict_that_is_undecided_differs_from_none() -> None:
    found = run({"x": {"a": ["supported", "supported"]}, "y": {"a": ["uncertain", "absent"]}})
    assert report(found).page(0).differing == {2}


def test_a_summary_counts_its_undecided_claims_apart_from_the_wrong_ones() -> None:
    found = run({"x": {"a": ["supported"]}}, claims={"x": {"a": ["contradicted", "uncertain", "supported", "absent"]}})
    [[card]] = report(found).page(0).cards
    assert card.problems_in_words == "1 wrong, 1 not in the article, 1 undecided of 4 claims"


@pytest.mark.parametrize(
    ("one", "two", "different"),
    [
        ({"supported": 1}, {"supported": 3}, False),
        ({"supported": 2}, {"supported": 2, "uncertain": 1}, False),
        ({"supported": 1, "absent": 1}, {"supported": 2, "absent": 2, "uncertain": 1}, False),
        ({"supported": 1, "absent": 2}, {"supported": 2, "absent": 1}, True),
        ({"supported": 2}, {"supported": 2, "contradicted": 1}, True),
        ({"uncertain": 3}, {"supported": 2, "absent": 1}, False),
    ],
)
def test_systems_differ_where_shares_of_their_decided_samples_do(
    one: Mapping[Label, int], two: Mapping[Label, int], different: bool
) -> None:
    """However many samples each has: kept by 1 of 1 is as kept as by 3 of 3."""
    systems = tuple(System(name, name, "lead", None, None, name) for name in ("one", "two"))
    cells = tuple(
        MatrixCell(system, Counter(labels), sum(labels.values()), None)
        for system, labels in zip(systems, (one, two), strict=True)
    )
    row = MatrixRow(1, Fact("f0", "It rains.", "essential", "event"), cells)
    table = Matrix((("system", systems),), (("essential", (row,)),))
    assert differing(table) == (frozenset({1}) if different else frozenset())
