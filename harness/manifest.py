"""The manifest of a run: what it was made from and by, enough to repeat it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from harness import config as configs
from harness import provenance
from harness.config import RunConfig
from harness.data.results import FORMAT
from harness.plan import Plan
from harness.records import Item, Manifest
from harness.signature import digest


def begin(plan: Plan, folder: Path) -> Manifest:
    """The manifest of a run that starts now."""
    config = plan.config
    manifest = Manifest(
        format=FORMAT,
        name=config.name,
        status="running",
        started=now(),
        finished=None,
        seed=config.seed,
        config=configs.resolved(config, folder),
        config_file=config.file,
        systems=plan.systems,
        articles={},
        references={},
        facts={},
        verifier="",
        scorers={},
        models={name: dict(model.depends()) for name, model in config.models.items()},
        packages=provenance.packages(),
        git=provenance.git(Path.cwd()),
        machine=provenance.machine(),
    )
    return judged_by(manifest, config, plan.items)


def judged_by(manifest: Manifest, config: RunConfig, items: Sequence[Item]) -> Manifest:
    """The manifest with the data, the verifier, the claims and the scorers of today."""
    return replace(
        manifest,
        config={**manifest.config, "claims": config.claims},
        articles={item.article.id: article_hash(item) for item in items},
        references={item.article.id: digest([reference.text for reference in item.references]) for item in items},
        facts={item.article.id: facts_hash(item) for item in items},
        verifier=config.verifier.signature(),
        agreement=config.verifier.agreement(),
        scorers={scorer.kind(): scorer.signature() for scorer in config.scorers},
    )


def article_hash(item: Item) -> str:
    """What summaries depend on: text and title."""
    return digest(item.article.text, item.article.title)


def facts_hash(item: Item) -> str:
    """What verdicts depend on: statements, accepted wordings, contradictions, importance and kind."""
    return digest(
        [
            [fact.id, fact.statement, fact.importance, fact.kind, list(fact.accepted), list(fact.contradictions)]
            for fact in item.facts
        ]
    )


def now() -> str:
    """The time in ISO 8601, to the second, in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")
