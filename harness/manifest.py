"""Make and update the manifest of a run, which has everything needed to repeat the run."""

from __future__ import annotations

import hashlib
import platform
import re
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from harness import __version__
from harness.config import RunConfig
from harness.config.plan import Plan
from harness.config.resolve import resolve, resolve_judging
from harness.cores import count_cores
from harness.data.runs.record_file import adapter
from harness.data.runs.results import FORMAT
from harness.errors import hide_keys
from harness.files import show
from harness.records import Item, Manifest, Results
from harness.signature import digest, file_digest


def begin(plan: Plan, folder: Path) -> Manifest:
    """Make the manifest of a run that starts now."""
    config = plan.config
    return Manifest(
        format=FORMAT,
        name=config.name,
        status="running",
        started=now(),
        finished=None,
        seed=config.seed,
        config=resolve(config, folder),
        config_file=config.file,
        overrides=_list_overrides(config),
        systems=plan.systems,
        models={name: dict(model.depends()) for name, model in config.models.items()},
        packages=_list_packages(),
        git=_describe_git(),
        machine=describe_machine(),
        **_describe_judging(config, plan.items),
    )


def record_rescoring(manifest: Manifest, config: RunConfig, items: Iterable[Item], folder: Path) -> Manifest:
    """Update the manifest after ``harness score``: the data, verifier and scorers, and the options of the command."""
    # drop the old labels, because the new config may set none
    kept = {name: value for name, value in manifest.config.items() if name != "labels"}
    settings = {**kept, **resolve_judging(config, folder)}
    options = manifest.judged_by
    if settings != manifest.config:
        earlier = options if config.file == show(folder / "manifest.json") else (f"--config {config.file}",)
        given = tuple(f"--set {override}" for override in _list_overrides(config))
        options = (*(each for each in earlier if each not in given), *given)
    return replace(manifest, config=settings, judged_by=options, notices=(), **_describe_judging(config, items))


def _describe_judging(config: RunConfig, items: Iterable[Item]) -> dict[str, Any]:
    """Return the fields of the manifest about the data, the verifier and the scorers."""
    return {
        **hash_items(items)._asdict(),
        "verifier": config.verifier.signature(),
        "agreement": config.verifier.agreement(),
        "scorers": {scorer.name: scorer.signature() for scorer in config.scorers},
    }


def _list_overrides(config: RunConfig) -> tuple[str, ...]:
    """Return the overrides of a config, without API keys and home folders."""
    home = str(Path.home())
    texts = config.layers.overrides
    if home != "/":
        home_pattern = re.compile(rf"(?<![\w.-]){re.escape(home)}(?![\w.-])")
        texts = tuple(home_pattern.sub("~", text) for text in texts)
    return tuple(map(hide_keys, texts))


@cache
def _list_packages() -> dict[str, str]:
    """Return the installed versions of harness and its declared dependencies."""
    versions = {"python": platform.python_version(), "harness": __version__}
    with suppress(metadata.PackageNotFoundError):  # without an installation, there is no metadata
        for requirement in metadata.requires("fact-harness") or ():
            name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
            with suppress(metadata.PackageNotFoundError):
                versions[name] = metadata.version(name)
    return versions


def _describe_git() -> dict[str, str]:
    """Return the commit of the working directory, and whether it has changes; empty outside a repository."""
    commit = _run_git("rev-parse", "HEAD")
    if commit is None:
        return {}
    return {"commit": commit, "dirty": "yes" if _run_git("status", "--porcelain", "--untracked-files=no") else "no"}


def _run_git(*arguments: str) -> str | None:
    command = ["git", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603  # fixed
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def describe_machine() -> dict[str, str]:
    """Return the system, the processor and the number of usable cores."""
    processor = platform.processor()
    with suppress(OSError):
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        if match := re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE):
            processor = match[1]
    cores = str(count_cores())
    return {"system": f"{platform.system()} {platform.machine()}", "processor": processor, "cores": cores}


def hash_origins(run: Results, folder: Path) -> str:
    """Hash all that a run's scores and reports depend on, or return '' if the run is incomplete or has problems."""
    if run.manifest.problems or run.manifest.status != "complete":
        return ""
    origins = replace(run.manifest, started="", finished=None, stages=(), made_from="", files={})
    hasher = hashlib.sha256(adapter(Manifest).dump_json(origins))
    for label in run.labels:
        hasher.update(label.id.encode())
    for item in run.items:  # the manifest's hashes lack what only reports show, e.g. the evidence of facts
        hasher.update(adapter(Item).dump_json(replace(item, article=replace(item.article, path=""))))
    for path in (folder / name for name in ("summaries.jsonl", "verdicts.jsonl", "judgements.jsonl")):
        hasher.update(file_digest(path).encode() if path.exists() else b"none")
    hasher.update(_hash_code())
    return hasher.hexdigest()[:16]


@cache
def _hash_code() -> bytes:
    """Hash all files of harness, including templates and word lists."""
    hasher = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            hasher.update(path.read_bytes())
    return hasher.digest()


class DataHashes(NamedTuple):
    """Hashes of a run's data; the fields are those of the manifest."""

    articles: dict[str, str]
    references: dict[str, str]
    facts: dict[str, str]
    contexts: str


def hash_items(items: Iterable[Item]) -> DataHashes:
    """Hash the data of each article. Evidence is left out, because verdicts and scores do not depend on it."""
    hashes = DataHashes({}, {}, {}, "")
    contexts = 0
    for item in items:
        name = item.article.id
        hashes.articles[name] = hash_article(item)
        hashes.references[name] = digest([each.text for each in item.references])
        hashes.facts[name] = digest(
            [
                [fact.id, fact.statement, fact.importance, fact.kind, list(fact.accepted), list(fact.contradictions)]
                + ["unreviewed"] * fact.unreviewed
                for fact in item.facts
            ]
        )
        contexts += int(digest(name, *item.article.context), 16)  # a sum does not depend on the order of articles
    return hashes._replace(contexts=f"{contexts % 2**64:016x}")


def hash_article(item: Item) -> str:
    """Hash an article's text and title, on which summaries depend."""
    return digest(item.article.text, item.article.title)


def now() -> str:
    """Return the current UTC time in ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
