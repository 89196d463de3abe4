from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import permutation_test
from stored_runs import Labels, Plan, open_runs, write

from harness.compare.changes import FactChanges, FactKey, FactVerdicts, compare_facts
from harness.compare.comparison import Comparison, ComparisonOptions, compare
from harness.compare.report.document import document
from harness.document.blocks import Table
from harness.errors import DataError, RunFolderError, UsageError
from harness.records import Fact, Importance, Label

RNG = np.random.default_rng(3)
OLD = [round(float(value), 2) for value in RNG.uniform(0.2, 0.8, 12)]
STEPS = [0.1, 0.05, -0.02, 0.08, 0.12, 0.01, 0.03, 0.06, -0.05, 0.09, 0.07, 0.11]
NEW = [old + step for old, step in zip(OLD, STEPS, strict=True)]


def compare_runs(*paths: Path, **asked: object) -> Comparison:
    question = {"by": "run" if len(paths) > 1 else "system", "metrics": ("fact_recall",), **asked}
    return compare(open_runs(*paths), ComparisonOptions(**question))  # type: ignore[arg-type]  # options of many types


def two_runs(folder: Path, **changes: object) -> tuple[Path, Path]:
    """Two systems; only the first one's scores differ."""
    old = write(folder / "old", Plan({"lead": {"fact_recall": OLD}, "same": {"fact_recall": OLD}}))
    new = write(folder / "new", Plan({"lead": {"fact_recall": NEW}, "same": {"fact_recall": OLD}}), **changes)
    return old, new


def test_each_system_is_compared_with_its_first_run_and_p_is_corrected_for_changed_systems(tmp_path: Path) -> None:
    """scipy's exact permutation test of the paired differences; an unchanged system does not count as a test."""
    found = compare_runs(*two_runs(tmp_path))
    differences = {board.name: board.comparisons[0].differences["fact_recall"] for board in found.leaderboards}
    exact = permutation_test((NEW, OLD), lambda x, y: np.mean(x - y), permutation_type="samples", n_resamples=np.inf)
    lead = differences["lead"]
    assert lead.mean == pytest.approx(sum(STEPS) / 12)
    assert lead.p == pytest.approx(exact.pvalue)
    assert (lead.low or 1) < sum(STEPS) / 12 < (lead.high or 0)
    same = differences["same"]
    assert (same.mean, same.changed, same.p, same.low, same.is_significant) == (0.0, 0, 1.0, None, False)
    assert same.reason == "all 12 articles have the same difference, so their spread cannot be estimated"


def test_difference_is_side_minus_reference(tmp_path: Path) -> None:
    """The reference is the first run of the report."""
    paths = two_runs(tmp_path)
    there, back = (compare_runs(*paths, against=name) for name in ("old", "new"))
    boards = [next(each for each in found.leaderboards if each.name == "lead") for found in (there, back)]
    first, second = (board.comparisons[0] for board in boards)
    assert (first.reference, first.side, second.side) == ("old", "new", "old")
    forth, back_again = first.differences["fact_recall"], second.differences["fact_recall"]
    assert forth.mean == pytest.approx(np.mean(NEW) - np.mean(OLD))
    assert back_again.reverse() == forth
    assert [(each.first, each.run) for each in back.run_differences] == [("new", "old")]
    assert document(back).title == "new → old"


def test_systems_of_one_run_are_ranked_and_compared_with_the_best(tmp_path: Path) -> None:
    worse = [value - 0.2 for value in OLD]
    plan = Plan({"bad": {"fact_recall": worse}, "good": {"fact_recall": OLD}, "near": {"fact_recall": OLD[::-1]}})
    (board,) = compare_runs(write(tmp_path / "run", plan)).leaderboards
    assert [side.name for side in board.sides][-1] == "bad"
    assert board.reference == board.sides[0].name
    letters = {place.system: place.letters for place in board.rankings["fact_recall"].places}
    assert letters["good"][0] in letters["near"]
    assert not set(letters["good"]) & set(letters["bad"])
    against = compare_runs(tmp_path / "run", against="bad").leaderboards[0]
    assert against.reference == "bad"
    assert {pairwise.side for pairwise in against.comparisons} == {"good", "near"}


