"""Find a plugin by its kind: a built-in kind, an entry point of another package, or ``module:Class``.

``KINDS`` of ``harness.models``, ``harness.verifiers`` and ``harness.scorers`` lists the built-in kinds. Other packages
add kinds with entry points in groups of these three names. Only the module of the kind is imported.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.metadata import EntryPoints, entry_points
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import ValidationError

from harness.errors import ConfigError, HarnessError
from harness.seams import Model, Plugin, Scorer, Verifier

P = TypeVar("P", bound=Plugin)

SEAMS: dict[type[Plugin], str] = {Model: "models", Verifier: "verifiers", Scorer: "scorers"}
"""Base class (a seam) → the subpackage with its built-in plugins, e.g. ``models``; its entry-point group is then
``harness.models``."""


def find_nested(cls: type[Plugin]) -> dict[str, type[Plugin]]:
    """Return the plugin's options that take a plugin or a list of plugins: name → seam."""
    return {name: seam for name, field in cls.model_fields.items() if (seam := _find_seam(field.annotation))}


def _find_seam(annotation: Any) -> type[Plugin] | None:
    if inspect.isclass(annotation) and issubclass(annotation, Plugin):
        return next(seam for seam in SEAMS if issubclass(annotation, seam))
    inside = get_args(annotation) if get_origin(annotation) in (Union, UnionType, Annotated, tuple, list) else ()
    return next(filter(None, map(_find_seam, inside)), None)


def list_kinds(seam: type[Plugin]) -> list[str]:
    """List the kinds of a seam: built-in kinds, then those of other packages."""
    installed = _list_installed(seam).names
    return sorted(_get_built_in(seam).keys() - installed) + sorted(installed)


def find(seam: type[P], kind: str) -> type[P]:
    """Return the class of a kind; raise ConfigError if the kind is unknown."""
    if ":" in kind:
        return _import_class(kind, seam)
    for entry in _list_installed(seam).select(name=kind):
        return _import_class(entry.value, seam)
    if kind not in _get_built_in(seam):
        raise ConfigError(f"there is no {seam.__name__.lower()} of kind {kind!r}")
    return _import_class(f"harness.{SEAMS[seam]}.{_get_built_in(seam)[kind]}", seam)


def is_built_in(seam: type[Plugin], kind: str) -> bool:
    """True if harness defines the kind and no other package overrides it; imports no other package."""
    return kind in _get_built_in(seam) and kind not in _list_installed(seam).names


def _get_built_in(seam: type[Plugin]) -> Mapping[str, str]:
    """Return the built-in kinds, each with its ``module:Class`` in the seam's package."""
    kinds: Mapping[str, str] = importlib.import_module(f"harness.{SEAMS[seam]}").KINDS
    return kinds


@cache
def _list_installed(seam: type[Plugin]) -> EntryPoints:
    """Return the kinds that other packages add; cached, because a look-up reads the metadata of every package."""
    return entry_points(group=f"harness.{SEAMS[seam]}")


class FaultyPluginError(ConfigError):
    """The code of a third-party plugin failed while harness inspected it."""


def is_own(cls: type[Plugin]) -> bool:
    """True if harness defines the class."""
    return cls.__module__.startswith("harness.")


@contextmanager
def blame_plugin(cls: type[Plugin]) -> Iterator[None]:
    """Raise errors in a third-party plugin's code as a FaultyPluginError that names the plugin."""
    try:
        yield
    except (HarnessError, ValidationError):
        raise
    except (Exception, SystemExit) as error:
        if is_own(cls):
            raise
        fault = f"its code fails ({type(error).__name__}: {error}); fix it, or name another plugin"
        raise FaultyPluginError(f"{cls.__module__}:{cls.__qualname__}: {fault}") from error


def _import_class(path: str, base: type[P]) -> type[P]:
    module, _, name = path.partition(":")
    try:
        cls = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        remedy = "install its package, or put its folder into PYTHONPATH"
        raise ConfigError(f"{path!r} cannot be imported: {error}; {remedy}") from None
    except (Exception, SystemExit) as error:  # importing a module may raise anything
        fault = f"its module fails ({type(error).__name__}: {error}); fix it, or name another plugin"
        raise ConfigError(f"{path!r} cannot be imported: {fault}") from error
    if not (inspect.isclass(cls) and issubclass(cls, base)):
        raise ConfigError(f"{path!r} is not a {base.__name__}; name a subclass of {base.__module__}.{base.__name__}")
    return cls
