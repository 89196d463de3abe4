"""Whether a run's manifest may say what is done here: a results folder may come from anybody.

What a command takes from a manifest are built-in kinds that run no foreign code, ask no server and load packaged models
alone, and articles and labels within the folders that the user works in. A manifest that names more is followed where
its user made the run here, or said ``--trust``: then the run's folder holds a mark that only this user can make, and
that fits this folder and what this manifest names.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock

from harness import plugins
from harness.data.articles import sources
from harness.data.articles.sources import DataSet, Table
from harness.data.yaml.file import Key, children
from harness.data.yaml.layers import Layers, of_mapping, variables
from harness.errors import DataError, RunFolderError
from harness.files import show, write_text
from harness.seams import Located, Plugin, Scorer, Verifier, expanded
from harness.store import home

MARK = ".trusted"
"""The file of a run's folder that says that its user trusts what its manifest names."""
_NAMED = ("articles", "labels", "verifier", "scorers")
"""The keys of a manifest's config that are followed when a run is read or scored again."""


class UntrustedError(RunFolderError):
    """A manifest of somebody else names what runs code, asks a server or leads out of the user's folders."""


def require(layers: Layers, folder: Path) -> None:
    """UntrustedError, with all that a run's manifest names and nobody here has vouched for.

    What the user's own overrides say is the user's.
    """
    unvouched = [(key, message) for key, message in _unvouched(layers, folder) if not _overridden(layers, key)]
    problems = [layers.problem(key, message) for key, message in unvouched]
    if problems and not is_marked(folder):
        listing = "\n".join(f"  {problem.key}: {problem.message}" for problem in problems)
        raise UntrustedError(
            f"{show(folder)} was not made here, or was copied or moved. harness does not do what its manifest.json "
            f"asks for:\n{listing}\n"
            f"If you want it, add --trust to score, compare, gate, agreement, label, meta-eval or calibrate: this "
            f"holds for the folder until these lines change. Or judge the run by a config whose verifier and scorers "
            f"need no trust: harness score {show(folder)} --config CONFIG",
            problems,
        )


def is_followed(data: Mapping[str, Any], folder: Path) -> bool:
    """Whether a manifest in this folder, with this config, would be followed though nobody vouches for it."""
    layers = of_mapping(data, folder, "manifest.json")
    return not any(True for _ in _unvouched(layers, folder))


def mark(folder: Path) -> None:
    """Note that what a run's manifest names is what its user wants; RunFolderError where that cannot be kept."""
    if is_marked(folder):
        return
    try:
        write_text(folder / MARK, _mark_of(folder, _user_key(make=True)))
    except (OSError, ValueError) as error:
        raise RunFolderError(
            f"that {show(folder)} is trusted cannot be kept ({error}); it needs {MARK} there, and {home()}/trust.key"
        ) from None


def may_lead_to(path: Path, folder: Path) -> bool:
    """Whether articles that a run's manifest names may be read, and their facts be edited."""
    return _is_within(path, folder) or is_marked(folder)


def is_marked(folder: Path) -> bool:
    """Whether the user has vouched for what a run's manifest names, in the folder where it lies."""
    try:
        mark_text = (folder / MARK).read_text("utf-8")
        return hmac.compare_digest(mark_text.encode(), _mark_of(folder, _user_key()).encode())
    except (OSError, ValueError, AttributeError, RecursionError):  # no mark, or a manifest that is none
        return False