def test_metric_with_values_ranks_even_if_another_is_named_first(tmp_path: Path) -> None:
    """Without facts in the articles, no system has a value for fact recall."""
    names = {"bad": 0.1, "good": 0.9}
    plan = Plan({name: {"fact_recall": [None] * 3, "faithfulness": [value] * 3} for name, value in names.items()})
    run = write(tmp_path / "run", plan)
    for asked in ((), ("fact_recall", "faithfulness")):
        found = compare_runs(run, metrics=asked)
        assert (found.ranked_by and found.ranked_by.name) == "faithfulness"
        assert [side.name for side in found.leaderboards[0].sides] == ["good", "bad"]
    shown = document(compare_runs(run, metrics=("fact_recall",)))
    assert shown.answer == ("No system has a value for Fact recall, so nothing is ranked.",)
    assert not any("best first" in block.caption for block in shown.blocks if isinstance(block, Table))


def test_facts_and_summaries_that_changed_are_named(tmp_path: Path) -> None:
    values = {"lead": {"fact_recall": [0.5, 0.5]}}
    before: Labels = {"lead": {"main": ["supported", "absent"], "place": ["absent", None]}}
    after: Labels = {"lead": {"main": ["absent", "absent"], "place": ["absent", None]}}
    old = write(tmp_path / "old", Plan(values, before, claims={"lead": ["supported", "supported"]}))
    texts = {"lead": ["Summary of a00.", "Another summary."]}
    new = write(tmp_path / "new", Plan(values, after, texts, claims={"lead": ["absent", "supported"]}))
    pairwise = compare_runs(old, new).leaderboards[0].comparisons[0]
    (change,) = pairwise.facts.changes
    assert (change.article, change.fact, change.turn) == ("a00", "main", "no longer kept")
    assert change.importance == "essential"
    assert pairwise.summaries is not None
    judged, written = pairwise.summaries.changes
    assert (judged.place.article_id, judged.verdicts_changed, judged.text_changed) == ("a00", True, False)
    (turned,) = judged.facts
    assert (turned.name, turned.statement, turned.before) == ("main", "The main fact.", "supported")
    assert [(turned.before, turned.after) for turned in judged.claims] == [("supported", "absent")]
    assert judged.unsupported == (0, 1)
    assert (written.verdicts_changed, written.before, written.after) == (False, "Summary of a01.", "Another summary.")


def test_runs_measured_differently_are_refused_with_the_difference(tmp_path: Path) -> None:
    paths = two_runs(tmp_path, facts={})
    with pytest.raises(UsageError, match=r"new: facts of a00, a01, a02, .* and 7 more: changed(.|\n)*--allow-diff"):
        compare_runs(*paths)
    allowed = compare_runs(*paths, allow_different=True)
    assert allowed.run_differences[0].measures
    assert len(allowed.articles) == 12


def test_only_identical_articles_are_compared(tmp_path: Path) -> None:
    texts = {f"a{number:02}": f"text of a{number:02}" for number in range(12)} | {"a03": "changed"}
    old, new = two_runs(tmp_path, articles=texts)
    with pytest.raises(UsageError, match="new: articles a03: changed"):
        compare_runs(old, new)
    found = compare_runs(old, new, allow_different=True)
    assert "a03" not in found.articles
    assert {board.comparisons[0].differences["fact_recall"].n for board in found.leaderboards} == {11}


def test_runs_without_a_common_article_are_refused(tmp_path: Path) -> None:
    old = write(tmp_path / "old", Plan({"lead": {"fact_recall": [0.5]}}, articles=["x"]))
    new = write(tmp_path / "new", Plan({"lead": {"fact_recall": [0.5]}}, articles=["y"]))
    with pytest.raises(DataError, match=r"no article has the same id and text in all runs \(old: x; new: y\); run"):
        compare_runs(old, new, allow_different=True)


