"""A run in memory with given verdicts, and labels for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from builders import manifest

from harness.data.labels import PairKey
from harness.records import (
    Annotation,
    Article,
    Check,
    Fact,
    FactKind,
    Generation,
    Importance,
    Item,
    Label,
    Metric,
    Probabilities,
    Results,
    Shown,
    Span,
    Summary,
    System,
    Verdict,
)
from harness.trust.queue import list_tasks

S: Label = "supported"
C: Label = "contradicted"
A: Label = "absent"

KINDS: tuple[FactKind, ...] = ("event", "number")


@dataclass(frozen=True)
class WeightedLabel:
    """The label of a verdict, and the probability of that label."""

    label: Label
    probability: float = 1.0


Verdicts = Mapping[str, Mapping[str, Sequence[Label | WeightedLabel]]]
"""System → article → one verdict per fact; the facts are f0, f1, …"""


def run(
    verdicts: Verdicts, importance: Sequence[Importance] = (), verifier: str = "lexical", claims: Verdicts | None = None
) -> Results:
    """A run with these verdicts on facts, and ``claims`` on the sentences of each summary."""
    articles = list(dict.fromkeys(article for of_system in verdicts.values() for article in of_system))
    count = max(len(row) for of_system in verdicts.values() for row in of_system.values())
    levels = [*importance, *["supporting"] * count][:count]
    items = tuple(
        Item(
            Article(name, f"The town of {name} is old. It has a bridge."),
            facts=tuple(
                Fact(f"f{at}", f"Fact {at} of {name}.", level, KINDS[at % 2])  # type: ignore[arg-type]  # literals, by way of a list
                for at, level in enumerate(levels)
            ),
        )
        for name in articles
    )
    checks = [
        _check(use, system, article, at, _verdict(said, verifier))
        for system, of_system in verdicts.items()
        for article in of_system
        for use, said_of in (("coverage", verdicts), ("grounding", claims or {}))
        for at, said in enumerate(said_of.get(system, {}).get(article, ()))
    ]
    summaries = tuple(
        Summary(f"{system} {article}", system, article, 0, Generation("r", f"Summary of {article} by {system}."))
        for system, of_system in verdicts.items()
        for article in of_system
    )
    metrics = (Metric("fact_recall", "Fact recall"), Metric("faithfulness", "Faithfulness"))
    about = manifest(
        config={"scorers": ["fact_recall", "faithfulness"]},
        systems=tuple(System(name, name, "hf_causal", None, None, name) for name in verdicts),
        articles=dict.fromkeys(articles, "hash"),
        verifier=verifier,
    )
    return Results(about, items, summaries, tuple(checks), (), metrics)


def annotation(key: PairKey, label: Label, annotator: str = "ada", *, drawn: bool = True) -> Annotation:
    """A blind label of a pair; ``drawn``: whether the pair was drawn at random."""
    use, hypothesis, premise = key
    place = (f"{annotator} {hash(key)}", annotator, "2026-11-25T10:00:00+00:00", "a")
    probability = 0.5 if drawn else None
    return Annotation(*place, use, "f0", hypothesis, premise, label, Shown(True), probability=probability)


def add_labels(results: Results, said: Mapping[tuple[str, str, str], Label], annotator: str = "ada") -> Results:
    """Add a person's labels to a run: (system, article, fact or claim) → label."""
    asked = pair_keys(results)
    made = tuple(annotation(asked[place], label, annotator) for place, label in said.items())
    return replace(results, labels=(*results.labels, *made))


def pair_keys(results: Results) -> dict[tuple[str, str, str], PairKey]:
    """(system, article, fact or claim) → the key of its annotation task."""
    return {
        (check.system, check.article_id, check.target): task.pair_key
        for task in list_tasks(results)
        for check in task.checks
    }


def _check(use: str, system: str, article: str, at: int, verdict: Verdict) -> Check:
    if use == "grounding":
        stated = f"Claim {at} of {system} on {article}."
        return Check("k", system, article, 0, "grounding", str(at), stated, Span(0, 1, "S"), verdict)
    return Check("k", system, article, 0, "coverage", f"f{at}", f"Fact {at} of {article}.", None, verdict)


def _verdict(said: Label | WeightedLabel, verifier: str) -> Verdict:
    given = said if isinstance(said, WeightedLabel) else WeightedLabel(said)
    probability = 1 / 3 if given.label == "uncertain" else given.probability
    probabilities = dict.fromkeys(("supported", "contradicted", "absent"), (1 - probability) / 2)
    if given.label in probabilities:
        probabilities[given.label] = probability
    return Verdict(given.label, Probabilities(**probabilities), None, verifier)
