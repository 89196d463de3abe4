"""Find stale runs, by the hashes in their manifests.

A run is stale if its scoring was stopped, or if its articles, facts, references, labels, verifier or scorers changed
since it was scored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from harness import config as configs
from harness.config import RunConfig
from harness.data import articles, labels
from harness.data.runs.results import RunFolder, is_being_written
from harness.document.format import shorten_list
from harness.errors import HarnessError
from harness.files import as_argument, show
from harness.manifest import DataHashes, hash_items
from harness.records import Item, Manifest
from harness.stages.generate import count_unmade


def list_warnings(runs: Iterable[Path]) -> Iterator[str]:
    """Yield a warning for each stale run."""
    for path in runs:
        if changes := list_changes(RunFolder(path)):
            what = f"{', '.join(changes)} changed since {show(path)} was scored"
            yield f"{what}; to score it again: harness score {as_argument(path)}"


def list_changes(run: RunFolder) -> tuple[str, ...]:
    """List the changes since a run was scored, or none if it is being scored or its articles cannot be read."""
    with suppress(HarnessError):
        if not is_being_written(run.manifest, run.path):
            return find_changes(run)[0]
    return ()


def find_changes(folder: RunFolder) -> tuple[tuple[str, ...], frozenset[Path]]:
    """Describe the changes since a run was scored, and return the files of its articles and labels.

    Descriptions read like ``facts of bridge, flood``. A run that lacks summaries is never stale.
    Raises HarnessError if the changes cannot be determined.
    """
    manifest = folder.manifest
    config = configs.load_judging(manifest, folder.path)
    every = articles.load(*config.articles, limit=config.limit)
    items = every.select([name for name in manifest.articles if name in every.ids])
    current, _ = labels.load_labels(items, config.labels) if config.use_labels else ((), ())
    files = list_files(items, config.labels)
    lacks_verdicts = manifest.status == "interrupted" and count_unmade(manifest, folder.summaries) == 0
    if manifest.status != "complete" and not lacks_verdicts:
        return (), files
    changes = ["verdicts (scoring was stopped)"] if lacks_verdicts or manifest.finished is None else []
    changes += _iter_changes(manifest, config, hash_items(items), labels.hash_labels(current, manifest.articles))
    return tuple(changes), files


def list_files(items: Iterable[Item], labels_file: Path | None) -> frozenset[Path]:
    """List the files of articles and of their labels."""
    paths = ((item.article.path, labels.find_path(item.article, labels_file)) for item in items)
    return frozenset(Path(path) for pair in paths for path in pair if path)


def _iter_changes(manifest: Manifest, config: RunConfig, data: DataHashes, labels_hash: str) -> Iterator[str]:
    missing = [name for name in manifest.articles if name not in data.articles]
    if missing:
        yield f"{'article' if len(missing) == 1 else 'articles'} {shorten_list(missing, 3)} (not found)"
    elif manifest.contexts and manifest.contexts != data.contexts:
        yield "language of an article"
    for kind, then, now in (
        ("text", manifest.articles, data.articles),
        ("facts", manifest.facts, data.facts),
        ("references", manifest.references, data.references),
    ):
        if names := [name for name in then if name in now and then[name] != now[name]]:
            yield f"{kind} of {shorten_list(names, 3)}"
    if not missing and manifest.labels and manifest.labels != labels_hash:
        yield "labels"
    if manifest.verifier != config.verifier.signature():
        yield "verifier"
    signatures = {scorer.name: scorer.signature() for scorer in config.scorers}
    if names := [name for name, signature in signatures.items() if manifest.scorers.get(name) != signature]:
        yield f"{'scorer' if len(names) == 1 else 'scorers'} {shorten_list(names, 3)}"