def _mark_of(folder: Path, key: bytes) -> str:
    """The mark of a folder: a hash of its place and of what its manifest names now, keyed with the user's secret."""
    config = json.loads((folder / "manifest.json").read_text("utf-8")).get("config", {})
    named = json.dumps([str(folder.resolve()), {name: config.get(name) for name in _NAMED}], sort_keys=True)
    return hmac.new(key, named.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _user_key(make: bool = False) -> bytes:
    """The user's secret, made where it is missing and ``make`` is set; OSError or ValueError where there is none."""
    path = home() / "trust.key"
    if make and not _is_key(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock")):
            if not _is_key(path):  # another process may have made it meanwhile
                path.touch(mode=0o600)
                write_text(path, secrets.token_hex(32))
    if not _is_key(path):
        raise ValueError(f"{path} is no key")
    return path.read_bytes()


def _is_key(path: Path) -> bool:
    """Whether a whole key is there: what made it may have been killed."""
    return path.exists() and path.stat().st_size >= 64


def _unvouched(layers: Layers, folder: Path) -> Iterator[tuple[Key, str]]:
    """(key, what it names) for all that is followed only where the user vouches for it."""
    data = layers.data
    articles, scorers = data.get("articles"), data.get("scorers")
    for at, entry in enumerate(articles if isinstance(articles, list) else [articles]):
        yield from ((("articles", at), message) for message in _source(entry, layers, folder))
    if data.get("labels") is not None:
        yield from ((("labels",), message) for message in _labels(data["labels"], folder))
    for at, entry in enumerate(scorers if isinstance(scorers, list) else ()):
        yield from _plugin(Scorer, entry, ("scorers", at))
    yield from _plugin(Verifier, data.get("verifier"), ("verifier",))
    for name in _NAMED:
        yield from _variables(layers.written.get(name), (name,))


def _variables(value: object, key: Key) -> Iterator[tuple[Key, str]]:
    """The environment variables that a value takes: what they hold would stand in messages and reports."""
    if isinstance(value, str):
        yield from ((key, f"takes the environment variable {name}") for name in variables(value))
    for part, below in children(value):
        yield from _variables(below, (*key, part))


def _plugin(seam: type[Plugin], entry: object, key: Key) -> Iterator[tuple[Key, str]]:
    """What a plugin, and those that it is made of, run or ask; one that is not built in is not imported to be asked."""
    options: Mapping[str, Any] = entry if isinstance(entry, dict) else {"kind": entry}
    kind = options.get("kind")
    if not isinstance(kind, str):
        return  # said where the config is checked
    if not plugins.is_built_in(seam, kind):
        yield (*key, "kind"), f"{kind} is code that is not harness's own"
        return
    cls = plugins.find(seam, kind)
    yield from ((key, message) for message in cls.reaches(options))
    for name, part in plugins.nested(cls).items():
        value = options.get(name)
        if isinstance(value, str | dict):
            yield from _plugin(part.seam, value, (*key, name))
        for at, each in enumerate(value if isinstance(value, list) else ()):
            yield from _plugin(part.seam, each, (*key, name, at))


def _source(entry: object, layers: Layers, folder: Path) -> Iterator[str]:
    try:
        source = sources.source(entry, ("articles",), layers)
    except DataError:
        return  # said where the config is checked
    path = source.path if isinstance(source, Table) else source.folder if isinstance(source, DataSet) else source
    if path is None:
        yield f"{getattr(source, 'dataset', entry)} is fetched from the hub"
    elif not _is_within(path, folder):
        yield f"{show(path)} lies outside the folders of this command"


def _labels(entry: object, folder: Path) -> Iterator[str]:
    path = entry.folder / expanded(entry) if isinstance(entry, Located) else Path(str(entry))
    if not _is_within(path, folder) or path.suffix != ".jsonl":
        yield f"labels would be written to {entry}, which is no .jsonl file in the folders of this command"


def _is_within(path: Path, folder: Path) -> bool:
    """Whether a path, links followed, lies in the folder that the runs are in, or that one's project, or here."""
    run = folder.resolve()
    project = run.parent.parent if run.parent.name == "results" else run.parent
    try:
        return any(path.resolve().is_relative_to(root) for root in (Path.cwd(), project))
    except (OSError, RuntimeError):  # a loop of links
        return False


def _overridden(layers: Layers, key: Key) -> bool:
    return any(isinstance(layers.origins.get(key[:length]), str) for length in range(1, len(key) + 1))
