"""``compare`` and ``gate`` use people's labels only if these cover every verdict of every run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from memory_run import annotation
from stored_runs import SCORERS, Plan, open_runs, write

from harness.compare.comparison import ComparisonOptions, compare
from harness.compare.gate import gate
from harness.compare.gate.rules import load
from harness.compare.report.answer import list_cautions
from harness.compare.run_differences import MeasuredDifferentlyError
from harness.compare.stored import StoredRun
from harness.data import labels
from harness.data.labels import pair_key
from harness.data.runs.results import RunFolder
from harness.records import Label, Score


def runs(
    tmp_path: Path, said: dict[str, Label], facts: Sequence[str] = ("main",), recorded: str = ""
) -> tuple[StoredRun, StoredRun]:
    """A baseline and a run whose verifier keeps the facts; ``said`` are people's labels of the main one by summary.

    ``recorded``: the hash of the labels that both were scored with.
    """
    config = {"articles": ["../articles.jsonl"], "models": {}, "scorers": list(SCORERS), "labels": "../labels.jsonl"}
    for name in ("base", "new"):
        plan = Plan(
            {"lead": {"words": [3.0]}}, {"lead": {each: ["supported"] for each in facts}}, {"lead": [f"By {name}."]}
        )
        folder = write(tmp_path / name, plan, config=config, labels=recorded)
        by_people = 0.0 if said.get(f"By {name}.") == "absent" else 0.9
        scores = [Score("lead", "a00", 0, "fact_recall", by_people, "s", automatic=0.9 if not by_people else None)]
        RunFolder(folder).scores.append(scores)
    given = [annotation(pair_key("coverage", "The main fact.", text), label) for text, label in said.items()]
    labels.append({tmp_path / "labels.jsonl": [replace(each, article_id="a00") for each in given]})
    (tmp_path / "gate.yaml").write_text("essential_facts_lost: 0\nmissing_values_added: null\nmetrics: {}\n", "utf-8")
    base, new = open_runs(tmp_path / "base", tmp_path / "new")
    return base, new


@pytest.mark.parametrize(
    ("said", "facts", "recall", "failed"),
    [
        ({"By new.": "absent"}, ["main"], (0.9, 0.9), []),
        ({"By base.": "supported", "By new.": "absent"}, ["main", "place"], (0.9, 0.9), []),
        ({"By base.": "supported", "By new.": "absent"}, ["main"], (0.9, 0.0), ["essential_facts_lost"]),
    ],
)
def test_labels_count_only_if_they_cover_all_verdicts(
    tmp_path: Path, said: dict[str, Label], facts: list[str], recall: tuple[float, float], failed: list[str]
) -> None:
    """A label on only one of two equal runs must not make a difference."""
    base, new = runs(tmp_path, said, facts)
    found = compare((base, new), ComparisonOptions("run", metrics=("fact_recall",)))
    pairwise, gated = found.leaderboards[0].comparisons[0], gate(new, base, load(tmp_path / "gate.yaml"))
    assert (pairwise.differences["fact_recall"].before, pairwise.differences["fact_recall"].after) == recall
    assert len(pairwise.facts.changes) == len(failed)
    assert ([outcome.rule for outcome in gated.failures], gated.passed) == (failed, not failed)
    counts = f"{len(said) - 1} of {len(facts)} verdicts of base and 1 of {len(facts)} verdicts of new"
    partly = [each for each in list_cautions(found) if counts in each]
    assert len(partly) == (not failed)
    assert set(partly) <= set(gated.cautions)


def test_labels_that_cannot_be_read_do_not_count(tmp_path: Path) -> None:
    """Only one run has a label, but without the articles, nobody can tell."""
    pair = runs(tmp_path, {"By new.": "absent"}, recorded="0123")
    (tmp_path / "articles.jsonl").unlink()
    found = compare(pair, ComparisonOptions("run", metrics=("fact_recall",)))
    difference = found.leaderboards[0].comparisons[0].differences["fact_recall"]
    assert (difference.before, difference.after) == (0.9, 0.9)
    assert found.verdict_note.startswith("People's labels of base and new cannot be read")


def test_labels_that_changed_since_scoring_are_refused(tmp_path: Path) -> None:
    base, new = runs(tmp_path, {"By base.": "supported", "By new.": "absent"}, recorded=labels.hash_labels([], []))
    for attempt in (
        lambda: compare((base, new), ComparisonOptions("run")),
        lambda: gate(new, base, load(tmp_path / "gate.yaml")),
    ):
        with pytest.raises(MeasuredDifferentlyError, match=r"new: people's labels have changed(.|\n)*score --stale"):
            attempt()
    allowed = compare((base, new), ComparisonOptions("run", allow_different=True))
    assert "people's labels have changed" in allowed.verdict_note


def test_changed_labels_do_not_matter_to_the_verifier_alone(tmp_path: Path) -> None:
    base, new = runs(tmp_path, {"By new.": "absent"}, recorded=labels.hash_labels([], []))
    assert compare((base, new), ComparisonOptions("run")).run_differences[0].measures == ()
