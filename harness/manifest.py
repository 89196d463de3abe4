"""Make and update the manifest of a run, which has everything needed to repeat the run."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from harness import config as configs
from harness import provenance
from harness.config import RunConfig
from harness.config.plan import Plan
from harness.data.runs.record_file import adapter
from harness.data.runs.results import FORMAT
from harness.errors import hide_keys
from harness.files import show
from harness.records import Annotation, Item, Manifest
from harness.signature import digest, file_digest


def begin(plan: Plan, folder: Path) -> Manifest:
    """Make the manifest of a run that starts now."""
    config = plan.config
    manifest = Manifest(
        format=FORMAT,
        name=config.name,
        status="running",
        started=now(),
        finished=None,
        seed=config.seed,
        config=configs.resolve(config, folder),
        config_file=config.file,
        overrides=_list_overrides(config),
        systems=plan.systems,
        articles={},
        references={},
        facts={},
        verifier="",
        scorers={},
        models={name: dict(model.depends()) for name, model in config.models.items()},
        packages=provenance.list_packages(),
        git=provenance.describe_git(Path.cwd()),
        machine=provenance.describe_machine(),
    )
    return update_judging(manifest, config, plan.items, folder)


def record_rescoring(manifest: Manifest, config: RunConfig, items: Collection[Item], folder: Path) -> Manifest:
    """Update the manifest after ``harness score``, and record the options of that command."""
    scored = update_judging(manifest, config, items, folder)
    if scored.config == manifest.config:
        return scored
    is_own = config.file == show(folder / "manifest.json")
    earlier = manifest.judged_by if is_own else (f"--config {config.file}",)
    options = tuple(f"--set {override}" for override in _list_overrides(config))
    return replace(scored, judged_by=(*(each for each in earlier if each not in options), *options))


def update_judging(manifest: Manifest, config: RunConfig, items: Collection[Item], folder: Path) -> Manifest:
    """Update the manifest with the current data, verifier and scorers."""
    kept = {name: value for name, value in manifest.config.items() if name != "labels"}  # the new config may have none
    judging = {**kept, **configs.resolve_judging(config, folder)}
    return replace(
        manifest,
        config=judging,
        **hash_items(items)._asdict(),
        contexts=hash_contexts(items),
        verifier=config.verifier.signature(),
        notices=(),
        agreement=config.verifier.agreement(),
        scorers={scorer.name: scorer.signature() for scorer in config.scorers},
    )


def _list_overrides(config: RunConfig) -> tuple[str, ...]:
    """Return the overrides of a config, without API keys and home folders."""
    home = str(Path.home())
    texts = config.layers.overrides
    if home != "/":
        of_home = re.compile(rf"(?<![\w.-]){re.escape(home)}(?![\w.-])")
        texts = tuple(of_home.sub("~", text) for text in texts)
    return tuple(map(hide_keys, texts))


def hash_origins(manifest: Manifest, labels: Sequence[Annotation], folder: Path) -> str:
    """Hash everything that a run's scores and reports depend on; '' if something failed."""
    if manifest.problems or manifest.status != "complete":
        return ""
    own = replace(
        manifest, articles={}, references={}, facts={}, started="", stages=(), notices=(), made_from="", files={}
    )
    hasher = hashlib.sha256(adapter(Manifest).dump_json(own))
    for kind in (manifest.articles, manifest.references, manifest.facts):
        for article, text in kind.items():
            hasher.update(f"{article}\0{text}\0".encode())
    for label in labels:
        hasher.update(label.id.encode())
    for path in (folder / name for name in ("summaries.jsonl", "verdicts.jsonl", "judgements.jsonl")):
        hasher.update(file_digest(path).encode() if path.exists() else b"none")
    hasher.update(provenance.hash_code().encode())
    return hasher.hexdigest()[:16]


class DataHashes(NamedTuple):
    """Hashes of a run's data: article id → hash of its text, of its references and of its facts."""

    articles: dict[str, str]
    references: dict[str, str]
    facts: dict[str, str]


def hash_items(items: Iterable[Item]) -> DataHashes:
    hashes = DataHashes({}, {}, {})
    for item in items:
        name = item.article.id
        hashes.articles[name] = hash_article(item)
        hashes.references[name] = digest([each.text for each in item.references])
        hashes.facts[name] = hash_facts(item)
    return hashes


def hash_article(item: Item) -> str:
    """Hash an article's text and title, on which summaries depend."""
    return digest(item.article.text, item.article.title)


def hash_contexts(items: Iterable[Item]) -> str:
    """Hash the articles' dates and languages, on which verdicts also depend. The order of articles has no effect."""
    hashes = (int(digest(item.article.id, *item.article.context), 16) for item in items)
    return f"{sum(hashes) % 2**64:016x}"


def hash_facts(item: Item) -> str:
    """Hash every fact without its evidence, because verdicts and reports do not depend on evidence."""
    return digest(
        [
            [fact.id, fact.statement, fact.importance, fact.kind, list(fact.accepted), list(fact.contradictions)]
            + ["unreviewed"] * fact.unreviewed
            for fact in item.facts
        ]
    )


def now() -> str:
    """Return the current UTC time in ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
