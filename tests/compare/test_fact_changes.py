"""Facts gained and lost, by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from harness.compare.changes import FactChanges, FactKey, FactVerdicts, compare_fact_verdicts
from harness.records import Fact, Importance, Label
from harness.stats.resampling import Resampler

LEVELS: dict[str, Importance] = {"core": "essential", "side": "supporting", "more": "essential", "date": "detail"}
FACTS = {("art", name): Fact(name, f"The {name}.", level) for name, level in LEVELS.items()}


def side(labels: Mapping[str, list[Label]], article: str = "art") -> FactVerdicts:
    return {FactKey(article, name, f"The {name}."): Counter(found) for name, found in labels.items()}


def changes(before: Mapping[str, list[Label]], after: Mapping[str, list[Label]]) -> FactChanges:
    return compare_fact_verdicts(side(before), side(after), FACTS, Resampler(0, 100))


def test_changed_facts_are_named_essential_first() -> None:
    found = changes(
        {"side": ["supported"], "date": ["absent"], "core": ["supported"], "more": ["absent"]},
        {"side": ["absent"], "date": ["supported"], "core": ["contradicted"], "more": ["contradicted"]},
    )
    assert [(change.fact, change.importance, change.turn) for change in found.changes] == [
        ("core", "essential", "lost"),
        ("more", "essential", "contradicted"),
        ("side", "supporting", "lost"),
        ("date", "detail", "gained"),
    ]
    assert found.compared == 4


def test_the_test_counts_what_only_one_side_keeps() -> None:
    """The first side alone keeps two of four facts, the second alone one: −1 / 4."""
    test = changes(
        {"side": ["supported"], "date": ["absent"], "core": ["supported"], "more": ["supported"]},
        {"side": ["absent"], "date": ["supported"], "core": ["contradicted"], "more": ["supported"]},
    ).test
    assert test is not None
    assert (test.only_first, test.only_second, test.both, test.difference) == (1, 2, 1, -0.25)
    assert test.low is None
    assert test.caution is not None
    assert "With one shared article" in test.caution


def test_several_samples_keep_a_share_of_a_fact() -> None:
    found = changes({"core": ["supported", "supported", "absent"]}, {"core": ["supported", "absent", "absent"]})
    assert [change.turn for change in found.changes] == ["lost"]
    assert found.test is None
    assert found.reason is not None
    assert "several summaries" in found.reason


def test_absent_to_uncertain_is_no_change() -> None:
    assert changes({"core": ["absent"]}, {"core": ["uncertain"]}).changes == ()


def test_only_facts_with_equal_statements_are_compared() -> None:
    found = compare_fact_verdicts(
        side({"core": ["supported"]}), side({"core": ["absent"]}, "other"), FACTS, Resampler(0, 100)
    )
    assert (found.compared, found.changes, found.reason) == (0, (), "no fact has a verdict on both sides")


def test_fact_missing_from_the_data_has_no_importance() -> None:
    found = compare_fact_verdicts(side({"new": ["supported"]}), side({"new": ["absent"]}), FACTS, Resampler(0, 100))
    assert found.changes[0].importance is None
