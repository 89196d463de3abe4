"""Small finished runs on disk, built from tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from builders import manifest

from harness.compare.comparison import Comparison, ComparisonOptions, compare
from harness.compare.stored import StoredRun, open_all
from harness.data.runs.results import RunFolder
from harness.records import Check, Generation, Label, Manifest, Probabilities, Score, Summary, System, Use, Verdict

SCORERS = ("fact_recall", "faithfulness", "length", "cost")
FACTS = {"main": "essential", "place": "supporting"}

Values = Mapping[str, Mapping[str, Sequence[float | None]]]
"""System → metric → one value per article."""
Labels = Mapping[str, Mapping[str, Sequence[Label | None]]]
"""System → fact → one label per article; None means no verdict."""


@dataclass(frozen=True)
class Plan:
    """The contents of a run; everything else is filled in."""

    values: Values
    labels: Labels = field(default_factory=dict)
    texts: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    """System → one text per article; None is a refusal."""
    prompts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """System → model and prompt, for systems that have a prompt."""
    claims: Mapping[str, Sequence[Label]] = field(default_factory=dict)
    """System → the label of the single claim, per article."""
    articles: Sequence[str] = ()
    """Ids (default: a00, a01, …)."""


def write(path: Path, plan: Plan, **changes: Any) -> Path:
    """Write the run to a folder, with its articles in a file next to it; ``changes`` are fields of the manifest."""
    count = max(len(row) for metrics in plan.values.values() for row in metrics.values())
    ids = list(plan.articles) or [f"a{number:02}" for number in range(count)]
    path.mkdir(parents=True)
    facts = [{"id": name, "statement": f"The {name} fact.", "importance": level} for name, level in FACTS.items()]
    rows = [json.dumps({"id": name, "text": f"The text of {name}.", "facts": facts}) for name in ids]
    articles = path.parent / "articles.jsonl"
    known = articles.read_text("utf-8").splitlines() if articles.exists() else []
    articles.write_text("".join(f"{row}\n" for row in dict.fromkeys([*known, *rows])), encoding="utf-8")
    folder = RunFolder(path)
    folder.summaries.append(summary for system in plan.values for summary in _summaries(plan, system, ids))
    folder.checks.append(check for system in plan.values for check in _checks(plan, system, ids))
    folder.scores.append(
        Score(system, article, 0, metric, value, "s", None if value is not None else "the model refused")
        for system, metrics in plan.values.items()
        for metric, values in metrics.items()
        for article, value in zip(ids, values, strict=False)
    )
    folder.write_manifest(replace(_manifest(path.name, plan, ids), **changes))
    return path


def compare_plans(folder: Path, *plans: Plan, **options: Any) -> Comparison:
    """Compare the runs ``old`` and ``new``, or the systems of one run, after writing them."""
    names = ("old", "new") if len(plans) > 1 else ("run",)
    paths = [write(folder / name, plan) for name, plan in zip(names, plans, strict=True)]
    return compare(open_runs(*paths), ComparisonOptions("run" if len(plans) > 1 else "system", **options))


def open_runs(*paths: Path) -> tuple[StoredRun, ...]:
    return open_all(paths)


def _manifest(name: str, plan: Plan, ids: Sequence[str]) -> Manifest:
    return manifest(
        name=name,
        config={"articles": ["../articles.jsonl"], "models": {}, "scorers": list(SCORERS)},
        config_file=f"configs/{name}.yaml",
        systems=tuple(_system(system, plan) for system in plan.values),
        articles={article: f"text of {article}" for article in ids},
        references=dict.fromkeys(ids, "references"),
        facts=dict.fromkeys(ids, "facts"),
        verifier="lexical|threshold:0.5|code:1",
        scorers={kind: f"{kind}|code:1" for kind in SCORERS},
    )


def _system(name: str, plan: Plan) -> System:
    model, prompt = plan.prompts.get(name, (name, None))
    if prompt is None:
        return System(name, model, "lead", None, None, f"{model}|code:1", "floor")
    return System(name, model, "hf_causal", prompt, None, f"{model}|code:1")


def _summaries(plan: Plan, system: str, ids: Sequence[str]) -> list[Summary]:
    texts = plan.texts.get(system, [f"Summary of {article}." for article in ids])
    return [
        Summary(f"{system}-{article}", system, article, 0, Generation("r", text, None if text else "refused"))
        for article, text in zip(ids, texts, strict=False)
    ]


def _checks(plan: Plan, system: str, ids: Sequence[str]) -> list[Check]:
    def check(article: str, use: Use, target: str, hypothesis: str, label: Label) -> Check:
        verdict = Verdict(label, Probabilities(0.5, 0.2, 0.3), None, "lexical")
        return Check("k", system, article, 0, use, target, hypothesis, None, verdict)

    of_facts = [
        check(article, "coverage", name, f"The {name} fact.", label)
        for name, labels in plan.labels.get(system, {}).items()
        for article, label in zip(ids, labels, strict=True)
        if label
    ]
    claims = zip(ids, plan.claims.get(system, ()), strict=False)
    return of_facts + [check(article, "grounding", "0", f"Summary of {article}.", label) for article, label in claims]
