"""The rules of a gate: read from YAML, and checked against a baseline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from stored_runs import Plan, open_runs, write

from harness.compare.gate import GateResult, RuleOutcome, gate
from harness.compare.gate import rules as gate_rules
from harness.compare.gate.report import document, junit
from harness.compare.gate.rules import LoadedRules, Rules
from harness.compare.run_differences import RunDifference, RunDifferences
from harness.data.runs.results import RunFolder
from harness.document import terminal
from harness.errors import ConfigError, UsageError
from harness.records import Label, Score

ROOT = Path(__file__).resolve().parents[2]
Row = list[Label | None]
KEPT: Row = ["supported", "supported"]


def load_rules(folder: Path, text: str) -> LoadedRules:
    path = folder / "gate.yaml"
    path.write_text(text, encoding="utf-8")
    return gate_rules.load(path)


def run_gate(folder: Path, before: Plan, after: Plan, rules: str | None = None, **changes: object) -> GateResult:
    baseline, run = write(folder / "baseline", before), write(folder / "new", after, **changes)
    return check(run, baseline, load_rules(folder, rules) if rules else None)


def check(run: Path, baseline: Path, rules: LoadedRules | None = None) -> GateResult:
    candidate, reference = open_runs(run, baseline)
    return gate(candidate, reference, rules or gate_rules.load(None))


def plan(labels: list[Label | None], recall: list[float | None] | None = None) -> Plan:
    """One system, with labels of its essential fact and its fact recall."""
    values = recall if recall is not None else [0.5] * len(labels)
    return Plan({"lead": {"fact_recall": values}}, {"lead": {"main": labels, "place": ["absent"] * len(labels)}})


def find_outcome(found: GateResult, rule: str) -> RuleOutcome:
    (finding,) = (finding for finding in found.outcomes if finding.rule == rule)
    return finding


def test_example_rules_equal_the_defaults_except_latency() -> None:
    example = gate_rules.load(ROOT / "configs/gate.yaml").rules
    assert example.model_copy(update={"latency": None}) == Rules()
    assert example.latency is not None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("contradictions_added: -1\n", "gate.yaml:1: contradictions_added: must be at least 0, not -1"),
        ("# a\nundecided: maybe\n", "gate.yaml:2: undecided: must be 'fail' or 'warn', not 'maybe'"),
        ("latency: {tims: 2}\n", "gate.yaml:1: latency.tims: unknown key; did you mean 'times'"),
        ("metrics:\n  fact_recall: .nan\n", "gate.yaml:2: metrics.fact_recall: must be a finite number, not nan"),
        ("", "gate.yaml: is empty"),
    ],
)
def test_mistakes_in_rules_are_reported_with_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load_rules(tmp_path, text)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("label", "word"),
    [("absent", "lost"), ("contradicted", "contradicted"), ("uncertain", "undecided"), (None, "no verdict")],
)
def test_essential_fact_is_lost_for_any_reason_and_named(tmp_path: Path, label: Label | None, word: str) -> None:
    found = run_gate(tmp_path, plan(KEPT), plan(["supported", label]))
    lost = find_outcome(found, "essential_facts_lost")
    assert (lost.system, lost.verdict) == ("lead", "broken")
    assert lost.reason == "keeps 1 of 2 essential facts that the baseline keeps; must keep 2"
    assert lost.details == (f"a01/main (kept → {word}): The main fact.",)
    assert found.failures[0] == lost


@pytest.mark.parametrize(
    ("before", "rules", "verdict"),
    [(["absent", "uncertain"], None, "not checked"), (KEPT, "essential_facts_lost: 2\n", "held")],
)
def test_facts_that_the_baseline_does_not_keep_or_that_may_be_lost_pass(
    tmp_path: Path, before: Row, rules: str | None, verdict: str
) -> None:
    found = find_outcome(run_gate(tmp_path, plan(before), plan(["absent", "absent"]), rules), "essential_facts_lost")
    assert found.verdict == verdict


@pytest.mark.parametrize(
    ("before", "after", "detail"),
    [
        (["absent", "absent"], ["contradicted", "absent"], "a00/main (lost → contradicted)"),
        # a contradiction that disappeared does not offset a new one
        (["contradicted", "absent"], ["absent", "contradicted"], "a01/main (lost → contradicted)"),
    ],
)
def test_new_contradiction_is_named(tmp_path: Path, before: Row, after: Row, detail: str) -> None:
    found = find_outcome(run_gate(tmp_path, plan(before), plan(after)), "contradictions_added")
    assert (found.verdict, found.reason) == ("broken", "1 fact newly contradicted; 0 allowed")
    assert found.details == (f"{detail}: The main fact.",)


@pytest.mark.parametrize("metrics", ["{}", "null", "{fact_recall: null}"])
def test_null_rule_is_not_checked(tmp_path: Path, metrics: str) -> None:
    rules = f"essential_facts_lost: null\nmetrics: {metrics}\n"
    found = run_gate(tmp_path, plan(KEPT), plan(["absent", "absent"]), rules)
    assert {finding.rule for finding in found.outcomes} == {"contradictions_added", "missing_values_added"}
    assert found.passed


def test_abstention_counts_as_missing(tmp_path: Path) -> None:
    baseline, run = write(tmp_path / "baseline", plan(KEPT)), write(tmp_path / "new", plan(KEPT))
    checks = list(RunFolder(run).checks)
    silent = replace(checks[0].verdict, label="uncertain", abstained=True)
    RunFolder(run).checks.append([replace(checks[0], verdict=silent)])
    found = check(run, baseline)
    assert find_outcome(found, "missing_values_added").details == ("the verifier abstained",)
    assert find_outcome(found, "essential_facts_lost").details == ("a00/main (kept → no verdict): The main fact.",)
    RunFolder(run).scores.path.write_text("")
    missing = find_outcome(check(run, baseline), "missing_values_added")
    assert missing.details == ("no score in the run", "the verifier abstained")


def test_facts_are_compared_by_their_shares_of_the_samples(tmp_path: Path) -> None:
    """The run keeps the fact in one fewer sample, and contradicts it in as many."""
    samples: dict[str, tuple[Label, ...]] = {
        "baseline": ("supported", "supported", "contradicted"),
        "new": ("supported", "absent", "contradicted"),
    }
    for name, labels in samples.items():
        checks = RunFolder(write(tmp_path / name, plan(["supported"]))).checks
        first = next(iter(checks))
        verdicts = [replace(first.verdict, label=label) for label in labels]
        checks.append(replace(first, sample=at, verdict=verdict) for at, verdict in enumerate(verdicts))
    found = check(tmp_path / "new", tmp_path / "baseline")
    lost = "main (2 kept, 1 contradicted → 1 kept, 1 contradicted, 1 lost): The main fact."
    assert find_outcome(found, "essential_facts_lost").details == (lost,)
    assert find_outcome(found, "contradictions_added").verdict == "held"


def write_samples(folder: Path, values: list[float | None]) -> Path:
    """A run of one system on one article, with a sample for each value of fact recall."""
    path = write(folder, Plan({"lead": {"fact_recall": [0.5]}}))
    metrics, scores = open_runs(path)[0].metrics, RunFolder(path).scores
    scores.path.unlink()
    for sample, value in enumerate(values):
        row = dict.fromkeys(metrics, 1.0) | {"fact_recall": value}
        scores.append(Score("lead", "a00", sample, *each, "s", None if each[1] else "refused") for each in row.items())
    return path


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [([None], [None] * 3, "0"), ([0.5], [0.5, None], "0.5"), ([0.5, None], [0.5, 0.5, None, None], "0")],
)
def test_missing_samples_count_by_their_share(
    tmp_path: Path, before: list[float | None], after: list[float | None], more: str
) -> None:
    """Three samples without a value count as much as one."""
    baseline, run = write_samples(tmp_path / "baseline", before), write_samples(tmp_path / "new", after)
    found = find_outcome(check(run, baseline), "missing_values_added")
    assert found.reason == f"{more} more missing values than in the baseline; 0 allowed"
    assert (found.verdict, found.details) == (("held", ()) if more == "0" else ("broken", ("refused",)))


def test_missing_system_fails_the_gate_unless_left_out(tmp_path: Path) -> None:
    before = Plan({"lead": {"fact_recall": [0.5]}, "gone": {"fact_recall": [0.5]}})
    after = Plan({"lead": {"fact_recall": [0.5]}, "new": {"fact_recall": [0.1]}})
    found = run_gate(tmp_path, before, after)
    assert [(finding.rule, finding.system) for finding in found.failures] == [("systems", "gone")]
    assert [each.verdict for each in found.outcomes if each.system == "new"] == ["not checked"]
    paths = tmp_path / "new", tmp_path / "baseline"
    assert check(*paths, LoadedRules(Rules()).only(["lead"])).passed
    with pytest.raises(UsageError, match="the baseline has no system 'led'; did you mean 'lead'"):
        check(*paths, LoadedRules(Rules()).only(["led"]))


def test_other_systems_change_a_preference_among_all_systems(tmp_path: Path) -> None:
    values = {"fact_recall": [0.5]}
    scorers = {"fact_recall": "fact_recall|code:1", "preference": "preference|against:none|code:1"}
    baseline = write(tmp_path / "baseline", Plan({"lead": values}), scorers=scorers)
    run = write(tmp_path / "new", Plan({"lead": values, "new": values}), scorers={**scorers, "rouge": "rouge|code:1"})
    with pytest.raises(UsageError, match="scorer preference, compared systems: lead → lead, new") as refused:
        check(run, baseline)
    assert "rouge" not in str(refused.value)


WAVE = [0.01, -0.01, 0.02, -0.02, 0.015, -0.015, 0.005, -0.005, 0.01, -0.01]


@pytest.mark.parametrize(
    ("metric", "before", "change", "rules", "verdict"),
    [
        ("fact_recall", 0.6, 0.1, "metrics: {fact_recall: 0.05}", "held"),
        ("fact_recall", 0.6, -0.02, "metrics: {fact_recall: 0.05}", "held"),
        ("fact_recall", 0.6, -0.2, "metrics: {fact_recall: 0.05}", "broken"),
        # a mean that fell by less than the margin is not enough: the interval reaches beyond it
        ("fact_recall", 0.6, -0.02, "metrics: {fact_recall: 0.021}", "undecided"),
        # times 1.5 plus 0.1 allows 0.6 s more
        ("seconds", 1.0, 0.5, "latency: {times: 1.5, plus: 0.1}", "held"),
        ("seconds", 1.0, 0.9, "latency: {times: 1.5, plus: 0.1}", "broken"),
    ],
)
def test_margin_is_checked_against_the_interval(
    tmp_path: Path, metric: str, before: float, change: float, rules: str, verdict: str
) -> None:
    old = Plan({"lead": {metric: [before] * 10}})
    new = Plan({"lead": {metric: [before + change + step for step in WAVE]}})
    found = run_gate(tmp_path, old, new, rules)
    outcome = find_outcome(found, "latency" if metric == "seconds" else "metrics.fact_recall")
    assert outcome.verdict == verdict
    assert "95% interval" in outcome.reason
    assert found.passed == (verdict == "held")


def test_undecided_rule_can_warn(tmp_path: Path) -> None:
    before, after = plan(KEPT, [0.6, 0.6]), plan(["supported", "supported"], [0.6, 0.5])
    found = run_gate(tmp_path, before, after, "metrics: {fact_recall: 0.02}\nundecided: warn\n")
    assert find_outcome(found, "metrics.fact_recall").verdict == "undecided"
    assert found.passed
    lines = render_lines(found)
    assert lines[0] == "Gate passed: 4 checks, 1 undecided"
    assert any("metrics.fact_recall: undecided" in line for line in lines)


@pytest.mark.parametrize("undecided", ["fail", "warn"])
def test_one_article_names_changed_facts_instead_of_an_interval(tmp_path: Path, undecided: str) -> None:
    rules = f"metrics: {{fact_recall: 0.02}}\nundecided: {undecided}\n"
    found = run_gate(tmp_path, plan(["supported"], [0.6]), plan(["absent"], [0.4]), rules)
    recall = find_outcome(found, "metrics.fact_recall")
    assert recall.verdict == "undecided"
    assert "(no interval: an interval needs at least 8 articles, and there is 1)" in recall.reason
    assert recall.details == ("main (kept → lost): The main fact.",)
    lines = [line.strip() for line in render_lines(found)]
    assert lines.count("main (kept → lost): The main fact.") == lines.count("1 fact listed above") == 1
    assert "With only one article" in found.cautions[0]


def test_metric_without_values_is_not_checked(tmp_path: Path) -> None:
    nothing = Plan({"lead": {"fact_recall": [0.5] * 9, "seconds": [None] * 9}})
    found = find_outcome(run_gate(tmp_path, nothing, nothing, "latency: {times: 2}\n"), "latency")
    assert (found.verdict, found.reason) == ("not checked", "neither run has a value for Seconds")


def test_metric_missing_from_the_baseline_names_the_remedy(tmp_path: Path) -> None:
    folder = tmp_path / "baseline"
    config = {"articles": ["../articles.jsonl"], "models": {}, "scorers": ["fact_recall", "length"]}
    baseline = write(
        folder, plan(KEPT), config=config, scorers={"fact_recall": "fact_recall|code:1", "length": "length|code:1"}
    )
    run = write(tmp_path / "new", plan(KEPT))
    rules = load_rules(tmp_path, "metrics:\n  faithfulness: 0.02\n  words: 3\nlatency: {times: 2}\n")
    with pytest.raises(ConfigError) as refused:
        check(run, baseline, rules)
    first, second, third = str(refused.value).splitlines()
    assert "gate.yaml:2: metrics.faithfulness: the baseline" in first
    assert "has no metric 'faithfulness'" in first
    assert "harness score" in first
    assert "gate.yaml:3: metrics.words: this metric cannot get worse" in second
    assert "gate.yaml:4: latency: the baseline" in third
    assert "was scored without the scorer `cost`" in third
    assert "or write `latency: null` in the rules" in third
    found = check(run, baseline)  # the default rules take what is there
    assert (found.passed, find_outcome(found, "metrics.faithfulness").verdict) == (True, "not checked")


def test_gate_needs_the_importance_of_facts(tmp_path: Path) -> None:
    candidate, reference = open_runs(write(tmp_path / "new", plan(KEPT)), write(tmp_path / "baseline", plan(KEPT)))
    articles = tmp_path / "articles.jsonl"
    articles.write_text(articles.read_text("utf-8").replace("essential", "detail"), "utf-8")
    found = find_outcome(check(tmp_path / "new", tmp_path / "baseline"), "essential_facts_lost")
    assert (found.verdict, found.reason) == ("not checked", "the articles have no essential facts")
    articles.unlink()
    with pytest.raises(UsageError, match="a gate needs the articles"):
        gate(candidate, reference, gate_rules.load(None))


HOSTILE = "a|<b>\x1b[31m\ufffe&\"'"
FOUND = GateResult(
    run="new",
    baseline="base",
    rules="configs/gate.yaml",
    articles=1,
    outcomes=(
        RuleOutcome(
            "essential_facts_lost", "lead", "broken", "1 lost; none allowed", ("deal (supported → absent): No deal.",)
        ),
        RuleOutcome("essential_facts_lost", HOSTILE, "held", "none lost; none allowed"),
        RuleOutcome("metrics.fact_recall", "lead", "undecided", "one article lost 0.1"),
        RuleOutcome("latency", "human", "not checked", "neither run has a value for Seconds"),
    ),
    strict=True,
    differences=RunDifferences("base", "new", (), (RunDifference("models", "lead.sentences", "3", "2"),)),
    cautions=("With only one shared article, nothing is certain.",),
)


def render_lines(found: GateResult) -> list[str]:
    return terminal.render(document(found, every_check=False)).splitlines()


def test_reasons_come_first_with_fact_and_system() -> None:
    lines = [line.strip() for line in render_lines(FOUND)]
    assert lines[:5] == [
        "Gate failed: 3 checks, 1 broken, 1 undecided, in 1 system",
        "new against base · 1 article · configs/gate.yaml",
        "✗ lead, essential_facts_lost: 1 lost; none allowed",
        "deal (supported → absent): No deal.",
        "? lead, metrics.fact_recall: undecided: one article lost 0.1",
    ]
    assert "model lead, sentences: 3 → 2 (models lead.sentences)" in lines


def test_junit_has_a_case_per_system_and_rule_and_escapes_hostile_text() -> None:
    root = Xml.fromstring(junit(FOUND))  # noqa: S314  # our own document
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("4", "2", "1")
    suites = {suite.get("name"): suite for suite in root}
    assert list(suites) == ["essential_facts_lost", "metrics.fact_recall", "latency"]
    failed, passed = suites["essential_facts_lost"]
    failure = failed.find("failure")
    assert failure is not None
    assert failure.get("type") == "broken"
    assert (failure.text or "").endswith("deal (supported → absent): No deal.")
    assert passed.get("classname") == "a|<b>\\x1b[31m\\ufffe&\"'"
    assert suites["latency"][0].find("skipped") is not None
