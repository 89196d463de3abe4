"""Build plugins from a config: each seam is a union of its kinds, and ``kind`` says which one is meant.

pydantic asks for the class when it validates a field of type ``Model``, ``Verifier`` or ``Scorer``, at any depth. Only
the module of that kind is imported; its problems come back with their keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, cast

from pydantic import ConfigDict, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from harness import plugins
from harness.data.validation import explain_errors, suggest_name
from harness.data.yaml import Key, describe
from harness.errors import ConfigError
from harness.seams import Plugin, Scorer


def build_context(imports: bool = True) -> Mapping[type[Plugin], Callable[[object], Plugin]]:
    """What pydantic needs as ``context`` to build plugins; without ``imports``, no foreign module is imported."""
    return {seam: partial(_build, seam, imports) for seam in plugins.SEAMS}


def refuse(problems: Iterable[tuple[Key, str]]) -> ValidationError:
    """An error with these messages at these keys, to raise inside a pydantic validator."""
    details = [
        InitErrorDetails(type=PydanticCustomError("problem", "{text}", {"text": text}), loc=key, input=None)
        for key, text in problems
    ]
    return ValidationError.from_exception_data("config", details)


def _build(seam: type[Plugin], imports: bool, entry: object) -> Plugin:
    """The plugin that a kind, or a mapping with a kind and its options, stands for."""
    options = {"kind": entry} if isinstance(entry, str) else entry
    if not isinstance(options, dict):
        raise refuse([((), f"is {describe(entry)}; write a kind, or a mapping with a kind and its options")])
    kind, kinds = options.get("kind"), plugins.list_kinds(seam)
    if not isinstance(kind, str):
        found = "has no kind" if kind is None else f"kind is {describe(kind)}"
        raise refuse([((), f"{found}; write kind: and one of {', '.join(kinds)}")])
    try:
        cls = _stand_in(seam, kind) if ":" in kind and not imports else plugins.find(seam, kind)
    except ConfigError as error:
        hint = "" if ":" in kind else f"; {suggest_name(kind, kinds)}"
        raise refuse([(("kind",), f"{error}{hint}")]) from None
    own = {name: value for name, value in options.items() if name != "kind"}
    try:
        with plugins.blame_plugin(cls):
            plugin = cls.model_validate(own, context=build_context(imports))
            faults = list(plugin.check())
            if not faults and not plugins.is_own(cls):  # ask now what a run would ask, while an error has a key
                plugin.depends()
                plugin.signature()
                if isinstance(plugin, Scorer):
                    plugin.metrics()
    except ValidationError as error:
        raise refuse(explain_errors(cls, error)) from None
    except plugins.FaultyPluginError as error:
        raise refuse([(("kind",), str(error))]) from None
    if faults:
        raise refuse([((), fault) for fault in faults])
    return plugin


def _stand_in(seam: type[Plugin], kind: str) -> type[Plugin]:
    """A class that takes any options, for a plugin whose module is not imported."""
    own: dict[str, Any] = {
        "__module__": __name__,
        "model_config": ConfigDict(extra="allow"),
        "kind": classmethod(lambda _: kind),
        "metrics": lambda _: (),
    }
    return cast("type[Plugin]", type(f"Unseen{seam.__name__}", (seam,), own))
