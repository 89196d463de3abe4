"""The plugins, prompts and sources of articles that a config names, made and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import ConfigDict

from harness import plugins
from harness.config import prompts
from harness.config.layers import Layers
from harness.config.prompts import Prompt
from harness.data.articles import sources
from harness.data.articles.sources import ArticleSource
from harness.data.validation import collect_problems, suggest_name, validate
from harness.data.yaml import Key, describe
from harness.errors import ConfigError, DataError, Problem
from harness.files import read_text, show
from harness.plugins import FaultyPluginError
from harness.seams import Model, Plugin, Scorer

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

    def source(self, entry: object, key: Key) -> ArticleSource | None:
        """A source of articles, from an entry of ``articles:``."""
        with collect_problems(self.problems):
            return sources.source(entry, key, self._layers)
        return None

    def models(self, options_of: Mapping[str, dict[str, Any]]) -> dict[str, Model | None]:
        """The models, each made after those that it is made of."""
        built: dict[str, Model | None] = {}
        bases = {name: self._bases(options) for name, options in options_of.items()}
        while left := [name for name in options_of if name not in built]:
            ready = [name for name in left if not any(options_of[name][option] in left for option in bases[name])]
            for name in ready or left:
                built[name] = self._model(name, options_of, built, bases[name])
        return {name: built[name] for name in options_of}

    def _bases(self, options: Mapping[str, Any]) -> dict[str, type[Plugin]]:
        """The options of a model that name another model → what that one must be; none for a kind that is not known."""
        with suppress(ConfigError):
            nested = plugins.nested(self._class(Model, str(options.get("kind")))).items()
            bases = {name: each.base for name, each in nested if each.seam is Model}
            return {name: base for name, base in bases.items() if options.get(name) is not None}
        return {}

    def _model(
        self,
        name: str,
        options_of: Mapping[str, dict[str, Any]],
        built: Mapping[str, Model | None],
        bases: Mapping[str, type[Plugin]],
    ) -> Model | None:
        """One model; in the options that name another model, that one is put in the place of its name."""
        options = dict(options_of[name])
        kinds = [other for other, each in options_of.items() if "kind" in each]
        if "kind" not in options and (near := get_close_matches(name, kinds, n=1)):
            self.refuse(("models", name), f"has no kind; did you mean the model {near[0]!r}?")
            return None
        for option, base in bases.items():
            if not isinstance(options[option], str):
                what = describe(options[option])
                self.refuse(("models", name, option), f"is {what}; write the name of another model of this config")
                return None
            options[option] = built.get(options[option])
            if not isinstance(options[option], base):
                for why in _no_base(options_of[name][option], options_of, built):
                    self.refuse(("models", name, option), why)
                return None
        return self.plugin(Model, options, ("models", name))

    def plugin(self, seam: type[P], entry: str | dict[str, Any], key: Key) -> P | None:
        """A plugin of a seam by its kind, or by a mapping of its kind and its options."""
        if not isinstance(entry, str | dict):
            self.refuse(key, f"is {describe(entry)}; write a kind, or a mapping with a kind and its options")
            return None
        options = {"kind": entry} if isinstance(entry, str) else dict(entry)
        kind = options.pop("kind", None)
        place: Key = key if isinstance(entry, str) else (*key, "kind")
        if not isinstance(kind, str):
            fault = "is missing" if kind is None else f"is {describe(kind)}"
            self.refuse(place, f"{fault}; write one of {', '.join(plugins.kinds(seam))}")
            return None
        try:
            cls = self._class(seam, kind)
        except ConfigError as error:
            self.refuse(place, str(error) if ":" in kind else f"{error}; {suggest_name(kind, plugins.kinds(seam))}")
            return None
        before = len(self.problems)
        options |= self._parts(cls, options, key)
        if len(self.problems) > before:
            return None
        with collect_problems(self.problems):
            try:
                return self._made(cls, options, key)
            except FaultyPluginError as error:
                self.refuse(place, str(error))
        return None

    def _made(self, cls: type[P], options: Mapping[str, Any], key: Key) -> P:
        """A plugin with its options.

        What runs ask one of somebody else is asked here already, where an error has a place.
        """
        with plugins.answering(cls):
            plugin = validate(cls, options, key, self._layers)
            messages = list(plugin.check())
            if not messages and not plugins.is_own(cls):
                plugin.depends()
                plugin.signature()
                if isinstance(plugin, Scorer):
                    plugin.metrics()
        for message in messages:
            self.refuse(key, message)
        return plugin

    def _class(self, seam: type[P], kind: str) -> type[P]:
        """The class of a kind, or what stands for it where nothing is imported; ConfigError where there is none."""
        return _unseen(seam, kind) if ":" in kind and not self._imports else plugins.find(seam, kind)

    def prompt(self, entry: str | dict[str, Any], name: str) -> Prompt | None:
        """A prompt, its template read and checked."""
        key: Key = ("prompts", name)
        with collect_problems(self.problems):
            prompt = validate(Prompt, {"template": entry} if isinstance(entry, str) else entry, key, self._layers)
            if (prompt.template is None) == (prompt.file is None):
                self.refuse(key, "needs either a template or a file")
                return None
            for text in (prompt.template, prompt.system_message):
                for _, message in prompts.find_faults(text or ""):
                    self.refuse(key, message)
            if prompt.file is None:
                return prompt
            return prompt.model_copy(update={"template": self._template(prompt.file, (*key, "file"))})
        return None

    def _parts(self, cls: type[Plugin], options: Mapping[str, Any], key: Key) -> dict[str, Any]:
        """The plugins that a plugin is made of, made; but models, which are named: see ``models``."""
        parts: dict[str, Any] = {}
        for name, part in plugins.nested(cls).items():
            value = options.get(name)
            if part.seam is Model:
                continue
            if part.several and isinstance(value, list):
                parts[name] = [self.plugin(part.seam, each, (*key, name, at)) for at, each in enumerate(value)]
            elif not part.several and isinstance(value, str | dict):
                parts[name] = self.plugin(part.seam, value, (*key, name))
        return parts

    def _template(self, path: Path, key: Key) -> str:
        try:
            template = read_text(path)
        except DataError as error:
            self.refuse(key, str(error))
            return ""
        self.problems += [Problem(show(path), line, "", message) for line, message in prompts.find_faults(template)]
        return template


def _no_base(base: str, names: Mapping[str, object], built: Mapping[str, Model | None]) -> Iterable[str]:
    """Why a model has nothing to be made of; nothing where that is said at the other model."""
    if base not in names:
        yield f"names {base!r}, which is no model of this config; {suggest_name(base, list(names))}"
    elif base not in built:
        yield f"names {base!r}, which is made of this one in its turn; name a model that needs no other"
    elif (model := built[base]) is not None:
        yield f"names {base!r}, of kind {model.kind()}, which answers no prompts; name one that does"


def _unseen(seam: type[P], kind: str) -> type[P]:
    """What stands for a plugin of somebody else where none is imported: it goes by the kind and takes any options."""
    own = {
        "__module__": __name__,
        "model_config": ConfigDict(extra="allow"),
        "kind": classmethod(lambda _: kind),
        "metrics": lambda _: (),  # of a scorer: they are not known
    }
    return cast("type[P]", type(f"Unseen{seam.__name__}", (seam,), own))
