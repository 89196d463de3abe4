"""The keys of a config file, the constraints between keys, and how plugins are built from the config.

When pydantic validates a field of type ``Model``, ``Verifier`` or ``Scorer``, at any depth, it builds the plugin with a
function from ``build_context``. That function imports only the module of the plugin's ``kind``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, Self, cast

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from harness import plugins
from harness.config.prompts import Prompt, find_faults
from harness.data.validation import explain_errors, suggest_name
from harness.data.yaml import Key, describe
from harness.engines import EngineOptions
from harness.errors import ConfigError, DataError
from harness.files import read_text, show
from harness.seams import DEFAULT_VERIFIER, FilePath, GenerativeModel, Model, Plugin, Scorer, Verifier


def _to_list(value: object) -> object:
    return [value] if isinstance(value, str | Path | dict | int | float) else value


def _wrap_text(key: str) -> BeforeValidator:
    """Turn text into a mapping with one key."""
    return BeforeValidator(lambda value: {key: value} if isinstance(value, str) else value)


def _check_name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise ValueError("begin with a letter or a digit, and use only letters, digits, dots, dashes and underscores")
    if len(name) > 100:  # file names contain the names of runs, models and prompts
        raise ValueError("write a name of at most 100 characters")
    return name


def _read_prompt(prompt: Prompt) -> Prompt:
    """Check a prompt and put the text of its file into its template."""
    if (prompt.template is None) == (prompt.file is None):
        raise ValueError("write either template or file")
    inline = (prompt.template or "", prompt.system_message or "")
    faults: list[tuple[Key, str]] = [((), message) for text in inline for _, message in find_faults(text)]
    if (file := prompt.file) is not None:
        try:
            template = read_text(file)
        except DataError as error:
            raise _make_error([(("file",), str(error))]) from None
        faults += [(("file",), f"{show(file)}:{line}: {message}") for line, message in find_faults(template)]
        prompt = prompt.model_copy(update={"template": template})
    if faults:
        raise _make_error(faults)
    return prompt


def _read_suggest(value: object) -> object:
    if isinstance(value, str) and value != "suggest":
        raise ValueError("write suggest, or a mapping such as {suggest: 8, model: NAME}")
    return {} if value == "suggest" else value


class SuggestionOptions(BaseModel):
    """Suggests unreviewed facts for articles without any."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    suggest: int = Field(8, ge=1)
    """At most this many facts for each article."""
    model: str | None = None
    """The model in this config that suggests facts; null to split the article's sentences with the parser."""


Name = Annotated[str, AfterValidator(_check_name)]
PromptOption = Annotated[Prompt, _wrap_text("template"), AfterValidator(_read_prompt)]


class Settings(BaseModel):
    """A config file: which systems summarise which articles, and how the summaries are judged."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    name: Name | None = None
    """Name of the run (default: its folder's name, or this file's)."""
    articles: Annotated[list[Any], BeforeValidator(_to_list), Field(min_length=1)]
    """Folders like references/, JSONL, CSV or Parquet files, or data sets; paths are relative to this file."""
    facts: Annotated[SuggestionOptions | None, BeforeValidator(_read_suggest)] = None
    """Suggest facts for articles that have none: `suggest`, or a mapping of options (default: suggest nothing)."""
    models: dict[Name, Model]
    """Summarisers by name: a kind, or a mapping with a kind and its options."""
    prompts: dict[Name, PromptOption] = Field(default_factory=dict)
    """Prompts by name: a template, or a mapping with template or file. Each generative model runs with each prompt."""
    verifier: Verifier = Field(default=DEFAULT_VERIFIER, validate_default=True)
    """Checks facts and claims: a kind, or a mapping with a kind and its options."""
    scorers: list[Scorer] = Field(min_length=1)
    """The metrics to compute: kinds, or mappings with a kind and its options."""
    labels: Literal["none"] | FilePath | None = None
    """JSONL file for people's labels of all articles (default: next to the articles); `none` ignores all labels."""
    seed: int = Field(0, ge=0, lt=2**63)
    """Seed for everything random."""
    limit: int | None = Field(None, ge=1)
    """Use only the first N articles."""
    only: Annotated[list[str], BeforeValidator(_to_list)] = Field(default_factory=list)
    """Use only these systems or models."""
    engine: Annotated[EngineOptions, _wrap_text("kind")] = Field(default_factory=EngineOptions)
    """Where the work runs: local, or a mapping with the kind ray, the cluster's address and the workers' resources."""
    output: FilePath | None = None
    """Folder of the run (default: results/NAME in the working directory)."""

    @model_validator(mode="after")
    def _check_references(self) -> Self:
        """Check keys that refer to each other: prompts of models, workers of the engine, names of scorers."""
        problems = [*self._check_prompts(), *self._check_scorers()]
        if self.facts and self.facts.model and (fault := explain_cannot_suggest(self.models, self.facts.model)):
            problems.append((("facts", "model"), fault))
        names = [*self.models, "verifier"]
        for name in self.engine.workers.keys() - set(names):
            message = f"only models and the verifier can have workers; {suggest_name(name, names)}"
            problems.append((("engine", "workers", name), message))
        if problems:
            raise _make_error(problems)
        return self

    def _check_prompts(self) -> Iterator[tuple[Key, str]]:
        for name, model in self.models.items():
            if not isinstance(model, GenerativeModel):
                continue
            if not self.prompts:
                yield ("models", name), "a generative model needs a prompt; add one to the config's `prompts`"
            for prompt in dict.fromkeys(model.prompts or ()):
                if prompt not in self.prompts:
                    message = f"there is no prompt {prompt!r}; {suggest_name(prompt, list(self.prompts))}"
                    yield ("models", name, "prompts"), message

    def _check_scorers(self) -> Iterator[tuple[Key, str]]:
        """Refuse two scorers with the same name, because one metric would get two values."""
        names = [scorer.name for scorer in self.scorers]
        for index, scorer in enumerate(self.scorers):
            if scorer.name in names[:index]:
                alias = ", or give it an alias" if "alias" in type(scorer).model_fields else ""
                yield ("scorers", index), f"{scorer.name!r} is listed twice; remove one{alias}"


