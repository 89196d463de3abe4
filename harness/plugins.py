"""Find a plugin by name: the folder is the registry; entry points and ``module:Class`` add to it.

A built-in kind is the name of a file in ``harness/models``, ``harness/verifiers`` or ``harness/scorers``. Other
packages add kinds with the entry-point groups ``harness.models``, ``harness.verifiers`` and ``harness.scorers``.
Only the module asked for is imported.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from importlib.metadata import entry_points
from typing import Literal, TypeVar, cast

from harness.errors import ConfigError
from harness.seams import Model, Plugin, Scorer, Verifier

Seam = Literal["models", "verifiers", "scorers"]
BASES: dict[Seam, type[Plugin]] = {"models": Model, "verifiers": Verifier, "scorers": Scorer}

P = TypeVar("P", bound=Plugin)


def kinds(seam: Seam) -> list[str]:
    """The names of all installed plugins of a seam: built in, then those of other packages."""
    folder = importlib.import_module(f"harness.{seam}")
    built_in = [module.name for module in pkgutil.iter_modules(folder.__path__) if not module.name.startswith("_")]
    return sorted(built_in) + sorted(entry_points(group=f"harness.{seam}").names)


def model(kind: str) -> type[Model]:
    """The class of a model kind; ConfigError where there is none."""
    return cast(type[Model], _find("models", kind))


def verifier(kind: str) -> type[Verifier]:
    """The class of a verifier kind; ConfigError where there is none."""
    return cast(type[Verifier], _find("verifiers", kind))


def scorer(kind: str) -> type[Scorer]:
    """The class of a scorer kind; ConfigError where there is none."""
    return cast(type[Scorer], _find("scorers", kind))


def _find(seam: Seam, kind: str) -> type[Plugin]:
    if ":" in kind:
        return _named(seam, kind)
    for entry in entry_points(group=f"harness.{seam}", name=kind):
        return _named(seam, entry.value)
    if kind not in kinds(seam):
        raise ConfigError(f"there is no {seam[:-1]} of kind {kind!r}")
    return _only_class(seam, kind)


def _only_class(seam: Seam, kind: str) -> type[Plugin]:
    module = importlib.import_module(f"harness.{seam}.{kind}")
    classes = [
        cls
        for _, cls in inspect.getmembers(module, inspect.isclass)
        if issubclass(cls, BASES[seam]) and cls.__module__ == module.__name__
    ]
    if len(classes) != 1:
        raise TypeError(f"{module.__name__} must define one {BASES[seam].__name__}, not {len(classes)}")
    return cast(type[Plugin], classes[0])


def _named(seam: Seam, path: str) -> type[Plugin]:
    module, _, name = path.partition(":")
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(f"{path!r} cannot be imported: {error}") from None
    if not (inspect.isclass(found) and issubclass(found, BASES[seam])):
        raise ConfigError(f"{path!r} is not a harness {BASES[seam].__name__}")
    return cast(type[Plugin], found)
