"""Find stale runs, by the hashes in their manifests.

A run is stale if its scoring was stopped, or if facts, references, labels, verifier, scorers, or an article's text,
date or language changed since the run was scored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Literal

from harness import config as configs
from harness import manifest as manifests
from harness.config import RunConfig
from harness.data import articles, labels
from harness.data.runs.results import RunFolder
from harness.errors import HarnessError
from harness.manifest import DataHashes
from harness.records import Manifest
from harness.stages.generate import has_all_summaries

Kind = Literal["verdicts", "missing", "article", "context", "facts", "references", "labels", "verifier", "scorers"]

_SHOWN = 3
"""Maximum number of articles that a message names."""
_QUICK = 200
"""Maximum number of articles of a run that ``find_quick_changes`` examines."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of something that a run depends on."""

    kind: Kind
    names: tuple[str, ...] = ()
    """The changed articles or scorers; empty if the change concerns the whole run."""

    def __str__(self) -> str:
        """Describe the change: ``facts of bridge, flood``."""
        if self.kind == "verdicts":
            return "verdicts, because scoring was stopped"
        if self.kind == "context":
            return "date or language of an article"
        rest = len(self.names) - _SHOWN
        names = f"{', '.join(self.names[:_SHOWN])}{f' and {rest:,} more' if rest > 0 else ''}"
        if self.kind == "missing":
            return f"article {names} is not found here" if len(self.names) == 1 else f"articles not found here: {names}"
        return f"{'text' if self.kind == 'article' else self.kind}{f' of {names}' if names else ''}"


@dataclass(frozen=True, slots=True)
class Today:
    """The data with which a run would be scored now."""

    data: DataHashes
    labels: str
    """Hash of people's labels."""
    files: frozenset[Path]
    """The files of articles and labels."""


def find_changes(folder: RunFolder) -> tuple[Change, ...]:
    """Find what changed since a run was scored; HarnessError if that cannot be determined."""
    return compare_with_today(folder)[0]


def compare_with_today(folder: RunFolder) -> tuple[tuple[Change, ...], Today]:
    """Return the changes since a run was scored, and the current data; no changes if the run lacks summaries."""
    manifest = folder.manifest
    config = configs.load_judging(manifest, folder.path)
    today = _read_today(config, manifest.articles)
    lacks_verdicts = manifest.status == "interrupted" and has_all_summaries(folder.summaries)
    if manifest.status != "complete" and not lacks_verdicts:
        return (), today
    verdicts = [Change("verdicts")] if lacks_verdicts or manifest.finished is None else []
    return (*verdicts, *_iter_changes(manifest, config, today)), today


def find_quick_changes(folders: Iterable[RunFolder], seconds: float = 2.0) -> dict[Path, tuple[Change, ...]]:
    """Find what changed in each complete run, newest run first, until the time is up.

    The result leaves out large runs, and runs for which no time is left. A run that cannot be rescored counts as
    unchanged.
    """
    ends = monotonic() + seconds
    changes_of: dict[Path, tuple[Change, ...]] = {}
    complete: list[tuple[RunFolder, Manifest]] = []
    for folder in folders:
        with suppress(HarnessError):
            if manifest := folder.complete_manifest:
                complete.append((folder, manifest))
    for folder, manifest in sorted(complete, key=lambda each: each[1].started, reverse=True):
        if len(manifest.articles) <= _QUICK and monotonic() < ends:
            changes_of[folder.path] = ()
            with suppress(HarnessError):
                changes_of[folder.path] = find_changes(folder)
    return changes_of


def _read_today(config: RunConfig, names: Collection[str]) -> Today:
    """Read the current data of these articles, without deleted ones; HarnessError if an article is unreadable."""
    every = articles.load(*config.articles, limit=config.limit)
    items = every.select([name for name in names if name in every.ids])
    current, _ = labels.load_labels(items, config.labels) if config.use_labels else ((), ())
    places = {labels.find_path(item.article, config.labels) for item in items}
    files = {Path(item.article.path) for item in items if item.article.path} | {place for place in places if place}
    return Today(manifests.hash_items(items), labels.hash_labels(current), frozenset(files))


def _iter_changes(manifest: Manifest, config: RunConfig, today: Today) -> Iterator[Change]:
    missing = tuple(name for name in manifest.articles if name not in today.data.articles)
    if missing:
        yield Change("missing", missing)
    elif manifest.contexts and manifest.contexts != today.data.contexts:
        yield Change("context")
    hashes: dict[Kind, tuple[Mapping[str, str], Mapping[str, str]]] = {
        "article": (manifest.articles, today.data.articles),
        "facts": (manifest.facts, today.data.facts),
        "references": (manifest.references, today.data.references),
    }
    for kind, (then, now) in hashes.items():
        if names := tuple(name for name in then if name in now and then[name] != now[name]):
            yield Change(kind, names)
    if not missing and manifest.labels and manifest.labels != today.labels:
        yield Change("labels")
    if manifest.verifier != config.verifier.signature():
        yield Change("verifier")
    signatures = {scorer.name: scorer.signature() for scorer in config.scorers}
    if names := tuple(name for name, signature in signatures.items() if manifest.scorers.get(name) != signature):
        yield Change("scorers", names)
