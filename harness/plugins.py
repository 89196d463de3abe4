"""Find a plugin by name: the folder is the registry; entry points and ``module:Class`` add to it.

A built-in kind is the name of a file in ``harness/models``, ``harness/verifiers`` or ``harness/scorers``. Other
packages add kinds with the entry-point groups ``harness.models``, ``harness.verifiers`` and ``harness.scorers``.
Only the module asked for is imported.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from importlib import util
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any, TypeVar

from harness.errors import ConfigError
from harness.seams import Model, Plugin, Scorer, Verifier

P = TypeVar("P", bound=Plugin)

Finder = Callable[[str], type[P]]
"""``model``, ``verifier`` or ``scorer``: what finds a class of its seam by kind."""


def model(kind: str) -> type[Model]:
    """The class of a model kind; ConfigError where there is none."""
    return _find("models", Model, kind)


def verifier(kind: str) -> type[Verifier]:
    """The class of a verifier kind; ConfigError where there is none."""
    return _find("verifiers", Verifier, kind)


def scorer(kind: str) -> type[Scorer]:
    """The class of a scorer kind; ConfigError where there is none."""
    return _find("scorers", Scorer, kind)


def kinds(find: Finder[Any]) -> list[str]:
    """The names of all installed plugins of a seam: built in, then those of other packages."""
    seam = f"{find.__name__}s"
    folder = importlib.import_module(f"harness.{seam}")
    built_in = [module.name for module in pkgutil.iter_modules(folder.__path__) if not module.name.startswith("_")]
    return sorted(built_in) + sorted(entry_points(group=f"harness.{seam}").names)


def _find(seam: str, base: type[P], kind: str) -> type[P]:
    if ":" in kind:
        return _named(kind, base)
    for entry in entry_points(group=f"harness.{seam}", name=kind):
        return _named(entry.value, base)
    if not kind.isidentifier() or kind.startswith("_") or util.find_spec(f"harness.{seam}.{kind}") is None:
        raise ConfigError(f"there is no {base.__name__.lower()} of kind {kind!r}")
    return _only_class(importlib.import_module(f"harness.{seam}.{kind}"), base)


def _only_class(module: ModuleType, base: type[P]) -> type[P]:
    classes = [
        cls
        for _, cls in inspect.getmembers(module, inspect.isclass)
        if issubclass(cls, base) and cls.__module__ == module.__name__
    ]
    if len(classes) != 1:
        raise TypeError(f"{module.__name__} must define one {base.__name__}, not {len(classes)}")
    return classes[0]


def _named(path: str, base: type[P]) -> type[P]:
    module, _, name = path.partition(":")
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(f"{path!r} cannot be imported: {error}") from None
    if not (inspect.isclass(found) and issubclass(found, base)):
        raise ConfigError(f"{path!r} is not a harness {base.__name__}")
    return found
