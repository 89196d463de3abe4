"""Comparison and gate go by people's labels where there are any, and say so."""

from __future__ import annotations

from pathlib import Path

import pytest
from stored_runs import SCORERS, Plan, opened, write

from harness.compare.comparison import MeasuredDifferentlyError, compare
from harness.compare.gate.gate import gate
from harness.compare.gate.rules import load
from harness.compare.report.words import cautions
from harness.compare.result import ComparisonOptions
from harness.compare.stored import StoredRun
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


def runs(tmp_path: Path, noted: str = "") -> tuple[StoredRun, StoredRun]:
    """A baseline and a run, of which a person finds a fact lost; ``noted``: the labels that both were scored by."""
    config = {"articles": ["../articles.jsonl"], "models": {}, "scorers": list(SCORERS), "labels": "../labels.jsonl"}
    for name, text in (("base", "As it was."), ("new", "As it is.")):
        plan = Plan(
            {"lead": {"fact_recall": [0.5, 0.5]}},
            labels={"lead": {"main": ["supported", "supported"]}},
            texts={"lead": [text, "The same."]},
        )
        write(tmp_path / name, plan, config=config, labels=noted)
    labels.append(tmp_path / "labels.jsonl", [annotation("As it is.", "absent")])
    (tmp_path / "gate.yaml").write_text("essential_facts_lost: 0\n", "utf-8")
    base, new = opened(tmp_path / "base", tmp_path / "new")
    return base, new


def test_a_fact_that_only_a_person_finds_lost_closes_the_gate_which_says_who_judged(tmp_path: Path) -> None:
    base, new = runs(tmp_path)
    found = gate(new, base, load(tmp_path / "gate.yaml"))
    assert [finding.rule for finding in found.failures] == ["essential_facts_lost"]
    assert SAID in found.cautions
    assert SAID in cautions(compare((base, new), ComparisonOptions(by="run")))


def test_runs_whose_labels_changed_since_they_were_scored_are_neither_compared_nor_gated(tmp_path: Path) -> None:
    """Else their facts would be by the labels of today, and their scores by those of then."""
    base, new = runs(tmp_path, noted=labels.digest_of([]))
    said = "new: people's labels have changed since it was scored."
    with pytest.raises(MeasuredDifferentlyError, match=rf"{said}\n(.|\n)*harness score --stale"):
        compare((base, new), ComparisonOptions(by="run"))
    with pytest.raises(MeasuredDifferentlyError, match=said):
        gate(new, base, load(tmp_path / "gate.yaml"))
    allowed = compare((base, new), ComparisonOptions(by="run", allow_different=True))
    assert said in allowed.people
    assert said in gate(new, base, load(tmp_path / "gate.yaml"), allow_different=True).cautions


def test_runs_that_nobody_judged_are_not_named() -> None:
    runs = [("new", 3, 1200), ("old", 0, 90), ("base", 90, 90)]
    assert people_judged(runs) == (
        "People judged 3 of 1,200 verdicts of new and all 90 verdicts of base; their labels count in place of the "
        "verifier's."
    )
    assert people_judged(runs[1:2]) == ""
