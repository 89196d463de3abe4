"""A comparison in every format: whole, harmless, and honest about what it cannot show."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stored_runs import Labels, Plan, Values, compare_plans, open_runs, write

from harness.compare import report
from harness.compare.changes import diff
from harness.compare.comparison import Comparison, ComparisonOptions, compare
from harness.compare.report.document import document
from harness.compare.run_differences import RunDifference
from harness.data.runs.results import RunFolder
from harness.document import markdown, terminal
from harness.document.blocks import TERMINAL, Table
from harness.records import Label, Metric, Role, Score

SCRIPT = "<script>alert(1)</script>"
EVIL = f"evil|{SCRIPT}"
OLD = [0.515 + n / 100 for n in range(10)]
NEW = [value - 0.1 + step for value, step in zip(OLD, [0.01, -0.01] * 5, strict=True)]


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Two runs of a system with a hostile name, whose text and verdicts changed on the first of ten articles."""
    folder = tmp_path_factory.mktemp("runs")

    def plan(recall: list[float], label: Label, text: str) -> Plan:
        values: Values = {EVIL: {"fact_recall": recall, "seconds": [None] * 10}}
        kept: list[Label] = ["supported"] * 9
        return Plan(values, {EVIL: {"main": [label, *kept]}}, {EVIL: [f"{text} {SCRIPT}.", *["Same."] * 9]})

    old = write(folder / "old", plan(OLD, "supported", "The same old text"))
    new = plan(NEW, "contradicted", "The same \x1b[31mnew text")
    runs = open_runs(old, write(folder / "new", new, packages={"torch": f"2 {SCRIPT}"}))
    return compare(runs, ComparisonOptions("run", metrics=("fact_recall", "seconds")))


def print_comparison(found: Comparison) -> str:
    return terminal.render(document(found, TERMINAL))


def find_table(found: Comparison) -> Table:
    """The table of all sides."""
    return next(block for block in document(found).blocks if isinstance(block, Table))


@pytest.mark.parametrize("form", ["terminal", "md", "html", "json"])
def test_every_format_has_the_difference_and_the_lost_fact_and_escapes_text(comparison: Comparison, form: str) -> None:
    text = print_comparison(comparison) if form == "terminal" else report.render(comparison, form)
    if form != "json":
        assert "Fact recall 0.56 → 0.46 (−0.10 " in " ".join(text.split())
    assert "main" in text
    assert "\x1b" not in text
    assert form not in ("html", "md") or SCRIPT not in text


def test_captions_explain_only_what_the_tables_show(tmp_path: Path) -> None:
    """Seven articles allow a test, but no interval; after correction for six pairs, none is significant."""
    plan = Plan({f"s{number}": {"fact_recall": [number / 4] * 6 + [number / 5]} for number in range(4)})
    captions = [block.caption for block in document(compare_plans(tmp_path, plan)).blocks if isinstance(block, Table)]
    assert not any(words in " ".join(captions) for words in ("95% interval", "share a letter"))
    assert "No interval: an interval needs at least 8 articles, and there are 7." in captions[1]
    assert "p by a paired permutation test, corrected for 6 comparisons" in captions[1]
    plans = [Plan({"lead": {"fact_recall": [mean] * 4, "seconds": [mean, mean, None]}}) for mean in (0.5, 0.6)]
    assert "95% interval" not in report.render(compare_plans(tmp_path / "two reasons", *plans), "md")


def test_metric_without_values_is_named_and_has_no_column(comparison: Comparison) -> None:
    assert "Left out because no article has a value: Seconds." in document(comparison).cautions
    assert [head.name for head in find_table(comparison).heads if isinstance(head, Metric)] == ["fact_recall"]


def test_other_changes_are_grouped_and_show_their_keys(comparison: Comparison) -> None:
    old = "Summarise the article in three sentences, and add nothing to it."
    causes = (
        RunDifference("models", "m1.5.max_new_tokens", "160", "80"),
        RunDifference("prompts", "plain.template", old, old.replace("three", "two")),
        RunDifference("systems", "m1.5/plain code", "1a", "2b"),
        RunDifference("systems", "m1.5/short code", "1a", "2b"),
        RunDifference("git", "dirty", "no", "yes"),
    )
    differences = replace(comparison.run_differences[0], causes=causes)
    text = print_comparison(replace(comparison, run_differences=(differences,)))
    lines = [line.strip() for line in text.partition("What else changed")[2].splitlines() if line.strip()]
    assert lines[1:] == [
        "Models",
        "model m1.5, max new tokens: 160 → 80 (models m1.5.max_new_tokens)",
        "code behind m1.5/plain and m1.5/short: 1a → 2b",
        "Prompts",
        f"prompt plain: {old.replace('three', '[-three-]{+two+}')} (prompts plain.template)",
        "Versions and machine",
        "uncommitted changes: no → yes (git dirty)",
    ]


