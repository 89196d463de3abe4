"""One mapping from many places: a config, those it extends, and the command line, each value with its origin.

- ``extends: base.yaml`` (or a list) lays a config over others; mappings are merged, unless they are of another
  ``kind``, everything else is replaced, and ``null`` takes an inherited entry away.
- ``${NAME}`` in a string is that environment variable, ``${NAME:-text}`` has a default, ``$${`` is a plain ``${``.
  A variable is filled in only under a key that ends in ``_env``, if its name begins with HARNESS_, or if
  HARNESS_ALLOW_ENV lists it: a config may send what it names to a server.
- ``--set models.smollm2.max_new_tokens=80`` lays a value over all of them; a name with a dot stands in quotes:
  ``--set 'models."llama-3.1".max_new_tokens=80'``.
  A verifier with its ``kind`` takes the place of the one that is there, all of it the user's word.
- Options of a verifier without a ``kind`` lie over ``verifier: lexical``, too; where nothing below them names a kind,
  they are the default verifier's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.data.yaml import Document, Key, format_key, iter_children, load_yaml, parse_value
from harness.errors import ConfigError, Problem
from harness.files import show
from harness.seams import DEFAULT_VERIFIER, Located, allowed_variables, expanded

_VARIABLE = re.compile(r"\$(\$\{)|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")
_NAME = r'(?:"[^"]+"|[^".]+)'
"""A name in an override's key, in quotes where it has a dot."""
_KIND_ALONE = "verifier"
"""A key whose text is a kind without options: options that are laid over it keep it."""
_ELSEWHERE = ("output", "engine", "name")
"""Keys that change no result, and that a run says of itself otherwise."""


@dataclass
class Layers:
    """The merged mapping. ``data`` has the variables filled in, ``written`` as they were written."""

    file: str
    """The config that was asked for, as its user would type it."""
    data: dict[str, Any] = field(default_factory=dict)
    written: dict[str, Any] = field(default_factory=dict)
    origins: dict[Key, Document | str] = field(default_factory=dict)
    """Where each value came from: a file, or the key of an override, whose value may be a secret."""
    overrides: tuple[str, ...] = ()
    """``key=value`` as given, but for what says where a run lies and how its work is spread."""

    def problem(self, key: Key, message: str) -> Problem:
        """A problem at a key, placed in the file (or the override) that the value came from, or what lies nearest."""
        for length in range(len(key), 0, -1):
            origin = self.origins.get(key[:length]) or self._origin_below(key[:length])
            if isinstance(origin, str):
                return Problem(f"--set {origin}", None, format_key(key), message)
            if origin is not None:
                return origin.problem(key, message)
        return Problem(self.file, None, format_key(key), message)

    def _origin_below(self, key: Key) -> Document | str | None:
        """Where the first value below a key came from."""
        return next((origin for place, origin in self.origins.items() if place[: len(key)] == key), None)


def read(path: Path, overrides: Sequence[str] = ()) -> Layers:
    """The config at ``path`` over those it extends, under ``overrides`` (``dotted.key=YAML value``).

    ConfigError where a file is missing or is no YAML, a variable is not set, or an override is not ``key=value``.
    """
    layers = Layers(show(path))
    for document in _chain(path, ()):
        _lay(layers, (), document.data, document)
    return _completed(layers, overrides)


def of_mapping(data: Mapping[str, Any], folder: Path, file: str, overrides: Sequence[str] = ()) -> Layers:
    """Layers of a mapping that is in no YAML file (a manifest's config); paths are relative to ``folder``."""
    return _completed(Layers(file, data=_located(data, folder)), overrides)


def _completed(layers: Layers, overrides: Sequence[str]) -> Layers:
    """The layers with the overrides on top and the variables filled in."""
    for override in overrides:
        _override(layers, override)
    if isinstance(options := layers.data.get(_KIND_ALONE), dict):
        options.setdefault("kind", DEFAULT_VERIFIER)
    layers.overrides = tuple(each for each in overrides if re.split("[=.]", each)[0].strip() not in _ELSEWHERE)
    problems: list[Problem] = []
    layers.written, layers.data = layers.data, _filled(layers.data, (), layers, problems)
    if problems:
        raise ConfigError.of(problems)
    return layers


def _chain(path: Path, below: tuple[Path, ...]) -> list[Document]:
    resolved = path.resolve()
    if resolved in below:
        circle = " extends ".join(show(link) for link in (*below[below.index(resolved) :], resolved))
        raise ConfigError.at(show(path), f"is a circle: {circle}", key="extends")
    document = load_yaml(path, ConfigError)
    extends = document.data.pop("extends", [])
    parents = [extends] if isinstance(extends, str) else extends
    if not (isinstance(parents, list) and all(isinstance(parent, str) for parent in parents)):
        raise ConfigError.of([document.problem(("extends",), "must be the path of a config, or a list of them")])
    chain = []
    for parent in parents:
        parent_path = path.parent / expanded(parent)
        if not parent_path.is_file():
            raise ConfigError.of([document.problem(("extends",), f"there is no file {show(parent_path)}")])
        chain += _chain(parent_path, (*below, resolved))
    return [*chain, document]