def test_system_without_values_has_reasons_instead(tmp_path: Path) -> None:
    plan = Plan({"lead": {"fact_recall": [None] * 9}, "other": {"fact_recall": [0.5] * 9}})
    (board,) = compare_runs(write(tmp_path / "run", plan)).leaderboards
    assert [side.name for side in board.sides] == ["other", "lead"]
    shift = board.comparisons[0].differences["fact_recall"]
    assert (shift.n, shift.mean, shift.p) == (0, None, None)
    assert board.reasons["lead"]["fact_recall"] == {"the model refused": 9}


def test_nan_is_refused_with_file_and_place(tmp_path: Path) -> None:
    old, new = two_runs(tmp_path)
    path = new / "scores.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    rows[3]["value"] = float("nan")
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    message = r"new/scores\.jsonl:4: is not a valid record \(value: Input should be a finite number\)"
    with pytest.raises(RunFolderError, match=message):
        compare_runs(old, new)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"metrics": ("fact_recal",)}, "not every run has the metric 'fact_recal'; did you mean 'fact_recall'"),
        ({"against": "olld"}, "there is no run 'olld' here; did you mean 'old'"),
        ({"by": "system", "against": "led"}, "there is no system 'led' here"),
    ],
)
def test_misspelt_name_suggests_the_nearest(tmp_path: Path, asked: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        compare_runs(*two_runs(tmp_path), **asked)


def test_one_seed_gives_one_result(tmp_path: Path) -> None:
    paths = two_runs(tmp_path)
    first, second, other = ([pair.differences for pair in compare_runs(*paths, seed=seed).pairs] for seed in (1, 1, 2))
    assert first == second != other


LEVELS: dict[str, Importance] = {"core": "essential", "side": "supporting", "more": "essential", "date": "detail"}
FACTS = {("art", name): Fact(name, f"The {name}.", level) for name, level in LEVELS.items()}


def side(labels: Mapping[str, list[Label]]) -> FactVerdicts:
    return {FactKey("art", name, f"The {name}."): Counter(found) for name, found in labels.items()}


def changes(before: Mapping[str, list[Label]], after: Mapping[str, list[Label]]) -> FactChanges:
    return compare_facts(side(before), side(after), FACTS)


def test_changed_facts_are_named_essential_first() -> None:
    wrong: list[Label] = ["contradicted"]
    found = changes(
        {"new": ["supported"], "side": ["supported"], "date": ["absent"], "core": ["supported"], "more": ["absent"]},
        {"new": ["absent"], "side": ["absent"], "date": ["supported"], "core": wrong, "more": wrong},
    )
    assert [(change.fact, change.importance, change.turn) for change in found.changes] == [
        ("core", "essential", "no longer kept"),
        ("more", "essential", "newly contradicted"),
        ("side", "supporting", "no longer kept"),
        ("date", "detail", "gained"),
        ("new", None, "no longer kept"),  # the current articles do not have it
    ]
    assert found.compared == 5


@pytest.mark.parametrize(
    ("before", "after", "turns"),
    [
        (["supported", "supported", "absent"], ["supported", "absent", "absent"], ["no longer kept"]),
        (["absent"], ["uncertain"], []),
        (["contradicted"], ["absent"], ["no longer contradicted"]),
    ],
)
def test_share_of_samples_that_keep_a_fact_decides(before: list[Label], after: list[Label], turns: list[str]) -> None:
    assert [change.turn for change in changes({"core": before}, {"core": after}).changes] == turns


def test_only_facts_with_equal_statements_are_compared() -> None:
    edited: FactVerdicts = {FactKey("art", "core", "Edited."): Counter[Label](["absent"])}
    found = compare_facts(side({"core": ["supported"]}), edited, FACTS)
    assert (found.compared, found.changes) == (0, ())