def test_means_equal_up_to_rounding_rank_first_together(tmp_path: Path) -> None:
    """All means are 2/7, but numpy's mean of 0, 1/7 and 5/7 is larger in the last binary digit."""
    spread, flat = [0, 1 / 7, 5 / 7], [2 / 7] * 3
    assert np.mean(spread) > np.mean(flat)
    plan = Plan(
        {"m": {"fact_recall": spread}, "n": {"fact_recall": flat}, "lead": {"fact_recall": flat}},
        prompts={"m": ("m", "plain"), "n": ("n", "plain")},
    )
    answer = document(compare_plans(tmp_path, plan)).answer
    assert re.fullmatch("(m and n|n and m) rank first by Fact recall, with 0.29 each.", answer[0])
    assert answer[1:] == ("No system beats the floor (sentences picked without a model): 0.29 (lead).",)


def test_detectable_difference_is_never_0(tmp_path: Path) -> None:
    """The differences have a standard deviation of 0.00083, so with 20 articles 2.95 × 0.00083 / √20 is detected."""
    values = [0.5 + number / 100 for number in range(20)]
    shifted = [value + 0.001 * (number % 3) for number, value in enumerate(values)]
    plans = [Plan({"lead": {"fact_recall": row}}) for row in (values, shifted)]
    text = print_comparison(compare_plans(tmp_path, *plans))
    assert "a true difference of 0.0005 in Fact recall would be detected" in " ".join(text.split())


@pytest.mark.parametrize(("systems", "detects"), [(4, True), (5, False)])
def test_no_difference_is_detectable_if_none_can_be_significant(systems: int, detects: bool, tmp_path: Path) -> None:
    """On 8 articles the smallest p is 2 / 2⁸, times 6 pairs of 4 systems (0.047) or 10 pairs of 5 systems (0.078)."""
    rows = np.random.default_rng(0).random((systems, 8)).tolist()
    plan = Plan({f"s{number}": {"fact_recall": row} for number, row in enumerate(rows)})
    assert ("would be detected" in " ".join(print_comparison(compare_plans(tmp_path, plan)).split())) == detects


def test_system_with_values_on_few_articles_is_not_ranked(tmp_path: Path) -> None:
    plan = Plan({"whole": {"fact_recall": [0.5] * 12}, "sparse": {"fact_recall": [1.0, *[None] * 11]}})
    answer = document(compare_plans(tmp_path, plan)).answer
    assert answer[0].startswith("whole ranks first by Fact recall: 0.50")
    assert "Not ranked because values are missing: sparse (on 1 of 12 articles)." in answer


def test_sample_without_a_value_has_a_note(tmp_path: Path) -> None:
    run = write(tmp_path / "run", Plan({name: {"fact_recall": [0.5, 0.6]} for name in ("m", "n")}))
    RunFolder(run).scores.append([Score("n", "a00", 1, "fact_recall", None, "s", "the model refused")])
    text = " ".join(print_comparison(compare(open_runs(run), ComparisonOptions("system"))).split())
    assert "n = 2 of 2 articles, 1 summary left out: the model refused" in text
    assert "Some values are missing" in text


def test_floor_on_more_articles_leaves_the_systems_ranked(tmp_path: Path) -> None:
    """A verifier can decide copied sentences even in a language that it does not read."""
    plan = Plan(
        {"m": {"fact_recall": [*[0.5] * 8, None]}, "lead": {"fact_recall": [0.3] * 9}}, prompts={"m": ("m", "plain")}
    )
    assert document(compare_plans(tmp_path, plan)).answer[0].startswith("m ranks first by Fact recall: 0.50")


def test_system_that_ranks_first_on_easier_articles_is_not_called_better(tmp_path: Path) -> None:
    """``m`` is better on all 36 shared articles, but has no value on two easy ones, and ``n`` none on two hard ones;
    ``k`` is about as good as ``n``."""
    shared = [0.3 + 0.01 * number for number in range(36)]
    better = [value + 0.02 + 0.0001 * number for number, value in enumerate(shared)]
    near = [value + 0.001 * (-1) ** number for number, value in enumerate(shared)]
    values = {"m": [0.0, 0.0, *better, None, None], "n": [None, None, *shared, 1.0, 1.0]}
    values["k"] = [None, None, *near, 1.0, 0.9]
    plan = Plan({name: {"fact_recall": row} for name, row in values.items()})
    answer = document(compare_plans(tmp_path, plan)).answer
    assert answer[0].startswith("n ranks first by Fact recall")
    assert answer[1] == "But on shared articles, m did significantly better."
    assert answer[2] == "n does not differ significantly from k."