def _lay(layers: Layers, key: Key, value: Any, origin: Document | str) -> None:
    """Put ``value`` at ``key``, merging mappings and taking away what is null; an option may be null itself."""
    target: Any = layers.data
    for part in key[:-1]:
        target = target[part]
    if isinstance(value, dict) and key:
        _open_kind(layers, target, key)
    is_override = isinstance(origin, str)
    is_whole = is_override and key == (_KIND_ALONE,) and isinstance(value, dict) and "kind" in value
    if isinstance(value, dict) and value and not is_whole and (not key or _of_one_kind(target.get(key[-1]), value)):
        for name, child in value.items():
            _lay(layers, (*key, name), child, origin)
        if is_override:
            return  # what else lies there is not the user's word: see data/runs/trust.py
    elif value is None and key and key[-1] in target and not isinstance(target.get("kind"), str):
        del target[key[-1]]
    elif key:
        folder = origin.path.parent if isinstance(origin, Document) else Path.cwd()
        target[key[-1]] = _located(value, folder)
    _mark(layers.origins, key, value, origin)


def _open_kind(layers: Layers, target: dict[str, Any], key: Key) -> None:
    """Make a mapping of a kind that stands alone at a key, so that options may lie beside it."""
    if key[-1] == _KIND_ALONE and isinstance(kind := target.get(_KIND_ALONE), str):
        target[_KIND_ALONE] = {"kind": kind}
        if key in layers.origins:
            layers.origins[*key, "kind"] = layers.origins[key]


def _of_one_kind(below: object, above: Mapping[str, Any]) -> bool:
    """Whether a mapping lies over another that takes the same options, as far as both name a kind."""
    if not isinstance(below, dict):
        return False
    kinds = [each["kind"] for each in (below, above) if "kind" in each]
    return len(kinds) < 2 or kinds[0] == kinds[1]


def _mark(origins: dict[Key, Document | str], key: Key, value: Any, origin: Document | str) -> None:
    if key:
        origins[key] = origin
    for name, child in iter_children(value):
        _mark(origins, (*key, name), child, origin)


def _located(value: Any, folder: Path) -> Any:
    if isinstance(value, Mapping):
        return {name: _located(child, folder) for name, child in value.items()}
    if isinstance(value, list):
        return [_located(child, folder) for child in value]
    return Located.at(value, folder) if isinstance(value, str) else value


def _override(layers: Layers, override: str) -> None:
    place, equals, text = override.partition("=")
    if not equals or not re.fullmatch(rf"{_NAME}(\.{_NAME})*", place.strip()):
        message = "must be key=value, such as models.smollm2.max_new_tokens=80"
        raise ConfigError.at(f"--set {override}", message)
    names = [name.strip('"') for name in re.findall(_NAME, place.strip())]
    target: Any = layers.data
    for depth, name in enumerate(names[:-1], start=1):
        if with_dot := _with_dot(target, names[depth - 1 :]):
            quoted = place.strip().replace(with_dot, f'"{with_dot}"', 1)
            message = f"the name {with_dot} has a dot; put it in quotes: --set '{quoted}=…'"
            raise ConfigError.at(f"--set {place}", message)
        _open_kind(layers, target, tuple(names[:depth]))
        if not isinstance(target.setdefault(name, {}), dict):
            message = f"is {target[name]!r}, which has no keys below it"
            raise ConfigError.at(f"--set {place}", message, key=".".join(names[:depth]))
        target = target[name]
    _lay(layers, tuple(names), parse_value(text), place)


def _with_dot(target: Mapping[str, Any], names: Sequence[str]) -> str | None:
    """A key with a dot that the names spell; None where the first of them is one, or none is meant."""
    spelt = ".".join(names) + "."
    return next((key for key in target if "." in key and key != names[0] and spelt.startswith(f"{key}.")), None)


def _filled(value: Any, key: Key, layers: Layers, problems: list[Problem]) -> Any:
    """A copy of ``value`` with its variables filled in."""
    if isinstance(value, dict):
        return {name: _filled(child, (*key, name), layers, problems) for name, child in value.items()}
    if isinstance(value, list):
        return [_filled(child, (*key, index), layers, problems) for index, child in enumerate(value)]
    if not isinstance(value, Located):
        return value

    def fill(match: re.Match[str]) -> str:
        literal, name, default = match.groups()
        if literal:
            return "${"
        setting = os.environ.get(name, default)
        is_allowed = str(key[-1]).endswith("_env") or name.startswith("HARNESS_") or name in allowed_variables()
        if not is_allowed and (name in os.environ or default is None):
            message = f"a config may not use the environment variable {name}; to allow it: HARNESS_ALLOW_ENV={name}"
            problems.append(layers.problem(key, message))
            return ""
        if setting is None:
            message = f"the environment variable {name} is not set; set it, or give a default: ${{{name}:-text}}"
            problems.append(layers.problem(key, message))
        return setting or ""

    return Located.at(_VARIABLE.sub(fill, value), value.folder, filled=has_variable(value))


def literal(text: str) -> str:
    """A text as a config writes it, so that it is read back as it is: ``${`` is written ``$${``."""
    return text.replace("${", "$${")


def variables(text: str) -> list[str]:
    """The environment variables that a string as written takes."""
    return [match[2] for match in _VARIABLE.finditer(text) if match[2]]


def has_variable(value: Any) -> bool:
    """Whether a string as written takes an environment variable (whose value may be a secret)."""
    return isinstance(value, str) and bool(variables(value))