def explain_cannot_suggest(models: Mapping[str, Model], name: str) -> str | None:
    """Explain why the model of this name cannot suggest facts, or return None if it can."""
    able = [each for each, model in models.items() if isinstance(model, GenerativeModel)]
    if name not in models:
        hint = suggest_name(name, able) if able else "the config has no generative model; add one, e.g. hf_causal"
        return f"there is no model {name!r}; {hint}"
    if name not in able:
        return f"{name} does not answer prompts; name a generative model{': ' if able else ''}{', '.join(able)}"
    return None


def build_context(imports: bool = True) -> Mapping[type[Plugin], Callable[[object], Plugin]]:
    """Make the pydantic ``context`` that builds plugins; without ``imports``, no third-party module is imported."""
    return {seam: partial(_build_plugin, seam, imports) for seam in plugins.SEAMS}


def _make_error(problems: Iterable[tuple[Key, str]]) -> ValidationError:
    """Make an error with these messages at these keys, to raise inside a pydantic validator."""
    details = [
        InitErrorDetails(type=PydanticCustomError("problem", "{text}", {"text": text}), loc=key, input=None)
        for key, text in problems
    ]
    return ValidationError.from_exception_data("config", details)


def _build_plugin(seam: type[Plugin], imports: bool, entry: object) -> Plugin:
    """Build a plugin from a kind, or from a mapping with a kind and its options."""
    options = {"kind": entry} if isinstance(entry, str) else entry
    if not isinstance(options, dict):
        raise _make_error([((), f"must be a kind, or a mapping with a kind and its options, not {describe(entry)}")])
    kind, kinds = options.get("kind"), plugins.list_kinds(seam)
    if not isinstance(kind, str):
        found = "has no kind" if kind is None else f"has the kind {describe(kind)}"
        raise _make_error([((), f"{found}; write kind: KIND (allowed: {', '.join(kinds)})")])
    try:
        cls = _make_stand_in(seam, kind) if ":" in kind and not imports else plugins.find(seam, kind)
    except ConfigError as error:
        hint = "" if ":" in kind else f"; {suggest_name(kind, kinds)}"
        raise _make_error([(("kind",), f"{error}{hint}")]) from None
    fields = {name: value for name, value in options.items() if name != "kind"}
    try:
        with plugins.blame_plugin(cls):
            plugin = cls.model_validate(fields, context=build_context(imports))
            faults = list(plugin.check())
            if not faults and not plugins.is_own(cls):  # fail now, while the error can name a key
                plugin.depends()
                plugin.signature()
                if isinstance(plugin, Scorer):
                    [metric.name for metric in plugin.metrics()]  # fails unless all are metrics
    except ValidationError as error:
        raise _make_error(explain_errors(cls, error, fields).items()) from None
    except plugins.FaultyPluginError as error:
        raise _make_error([(("kind",), str(error))]) from None
    if faults:
        raise _make_error([((), fault) for fault in faults])
    return plugin


def _make_stand_in(seam: type[Plugin], kind: str) -> type[Plugin]:
    """Make a class that accepts any options, for a plugin whose module is not imported."""
    own: dict[str, Any] = {
        "__module__": __name__,
        "model_config": ConfigDict(extra="allow"),
        "kind": classmethod(lambda _: kind),
        "metrics": lambda _: (),
    }
    return cast("type[Plugin]", type(f"Unseen{seam.__name__}", (seam,), own))
