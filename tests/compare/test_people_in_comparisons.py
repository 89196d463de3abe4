"""Comparison and gate go by people's labels where there are any, and say so."""

from __future__ import annotations

from pathlib import Path

from stored_runs import SCORERS, Plan, opened, write

from harness.compare.comparison import compare
from harness.compare.gate.gate import gate
from harness.compare.gate.rules import load
from harness.compare.report.words import cautions
from harness.compare.result import ComparisonOptions
from harness.data import labels
from harness.data.labels.pair_key import pair_key
from harness.document.labels import people_judged
from harness.records import Annotation, Label, Shown

SAID = "People judged 1 of 2 verdicts of new; their labels count in place of the verifier's."


def annotation(summary: str, label: Label) -> Annotation:
    question = pair_key("coverage", "The main fact.", summary)
    return Annotation(
        "1", "ada", "2026-11-25T10:00:00+00:00", "a00", "coverage", "main", *question[1:], label, Shown(True),
        premise=summary,
    )  # fmt: skip  # one record


def test_a_fact_that_only_a_person_finds_lost_closes_the_gate_which_says_who_judged(tmp_path: Path) -> None:
    config = {"articles": ["../articles.jsonl"], "models": {}, "scorers": list(SCORERS), "labels": "../labels.jsonl"}
    for name, text in (("base", "As it was."), ("new", "As it is.")):
        plan = Plan(
            {"lead": {"fact_recall": [0.5, 0.5]}},
            labels={"lead": {"main": ["supported", "supported"]}},
            texts={"lead": [text, "The same."]},
        )
        write(tmp_path / name, plan, config=config)
    labels.append(tmp_path / "labels.jsonl", [annotation("As it is.", "absent")])
    (tmp_path / "gate.yaml").write_text("essential_facts_lost: 0\n", "utf-8")
    base, new = opened(tmp_path / "base", tmp_path / "new")
    found = gate(new, base, load(tmp_path / "gate.yaml"))
    assert [finding.rule for finding in found.failures] == ["essential_facts_lost"]
    assert SAID in found.cautions
    assert SAID in cautions(compare((base, new), ComparisonOptions(by="run")))


def test_runs_that_nobody_judged_are_not_named() -> None:
    runs = [("new", 3, 1200), ("old", 0, 90), ("base", 90, 90)]
    assert people_judged(runs) == (
        "People judged 3 of 1,200 verdicts of new and all 90 verdicts of base; their labels count in place of the "
        "verifier's."
    )
    assert people_judged(runs[1:2]) == ""
