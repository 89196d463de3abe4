"""Scores by people's labels, each with the verifier's number where that is another."""

from __future__ import annotations

from builders import case, coverage, fact, item

from harness.data.people import People
from harness.records import Annotation, Shown
from harness.scorers.fact_recall import FactRecall
from harness.scorers.length import Length
from harness.signature import digest
from harness.stages.score import _AllScorers, build_cases

TEXT = "A summary."
FACTS = [fact("one"), fact("two")]


def test_label_changes_the_score_and_keeps_the_automatic_value() -> None:
    """One of two facts by the verifier, both by ada; what no verdict changes has no other value."""
    given = case(TEXT, item("The article.", facts=FACTS), coverage({"one": "supported", "two": "absent"}))
    label = Annotation(
        "1", "ada", "", "a", "coverage", "two", "statement of two", digest(TEXT), "supported", Shown(True)
    )
    made = build_cases([given.item], [given.summary], given.checks, People.from_labels([label]))
    assert made[0].automatic == given.checks
    [(scores, problems)] = _AllScorers((FactRecall(), Length())).score(made)
    found = {score.metric: (score.value, score.automatic) for score in scores}
    assert found["fact_recall"] == (1.0, 0.5)
    assert found["words"] == (2.0, None)
    assert problems == []


def test_score_without_labels_has_no_automatic_value() -> None:
    given = case(TEXT, item("The article.", facts=FACTS), coverage({"one": "supported", "two": "absent"}))
    [(scores, _)] = _AllScorers((FactRecall(),)).score(
        build_cases([given.item], [given.summary], given.checks, People.from_labels([]))
    )
    assert {score.automatic for score in scores} == {None}
