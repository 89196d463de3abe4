"""Merge a config, the configs it extends and the command line into one mapping that records where each value came from.

- ``extends: base.yaml`` (or a list) puts a config on top of others. Mappings are merged unless their ``kind`` differs,
  other values are replaced, and ``null`` removes an inherited entry.
- ``${NAME}`` in a string is an environment variable, ``${NAME:-text}`` has a default, ``$${`` is a literal ``${``.
  A config may use a variable only if the key ends in ``_env``, the variable's name begins with HARNESS_, or
  HARNESS_ALLOW_ENV lists it. Otherwise a malicious config could send any variable's value to a server.
- ``--set models.smollm2.max_new_tokens=80`` overrides every config. A name with a dot needs quotes:
  ``--set 'models."llama-3.1".max_new_tokens=80'``. A verifier with a ``kind`` replaces the inherited verifier.
- A mapping without a ``kind`` adds options to an inherited plugin, even if that was given only by its kind
  (``verifier: lexical``). Under ``verifier``, it configures the default verifier if none is inherited.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.data.validation import Locator, suggest_name
from harness.data.yaml import Document, Key, describe, format_key, iter_children, load_yaml, parse_value
from harness.errors import ConfigError, Problem
from harness.files import show, suggest_file
from harness.seams import DEFAULT_VERIFIER, Located, allowed_variables, expand_home

_VARIABLE = re.compile(r"\$(\$\{)|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")
_NAME = r'(?:"[^"]+"|[^".]+)'
"""A name in the key of an override, quoted if it has a dot."""
_UNRECORDED = ("output", "engine", "name")
"""Keys whose overrides the manifest does not record, because they change no result."""


@dataclass
class Layers:
    """The merged config: ``data`` has variables filled in, ``written`` has them as typed."""

    file: str
    """Path of the config, as the user would type it."""
    data: dict[str, Any] = field(default_factory=dict)
    written: dict[str, Any] = field(default_factory=dict)
    origins: dict[Key, Document | str] = field(default_factory=dict)
    """Where each value came from: a file, or the key of an override (without its value, which may be a secret)."""
    overrides: tuple[str, ...] = ()
    """``key=value`` as typed, except overrides that only set the run's name, folder or engine."""

    def is_override(self, *key: str | int) -> bool:
        """True if the value at a key comes from the command line."""
        return isinstance(self.origins.get(key), str)

    def problem(self, key: Key, message: str) -> Problem:
        """Attribute a problem to the file or override that sets the key, or that sets the value nearest to it."""
        for length in range(len(key), 0, -1):
            part = key[:length]
            below = (origin for place, origin in self.origins.items() if place[:length] == part)
            origin = self.origins.get(part) or next(below, None)
            if isinstance(origin, str):
                shown, typed = format_key(key), origin.replace('"', "")
                rest = "" if typed.startswith(shown) else shown.removeprefix(typed)
                return Problem(f"--set {origin}{rest}", None, "", message)
            if origin is not None:
                return origin.problem(key, message)
        return Problem(self.file, None, format_key(key), message)


def read_layers(path: Path, overrides: Sequence[str] = (), scoring: bool = False) -> Layers:
    """Merge the configs that ``path`` extends, the config at ``path``, and ``overrides`` (``dotted.key=YAML value``).

    For ``scoring``, which generates no summaries, keep only the model that suggests facts.

    Raises ConfigError if a file is missing or not YAML, a variable unset or not allowed, or an override malformed.
    """
    layers = Layers(show(path))
    for document in _list_documents(path, ()):
        for name, value in document.data.items():
            _merge(layers, layers.data, (name,), value, document)
    return _complete_layers(layers, overrides, scoring)


def layer_mapping(data: Mapping[str, Any], folder: Path, file: str, overrides: Sequence[str] = ()) -> Layers:
    """Make layers from a mapping that comes from ``file`` or from Python; paths are relative to ``folder``."""
    return _complete_layers(Layers(file, data=_locate(data, folder)), overrides)


def config_error(source: Locator, key: Key, message: str) -> ConfigError:
    return ConfigError.of([source.problem(key, message)])


def escape_variables(text: str) -> str:
    """Escape ``${`` as ``$${``, so that a config reads the text back unchanged."""
    return text.replace("${", "$${")


def find_variables(value: object) -> list[str]:
    """Return the environment variables that a string in a config uses; an empty list for other values."""
    return [match[2] for match in _VARIABLE.finditer(value) if match[2]] if isinstance(value, str) else []