def test_answer_names_the_best_system_and_a_floor_that_it_does_not_beat(tmp_path: Path) -> None:
    """Floor and ceiling do better than the systems under test."""
    values = {"plain": 0.4, "short": 0.3, "lead": 0.5, "random": 0.2, "oracle": 0.9}
    roles: dict[str, Role] = {"lead": "floor", "random": "floor", "oracle": "ceiling"}
    plan = Plan({name: {"fact_recall": [value]} for name, value in values.items()})
    folder = RunFolder(write(tmp_path / "run", plan))
    systems = tuple(replace(each, role=roles.get(each.name, "system")) for each in folder.manifest.systems)
    folder.write_manifest(replace(folder.manifest, systems=systems))
    found = compare(open_runs(folder.path), ComparisonOptions("system"))
    assert document(found).answer == (
        "plain ranks first by Fact recall: 0.40.",
        "No system beats the floor (sentences picked without a model): 0.50 (lead).",
    )
    assert [row.cells[0] for row in find_table(found).rows] == [
        "Systems", "plain", "short", "Floor", "lead", "random", "Ceiling", "oracle",
    ]  # fmt: skip  # a list
    assert found.leaderboards[0].reference == "plain"


def test_json_is_valid_without_nan(comparison: Comparison) -> None:
    data = json.loads(report.render(comparison, "json"), parse_constant=lambda name: pytest.fail(name))
    (leaderboard,) = data["leaderboards"]
    (pairwise,) = leaderboard["comparisons"]
    assert pairwise["differences"]["fact_recall"]["mean"] == pytest.approx(-0.1)
    assert pairwise["facts"]["changes"][0]["turn"] == "no longer kept"
    assert pairwise["summaries"]["compared"] == 10
    ranking = leaderboard["rankings"]["fact_recall"]
    assert [place["system"] for place in ranking["places"]] == ["old", "new"]
    assert [(each["reference"], each["side"]) for each in ranking["differences"]] == [("old", "new")]
    causes = data["run_differences"][0]["causes"]
    assert {"kind": "packages", "name": "torch", "before": None, "after": f"2 {SCRIPT}"} in causes


@given(st.text("ab \n", max_size=30), st.text("ab \n", max_size=30))
def test_diff_restores_both_texts(before: str, after: str) -> None:
    pieces = diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.mark != "new") == before
    assert "".join(piece.text for piece in pieces if piece.mark != "gone") == after


def test_adjacent_changed_words_are_one_change() -> None:
    pieces = diff("It was voted down by 15.", "It was clearly approved today by 15.")
    changed = [(piece.text, piece.mark) for piece in pieces]
    assert changed[1:3] == [("voted down", "gone"), ("clearly approved today", "new")]


def test_interrupted_and_differently_measured_runs_have_a_banner(tmp_path: Path) -> None:
    plan = Plan({"lead": {"fact_recall": [0.5] * 3}})
    old = write(tmp_path / "old", plan)
    new = write(tmp_path / "new", plan, status="interrupted", verifier="lexical|threshold:0.7|code:1")
    found = compare(open_runs(old, new), ComparisonOptions("run", metrics=("fact_recall",), allow_different=True))
    assert document(found).banners == (
        "new was interrupted, so some of its values are missing.",
        "new was measured differently from old: verifier threshold: 0.5 → 0.7.",
    )


def test_changes_between_three_runs_name_the_runs(tmp_path: Path) -> None:
    """One system has another verdict in the second run, and another text in the third; the other never changes."""
    values = {"lead": {"fact_recall": [0.5]}, "same": {"fact_recall": [0.5]}}
    labels: tuple[Label, Label] = ("supported", "absent")
    texts = {"one": "Rain fell.", "two": "Rain fell.", "three": "Snow fell."}
    paths = [
        write(tmp_path / name, Plan(values, texts={"lead": [text]}, claims={"lead": [labels[name == "two"]]}))
        for name, text in texts.items()
    ]
    found = compare(open_runs(*paths), ComparisonOptions("run", metrics=("fact_recall",)))
    text = markdown.render(document(found))
    assert "2 comparisons: no verdict or text changed." in text
    first, second = text.index("lead: two, a00, sample 1"), text.index("lead: three, a00, sample 1")
    assert first < text.index("**supported → not in the article** Summary of a00.") < second


