"""Limit what the manifest of an existing run may name, because a results folder may come from anyone.

Without ``--trust``, commands on an existing run use only built-in plugins and packaged models, and contact no server.
They read only articles and labels in the working folder or the run's project. harness trusts the runs you made here.
``HARNESS_HOME/trusted`` has a hash of each trusted run's folder and of what its manifest names, so harness trusts
neither a copy of the run nor a manifest that names something else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harness import plugins
from harness.config.layers import Layers, find_variables
from harness.data.articles import sources
from harness.data.articles.sources import DataSet, Table
from harness.data.yaml import Key, format_key, iter_children
from harness.errors import DataError, RunFolderError
from harness.files import as_argument, show
from harness.seams import Located, Plugin, Scorer, Verifier, expand_home
from harness.weights.store import home

_NAMED = ("articles", "labels", "verifier", "scorers")
"""The config keys in a manifest that matter when a command works on an existing run."""


def require_trust(layers: Layers, folder: Path) -> None:
    """Raise RunFolderError if a run's manifest names anything that needs trust, unless the user trusts the run.

    The user's own overrides (``--set``) need no trust.
    """
    untrusted = [
        (key, message)
        for key, message in _find_untrusted(layers, folder)
        if not any(layers.is_override(*key[:length]) for length in range(1, len(key) + 1))
    ]
    if untrusted and not is_trusted(folder):
        listing = "\n".join(f"  {format_key(key)}: {message}" for key, message in untrusted)
        raise RunFolderError(
            f"{show(folder)} was made elsewhere, copied or moved, so harness refuses what its manifest.json asks for:\n"
            f"{listing}\n"
            f"To allow this, add --trust to the command (score, compare, gate, export, agreement, label, meta-eval, "
            f"calibrate); harness then trusts the folder until these lines change. Or score the run with a config of "
            f"your own: harness score {as_argument(folder)} --config CONFIG",
            [layers.problem(key, message) for key, message in untrusted],
        )


def trust_run(folder: Path) -> None:
    """Record that the user trusts what this run's manifest names now; raise RunFolderError if that fails."""
    if is_trusted(folder):
        return
    path = home() / "trusted"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="ascii") as file:
            file.write(f"{_hash_run(folder)}\n")
    except (OSError, ValueError, AttributeError) as error:
        remedy = "set HARNESS_HOME to a folder that you can write to"
        raise RunFolderError(f"cannot record in {path} that you trust {show(folder)}: {error}; {remedy}") from None


def is_trusted(folder: Path) -> bool:
    """True if the user made or trusted this run here, and its manifest still names the same things."""
    try:
        return _hash_run(folder) in (home() / "trusted").read_text("ascii").split()
    except (OSError, ValueError, AttributeError, RecursionError):  # nothing trusted yet, or no readable manifest
        return False


def may_read(path: Path, folder: Path) -> bool:
    """True if harness may read the articles that a run's manifest names, and edit their facts."""
    return _is_within(path, folder) or is_trusted(folder)


def _hash_run(folder: Path) -> str:
    config = json.loads((folder / "manifest.json").read_text("utf-8")).get("config", {})
    named = json.dumps([str(folder.resolve()), {name: config.get(name) for name in _NAMED}], sort_keys=True)
    return hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()


def _find_untrusted(layers: Layers, folder: Path) -> Iterator[tuple[Key, str]]:
    """Yield (key, message) for everything that needs trust."""
    data = layers.data
    articles, scorers = data.get("articles"), data.get("scorers")
    for at, entry in enumerate(articles if isinstance(articles, list) else [articles]):
        yield from ((("articles", at), message) for message in _check_articles(entry, layers, folder))
    labels = data.get("labels")
    if labels not in (None, "none"):
        path = labels.folder / expand_home(labels) if isinstance(labels, Located) else Path(str(labels))
        if not _is_within(path, folder) or path.suffix != ".jsonl":
            yield ("labels",), f"labels would go to {labels}, which is not a .jsonl file inside your folders"
    for at, entry in enumerate(scorers if isinstance(scorers, list) else ()):
        yield from _check_plugin(Scorer, entry, ("scorers", at))
    yield from _check_plugin(Verifier, data.get("verifier"), ("verifier",))
    for name in _NAMED:
        yield from _check_variables(layers.written.get(name), (name,))


def _check_articles(entry: object, layers: Layers, folder: Path) -> Iterator[str]:
    try:
        source = sources.parse_source(entry, ("articles",), layers)
    except DataError:
        return  # reported when the config is checked
    path = source.path if isinstance(source, Table) else source.folder if isinstance(source, DataSet) else source
    if path is None:
        yield f"downloads {getattr(source, 'dataset', entry)} from the hub"
    elif not _is_within(path, folder):
        yield f"{show(path)} is outside your folders"


def _is_within(path: Path, folder: Path) -> bool:
    """True if a path, after following links, is in the working folder or in the project that holds the run."""
    run = folder.resolve()
    project = run.parent.parent if run.parent.name == "results" else run.parent
    try:
        return any(path.resolve().is_relative_to(root) for root in (Path.cwd(), project))
    except (OSError, RuntimeError):  # links form a loop
        return False


def _check_plugin(seam: type[Plugin], entry: object, key: Key) -> Iterator[tuple[Key, str]]:
    """Yield the third-party code, servers and weights that a plugin uses, or that plugins in its options use.

    Only built-in plugins are imported.
    """
    options: Mapping[str, Any] = entry if isinstance(entry, dict) else {"kind": entry}
    kind = options.get("kind")
    if not isinstance(kind, str):
        return  # reported when the config is checked
    if not plugins.is_built_in(seam, kind):
        yield (*key, "kind"), f"{kind} is code from outside harness"
        return
    cls = plugins.find(seam, kind)
    yield from ((key, message) for message in cls.reaches(options))
    for name, inner in plugins.find_nested(cls).items():
        value = options.get(name)
        if isinstance(value, str | dict):
            yield from _check_plugin(inner, value, (*key, name))
        for at, each in enumerate(value if isinstance(value, list) else ()):
            yield from _check_plugin(inner, each, (*key, name, at))


def _check_variables(value: object, key: Key) -> Iterator[tuple[Key, str]]:
    """Yield the environment variables that a value uses; they need trust because messages and reports show them."""
    if isinstance(value, str):
        yield from ((key, f"uses the environment variable {name}") for name in find_variables(value))
    for part, below in iter_children(value):
        yield from _check_variables(below, (*key, part))
