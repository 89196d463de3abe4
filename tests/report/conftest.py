"""A small run on two articles, with every role, every label, several samples and a failure."""

from __future__ import annotations

from dataclasses import replace

import memory_run
import pytest

from harness.records import Check, Generation, Label, Metric, Results, Role, Score, Span, Summary

FAILED = "the model gave nothing but white space"
LABELS: dict[str, Label] = {"s": "supported", "c": "contradicted", "a": "absent", "u": "uncertain"}
VERDICTS = {
    "lead": {"minerals": ("asa", "s"), "flood": ("sas", "s")},
    "human": {"minerals": ("ssa", "s"), "flood": ("aas", "s")},
    "human 1": {"minerals": ("sua", "s"), "flood": ("ssa", "s")},
    "human 2": {"minerals": ("aas", "s")},
    "smollm2/plain": {"minerals": ("acu", "cau"), "flood": ("caa", "ca")},
    "smollm2/key-facts": {"minerals": ("sas", "ss"), "flood": ("aaa", "s")},
    "broken/plain": {"minerals": ("aaa", "a"), "flood": ("", "")},
}
"""System, with a sample number if it has several → article → labels of facts and labels of claims, as first letters."""
ROLES: dict[str, Role] = {"lead": "floor", "human": "ceiling"}
METRICS = (
    Metric("rouge1", "ROUGE-1", headline=True),
    Metric("fact_recall", "Fact recall", headline=True),
    Metric("seconds", "Seconds", better="lower", format="seconds"),
)


def read_labels(place: int) -> memory_run.Verdicts:
    """The labels of facts (0) or claims (1)."""
    return {
        name: {article: [LABELS[letter] for letter in cell[place]] for article, cell in cells.items()}
        for name, cells in VERDICTS.items()
    }


def split_name(name: str) -> tuple[str, int]:
    system, _, sample = name.partition(" ")
    return system, int(sample or 0)


def finish_summary(made: Summary) -> Summary:
    """Give human summaries a reference id, and let one summary fail."""
    system, sample = split_name(made.system)
    generation = replace(made.generation, reference_id=f"r{sample}" if system == "human" else None)
    if (system, made.article_id) == ("broken/plain", "flood"):
        generation = Generation("r", None, FAILED)
    return replace(made, system=system, sample=sample, generation=generation)


def finish_check(made: Check) -> Check:
    """Give claims evidence, except absent ones."""
    system, sample = split_name(made.system)
    passage = f"The town of {made.article_id} is old."
    has_evidence = made.use == "grounding" and made.verdict.label != "absent"
    evidence = Span(0, len(passage), passage) if has_evidence else None
    return replace(made, system=system, sample=sample, verdict=replace(made.verdict, evidence=evidence))


def make_scores(summary: Summary, checks: list[Check]) -> list[Score]:
    kept = sum(check.verdict.label == "supported" for check in checks if check.use == "coverage")
    values = (0.5, kept / 3, 1.25) if summary.text else (None, None, None)
    scored = zip(METRICS, values, strict=True)
    return [Score(*summary.place, metric.name, value, "s", summary.reason) for metric, value in scored]


@pytest.fixture(scope="session")
def results() -> Results:
    """The run; frozen, so that one serves all tests. Variants are made with ``dataclasses.replace``."""
    made = memory_run.run(read_labels(0), ("essential", "essential", "supporting"), claims=read_labels(1))
    systems = [system for system in made.manifest.systems if " " not in system.name]
    systems = [replace(system, role=ROLES.get(system.name, "system")) for system in systems]
    summaries = [finish_summary(summary) for summary in made.summaries]
    checks = [finish_check(check) for check in made.checks]
    scores = [
        score
        for summary in summaries
        for score in make_scores(summary, [check for check in checks if check.place == summary.place])
    ]
    manifest = replace(made.manifest, systems=tuple(systems), problems=(f"broken/plain on flood: {FAILED}",))
    return replace(made, manifest=manifest, summaries=summaries, checks=checks, scores=scores, metrics=METRICS)