def test_printed_difference_adds_up(tmp_path: Path) -> None:
    """0.264 and 0.196 would be 0.26, 0.20 and −0.07; 0.05 and 0.1 lost facts would be 0.1 and 0.1."""
    before: Values = {"lead": {"fact_recall": [0.264], "essential_lost": [0.05], "faithfulness": [0.6641]}}
    after: Values = {"lead": {"fact_recall": [0.196], "essential_lost": [0.1], "faithfulness": [0.4576]}}
    text = report.render(compare_plans(tmp_path, Plan(before), Plan(after)), "md")
    assert re.search(r"Fact recall 0\.264 → 0\.196 \(−0\.068\);.* Faithfulness 0\.66 → 0\.46", text)
    assert "| Fact recall ↑ | 0.264 | 0.196 | −0.068 |" in text
    assert "| Essential facts lost ↓ | 0.05 | 0.10 | +0.05 |" in text


@pytest.mark.parametrize(("undecided", "named"), [(0.0, ()), (2.0, ()), (0.0, ("essential_undecided",))])
def test_undecided_has_a_column_only_if_named_or_above_0(undecided: float, named: tuple[str], tmp_path: Path) -> None:
    values = {name: {"fact_recall": [0.5], "essential_undecided": [undecided]} for name in ("one", "two")}
    found = compare_plans(tmp_path, Plan(values), metrics=named)
    assert ("Essential facts undecided ↓" in report.render(found, "md")) == bool(undecided or named)


def test_unchanged_facts_are_counted_by_system(tmp_path: Path) -> None:
    labels: Labels = {"one": {"main": ["supported"]}, "two": {"main": ["supported"], "place": ["absent"]}}
    plan = Plan({name: {"fact_recall": [0.5]} for name in labels}, labels)
    text = report.render(compare_plans(tmp_path, plan, plan), "md")
    assert "one, 1 fact compared: none gained or no longer kept.\n\ntwo, 2 facts compared: none" in text


def test_undecided_fact_is_no_longer_kept_but_not_lost(tmp_path: Path) -> None:
    values = {"lead": {"fact_recall": [0.5]}}
    old = Plan(values, {"lead": {"main": ["supported"], "place": ["supported"]}})
    new = Plan(values, {"lead": {"main": ["uncertain"], "place": ["absent"]}})
    text = print_comparison(compare_plans(tmp_path, old, new, metrics=("fact_recall",)))
    assert "2 facts compared: 0 gained, 2 no longer kept" in text
    assert "? kept → undecided" in text
    assert "· kept → lost" in text
    assert text.count("lost") == text.count("→ lost")


def test_with_many_systems_a_fact_kept_in_some_samples_is_kept_less_often(tmp_path: Path) -> None:
    """The first system keeps the fact, the last one in one of two samples, and the others do not."""
    labels: dict[str, dict[str, list[Label | None]]] = {f"s{n}": {"main": ["absent"]} for n in range(8)}
    labels["s0"] = {"main": ["supported"]}
    plan = Plan({name: {"fact_recall": [0.8 - n / 10]} for n, name in enumerate(labels)}, labels)
    folder = RunFolder(write(tmp_path / "run", plan))
    first, *_, last = folder.checks
    folder.checks.append([replace(last, sample=1, verdict=first.verdict)])
    text = print_comparison(compare(open_runs(folder.path), ComparisonOptions("system", metrics=("fact_recall",))))
    assert "kept more often by s0" in " ".join(text.split())


def test_answer_counts_new_contradictions_and_wrong_claims_and_lists_unchanged_systems(tmp_path: Path) -> None:
    """A kept fact that becomes contradicted counts as both no longer kept and contradicted."""
    after: tuple[tuple[Label, float], ...] = (("supported", 1.0), ("contradicted", 0.1))
    same, plans = {"fact_recall": [0.5], "faithfulness": [1.0]}, []
    for label, mean in after:
        values = {"lead": same | {"faithfulness": [mean]}, "same": same}
        plans.append(Plan(values, {"lead": {"main": [label]}}, claims={"lead": [label]}))
    answer = document(compare_plans(tmp_path, *plans, metrics=("fact_recall", "faithfulness"))).answer
    change = "1 essential fact no longer kept, 1 fact now contradicted, wrong claims 0 → 1, Faithfulness 1.00 → 0.10"
    assert answer == (f"lead, old → new: Fact recall stays at 0.50; {change}.", "Unchanged: same.")