def _list_documents(path: Path, chain: tuple[Path, ...]) -> list[Document]:
    """List the documents of a config and of those it extends, lowest layer first.

    ``chain`` has the configs that extend this one.
    """
    resolved = path.resolve()
    if resolved in chain:
        cycle = " extends ".join(map(show, (*chain[chain.index(resolved) :], resolved)))
        raise ConfigError.at(show(path), f"circular reference: {cycle}", key="extends")
    document = load_yaml(path)
    extends = document.data.pop("extends", [])
    parents = extends if isinstance(extends, list) else [extends]
    if wrong := [parent for parent in parents if not isinstance(parent, str)]:
        message = f"must be the path of a config, or a list of paths, not {describe(wrong[0])}"
        raise config_error(document, ("extends",), message)
    documents: dict[Path, Document] = {}  # a config that several parents extend is below all of them
    for parent in parents:
        parent_path = path.parent / expand_home(parent)
        if not parent_path.is_file():
            message = f"there is no file {show(parent_path)}{suggest_file(parent_path)}"
            raise config_error(document, ("extends",), message)
        for layer in _list_documents(parent_path, (*chain, resolved)):
            documents.setdefault(layer.path.resolve(), layer)
    return [*documents.values(), document]


def _complete_layers(layers: Layers, overrides: Sequence[str], scoring: bool = False) -> Layers:
    """Put the overrides on top and fill in the variables."""
    configured = list(models) if isinstance(models := layers.data.get("models"), dict) else []
    for override in overrides:
        _apply_override(layers, override)
    models = layers.data.get("models")  # an override may have replaced the mapping
    for name, options in models.items() if configured and isinstance(models, dict) else ():
        if name not in configured and isinstance(options, dict) and "kind" not in options:
            message = (
                f"there is no model {name!r}; {suggest_name(name, configured)}; "
                f"to add it, also give its kind: --set models.{name}.kind=KIND"
            )
            raise config_error(layers, ("models", name), message)
    _drop_unused_models(layers, scoring)
    if isinstance(options := layers.data.get("verifier"), dict):
        options.setdefault("kind", DEFAULT_VERIFIER)
    layers.overrides = tuple(each for each in overrides if re.split("[=.]", each)[0].strip() not in _UNRECORDED)
    problems: list[Problem] = []
    layers.written, layers.data = layers.data, _fill_variables(layers.data, (), layers, problems)
    if problems:
        raise ConfigError.of(problems)
    return layers


def _drop_unused_models(layers: Layers, scoring: bool) -> None:
    """Drop the models that ``only`` leaves out or that scoring does not use: their keys and files may be missing.

    Keep every model if ``only`` has an unknown name, which may be a system in a replayed file.
    """
    data, keys = layers.data, ("models", "prompts", "facts", "engine")
    models, prompts, facts, engine = (dict(iter_children(data.get(key))) for key in keys)
    only, model_of = data.get("only"), {name: name for name in models}
    if (only or scoring) and isinstance(name := facts.get("model"), str) and name not in models:
        message = f"there is no model {name!r}; {suggest_name(name, list(map(str, models)))}"
        raise config_error(layers, ("facts", "model"), message)
    chosen = [] if scoring else only if isinstance(only, list) else [only]
    for name, options in models.items():
        own = dict(iter_children(options)).get("prompts")
        model_of |= {f"{name}/{prompt}": name for prompt in (own if isinstance(own, list) else prompts)}
    used = {model_of.get(str(name)) for name in (*chosen, facts.get("model")) if name is not None}
    if (only or scoring) and None not in used:
        data["models"] = {name: model for name, model in models.items() if name in used}
        if isinstance(workers := engine.get("workers"), dict):
            kept = {name: each for name, each in workers.items() if name in used or name not in models}
            data["engine"] = {**engine, "workers": kept}


