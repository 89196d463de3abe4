"""The plugins, prompts and sources of articles that a config names, made and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from harness import plugins
from harness.config import prompts
from harness.config.prompts import Prompt
from harness.config.unseen import unseen
from harness.data import sources
from harness.data.checked import gathered, nearest, validated
from harness.data.layers import Layers
from harness.data.sources import Source
from harness.data.yaml_file import Key, kind_of
from harness.errors import ConfigError, DataError, Problem
from harness.files import read_text, show
from harness.seams import GenerativeModel, Model, Plugin, Verifier

P = TypeVar("P", bound=Plugin)


class Builder:
    """Makes what a config names. What has a problem is None, and the problem gathers in ``problems``."""

    def __init__(self, layers: Layers, imports: bool = True) -> None:
        """Without ``imports`` a plugin named by its module is not imported, and something unseen stands for it."""
        self._layers, self._imports = layers, imports
        self.problems: list[Problem] = []

    def refuse(self, key: Key, message: str) -> None:
        """Note a problem at a key of the config."""
        self.problems.append(self._layers.problem(key, message))

    def source(self, given: object, key: Key) -> Source | None:
        """Where articles come from."""
        with gathered(self.problems):
            return sources.source(given, key, self._layers)
        return None

    def models(self, given: Mapping[str, dict[str, Any]]) -> dict[str, Model | None]:
        """The models, each made after the one that it is made of."""
        made: dict[str, Model | None] = {}
        bases = {name: _base(options) for name, options in given.items()}
        while left := [name for name in given if name not in made]:
            for name in [name for name in left if bases[name] not in left] or left:
                options, base = given[name], bases[name]
                if base is None:
                    made[name] = self.plugin(Model, options, ("models", name))
                elif isinstance(made.get(base), GenerativeModel):
                    made[name] = self.plugin(Model, {**options, "base": made[base]}, ("models", name))
                else:
                    for why in _no_base(base, given, made):
                        self.refuse(("models", name, "base"), why)
                    made[name] = None
        return {name: made[name] for name in given}

    def plugin(self, seam: type[P], given: str | dict[str, Any], key: Key) -> P | None:
        """A plugin of a seam by its kind, or by a mapping of its kind and its options."""
        if not isinstance(given, str | dict):
            self.refuse(key, f"is {kind_of(given)}; write a kind, or a mapping with a kind and its options")
            return None
        options = {"kind": given} if isinstance(given, str) else dict(given)
        kind = options.pop("kind", None)
        place: Key = key if isinstance(given, str) else (*key, "kind")
        if not isinstance(kind, str):
            found = "is missing" if kind is None else f"is {kind_of(kind)}"
            self.refuse(place, f"{found}; write one of {', '.join(plugins.kinds(seam))}")
            return None
        try:
            hidden = ":" in kind and not self._imports
            cls = unseen(seam, kind) if hidden else plugins.find(seam, kind)
        except ConfigError as error:
            self.refuse(place, str(error) if ":" in kind else f"{error}; {nearest(kind, plugins.kinds(seam))}")
            return None
        before = len(self.problems)
        options |= self._verifiers_of(cls, options, key)
        if len(self.problems) > before:
            return None
        with gathered(self.problems):
            plugin = validated(cls, options, key, self._layers)
            for message in plugin.check():
                self.refuse(key, message)
            return plugin
        return None

    def prompt(self, given: str | dict[str, Any], name: str) -> Prompt | None:
        """A prompt, its template read and checked."""
        key: Key = ("prompts", name)
        with gathered(self.problems):
            prompt = validated(Prompt, {"template": given} if isinstance(given, str) else given, key, self._layers)
            if (prompt.template is None) == (prompt.file is None):
                self.refuse(key, "needs either a template or a file")
                return None
            for text in (prompt.template, prompt.system_message):
                for _, message in prompts.faults(text or ""):
                    self.refuse(key, message)
            if prompt.file is None:
                return prompt
            return prompt.model_copy(update={"template": self._template(prompt.file, (*key, "file")), "file": None})
        return None

    def _verifiers_of(self, cls: type[Plugin], options: Mapping[str, Any], key: Key) -> dict[str, Any]:
        """The verifiers that a plugin is made of, made: the steps of a verifier, the checker of a model."""
        made: dict[str, Any] = {}
        steps, checker = options.get("steps"), options.get("verifier")
        if "steps" in cls.model_fields and isinstance(steps, list):
            made["steps"] = [self.plugin(Verifier, step, (*key, "steps", number)) for number, step in enumerate(steps)]
        if takes(cls, "verifier", Verifier) and isinstance(checker, str | dict):
            made["verifier"] = self.plugin(Verifier, checker, (*key, "verifier"))
        return made

    def _template(self, path: Path, key: Key) -> str:
        try:
            template = read_text(path)
        except DataError as error:
            self.refuse(key, str(error))
            return ""
        self.problems += [Problem(show(path), line, "", message) for line, message in prompts.faults(template)]
        return template


def takes(cls: type[Plugin], name: str, part: type[Plugin]) -> bool:
    """Whether a plugin has an option whose value is a plugin."""
    annotation = cls.model_fields[name].annotation if name in cls.model_fields else None
    return isinstance(annotation, type) and issubclass(annotation, part)


def _base(options: Mapping[str, Any]) -> str | None:
    """The name of the model that a model is made of; None for one that is made of none, or is not known."""
    kind, base = options.get("kind"), options.get("base")
    if not isinstance(kind, str) or not isinstance(base, str):
        return None
    try:
        cls = plugins.model(kind)
    except ConfigError:
        return None
    return base if takes(cls, "base", Model) else None


def _no_base(base: str, given: Mapping[str, object], made: Mapping[str, Model | None]) -> Iterable[str]:
    """Why a model has nothing to be made of; nothing where that is said at the other model."""
    if base not in given:
        yield f"names {base!r}, which is no model of this config; {nearest(base, list(given))}"
    elif base not in made:
        yield f"names {base!r}, which is made of this one in its turn; name a model that needs no other"
    elif (model := made[base]) is not None:
        yield f"names {base!r}, of kind {model.kind()}, which answers no prompts; name one that does"