def _apply_override(layers: Layers, override: str) -> None:
    place, equals, text = override.partition("=")
    if not equals or not re.fullmatch(rf"{_NAME}(\.{_NAME})*", place.strip()):
        example = "verifier.threshold=0.6" if place.startswith("verifier") else "models.smollm2.max_new_tokens=80"
        raise ConfigError.at(f"--set {override}", f"write key=value, e.g. {example}")
    names = [name.strip('"') for name in re.findall(_NAME, place.strip())]
    target: Any = layers.data
    for depth, name in enumerate(names[:-1], start=1):
        spelt = ".".join(names[depth - 1 :]) + "."
        dotted = (key for key in target if "." in key and key != name and spelt.startswith(f"{key}."))
        if with_dot := next(dotted, None):
            quoted = place.strip().replace(with_dot, f'"{with_dot}"', 1)
            raise ConfigError.at(f"--set {place}", f"the name {with_dot} has a dot; quote it: --set '{quoted}=…'")
        _expand_kind(layers, target, tuple(names[:depth]))
        if not isinstance(target.setdefault(name, {}), dict):
            key, value = ".".join(names[:depth]), target[name]
            typed = "[…]" if isinstance(value, list) else "…"
            message = f"{key} is {describe(value)} and has no keys; set the whole value: --set '{key}={typed}'"
            raise ConfigError.at(f"--set {place}", message)
        target = target[name]
    _merge(layers, target, tuple(names), parse_value(text, f"--set {place}"), place)


def _merge(layers: Layers, target: dict[str, Any], key: Key, value: Any, origin: Document | str) -> None:
    """Put ``value`` at ``key``, whose parent is ``target``. Mappings are merged.

    Null removes an entry, except an option of a plugin.
    """
    name, is_override = str(key[-1]), isinstance(origin, str)
    if isinstance(value, dict):
        _expand_kind(layers, target, key)
    below: Any = target.get(name)
    merges = bool(value) and isinstance(value, dict) and isinstance(below, dict)
    if merges and "kind" in value:
        merges = value["kind"] == below.get("kind", value["kind"]) and not (is_override and key == ("verifier",))
    if merges:
        for part, child in value.items():
            _merge(layers, below, (*key, part), child, origin)
        if is_override:
            return  # only a part of the mapping was typed; trust.py checks the origin of the rest
    else:
        if name in target:  # forget the origins of the value that is replaced
            layers.origins = {place: each for place, each in layers.origins.items() if place[: len(key)] != key}
        if value is None and name in target and not isinstance(target.get("kind"), str):
            del target[name]
        else:
            folder = origin.path.parent if isinstance(origin, Document) else Path.cwd()
            target[name] = _locate(value, folder)
    _record_origin(layers.origins, key, value, origin)


def _expand_kind(layers: Layers, target: dict[str, Any], key: Key) -> None:
    """Turn a plugin given only by its kind into a mapping, so that options can be added."""
    is_plugin = key == ("verifier",) or (len(key) == 2 and key[0] == "models")
    if is_plugin and isinstance(kind := target.get(str(key[-1])), str):
        target[str(key[-1])] = {"kind": kind}
        if key in layers.origins:
            layers.origins[*key, "kind"] = layers.origins[key]


def _record_origin(origins: dict[Key, Document | str], key: Key, value: Any, origin: Document | str) -> None:
    origins[key] = origin
    for name, child in iter_children(value):
        _record_origin(origins, (*key, name), child, origin)


def _locate(value: Any, folder: Path) -> Any:
    """Return a copy in which every string is ``Located`` in the folder, and tuples (from Python) are lists."""
    if isinstance(value, Mapping):
        return {name: _locate(child, folder) for name, child in value.items()}
    if isinstance(value, list | tuple):
        return [_locate(child, folder) for child in value]
    return Located.at(value, folder) if isinstance(value, str) else value


def _fill_variables(value: Any, key: Key, layers: Layers, problems: list[Problem]) -> Any:
    """Return a copy with the variables filled in; add a problem for each variable that is not set or not allowed."""
    if isinstance(value, dict):
        return {name: _fill_variables(child, (*key, name), layers, problems) for name, child in value.items()}
    if isinstance(value, list):
        return [_fill_variables(child, (*key, index), layers, problems) for index, child in enumerate(value)]
    if not isinstance(value, Located):
        return value

    def replace(match: re.Match[str]) -> str:
        literal, name, default = match.groups()
        if literal:
            return "${"
        setting = os.environ.get(name, default)
        is_allowed = str(key[-1]).endswith("_env") or name.startswith("HARNESS_") or name in allowed_variables()
        if not is_allowed and (name in os.environ or default is None):
            message = (
                f"a config may not read the environment variable {name}; to allow it, set HARNESS_ALLOW_ENV={name}"
            )
            problems.append(layers.problem(key, message))
        elif setting is None:
            message = f"the environment variable {name} is not set; set it, or give a default: ${{{name}:-text}}"
            problems.append(layers.problem(key, message))
        return setting or ""

    return Located.at(_VARIABLE.sub(replace, value), value.folder, filled=bool(find_variables(value)))
