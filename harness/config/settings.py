"""The keys of a config file, and what must hold between them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from harness.config.build import refuse
from harness.config.prompts import Prompt, find_faults
from harness.data.validation import suggest_name
from harness.data.yaml import Key
from harness.engines import EngineOptions
from harness.errors import DataError
from harness.files import read_text, show
from harness.seams import DEFAULT_VERIFIER, FilePath, GenerativeModel, Model, Scorer, Verifier

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_MAX_NAME = 100
"""Characters: a file is named after a model, a dash and a prompt."""


def _to_list(value: object) -> object:
    return [value] if isinstance(value, str | dict) else value


def _to_engine(value: object) -> object:
    return {"kind": value} if isinstance(value, str) else value


def _to_prompt(value: object) -> object:
    return {"template": value} if isinstance(value, str) else value


def _check_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("begin with a letter or a digit, and use letters, digits, dots, dashes and underscores")
    if len(name) > _MAX_NAME:
        raise ValueError(f"a name has {_MAX_NAME} characters at most")
    return name


def _read_prompt(prompt: Prompt) -> Prompt:
    """A prompt with the text of its file as its template, checked."""
    if (prompt.template is None) == (prompt.file is None):
        raise ValueError("needs either a template or a file")
    faults: list[tuple[Key, str]] = []
    for text in (prompt.template, prompt.system_message):
        faults += [((), message) for _, message in find_faults(text or "")]
    if prompt.file is not None:
        try:
            prompt = prompt.model_copy(update={"template": read_text(prompt.file)})
        except DataError as error:
            raise refuse([(("file",), str(error))]) from None
        place = show(prompt.file or Path())
        faults += [(("file",), f"{place}:{line}: {message}") for line, message in find_faults(prompt.template or "")]
    if faults:
        raise refuse(faults)
    return prompt


Name = Annotated[str, AfterValidator(_check_name)]
PromptOption = Annotated[Prompt, BeforeValidator(_to_prompt), AfterValidator(_read_prompt)]


class Settings(BaseModel):
    """A config file: which systems summarise which articles, and how the summaries are judged."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    name: str = Field("", pattern=r"^([A-Za-z0-9_-][A-Za-z0-9._-]{0,199})?$")
    """Name of the run (default: that of its folder, or of this file)."""
    articles: Annotated[list[Any], BeforeValidator(_to_list), Field(min_length=1)]
    """Folders in the layout of references/, JSONL, CSV and Parquet files, and data sets; relative to this file."""
    models: dict[Name, Model]
    """Summarisers by name: a kind, or a mapping with a kind and its options."""
    prompts: dict[Name, PromptOption] = Field(default_factory=dict)
    """Prompts by name: a template, or a mapping with template or file. Each generative model runs with each prompt."""
    verifier: Verifier = Field(default=DEFAULT_VERIFIER, validate_default=True)
    """What checks facts and claims: a kind, or a mapping with a kind and its options."""
    scorers: list[Scorer] = Field(min_length=1)
    """What is computed: kinds, or mappings with a kind and its options."""
    labels: Literal["none"] | FilePath | None = None
    """JSONL file for people's labels of all articles (default: beside the articles); `none` ignores all labels."""
    seed: int = Field(0, ge=0, lt=2**63)
    """Seed of everything random."""
    limit: int | None = Field(None, ge=1)
    """Use only the first N articles."""
    only: Annotated[list[str], BeforeValidator(_to_list)] = Field(default_factory=list)
    """Only these systems, or these models."""
    engine: Annotated[EngineOptions, BeforeValidator(_to_engine)] = Field(default_factory=EngineOptions)
    """Where the work runs: local, or a mapping with the kind ray, the cluster's address and what workers take."""
    output: FilePath | None = None
    """Folder of the run (default: results/NAME in the working directory)."""

    @field_validator("labels")
    @classmethod
    def _require_file(cls, labels: Path | str | None) -> Path | str | None:
        if isinstance(labels, Path) and labels.exists() and not labels.is_file():
            what = "a folder" if labels.is_dir() else "not a regular file"
            raise ValueError(f"{labels.name} is {what}; name a .jsonl file, which need not exist yet")
        return labels

    @model_validator(mode="after")
    def _check_references(self) -> Self:
        """Keys that name each other must fit: prompts of models, workers of the engine, names of scorers."""
        problems = [*self._check_prompts(), *self._check_scorers()]
        names = [*self.models, "verifier", "scorers"]
        problems += [
            (("engine", "workers", name), f"nothing with this name can have workers; {suggest_name(name, names)}")
            for name in self.engine.workers
            if name not in names
        ]
        if problems:
            raise refuse(problems)
        return self

    def _check_prompts(self) -> Iterator[tuple[Key, str]]:
        for name, model in self.models.items():
            if not isinstance(model, GenerativeModel):
                continue
            if not self.prompts:
                yield ("models", name), "is a generative model, and the config has no prompts"
            for prompt, times in Counter(model.prompts).items():
                if prompt not in self.prompts:
                    message = f"there is no prompt {prompt!r}; {suggest_name(prompt, list(self.prompts))}"
                    yield ("models", name, "prompts"), message
                elif times > 1:
                    message = f"names {prompt!r} {times} times; name it once (for more summaries, set samples)"
                    yield ("models", name, "prompts"), message

    def _check_scorers(self) -> Iterator[tuple[Key, str]]:
        """Two scorers with one name would give two values to one metric."""
        names = [scorer.name for scorer in self.scorers]
        for index, scorer in enumerate(self.scorers):
            if scorer.name in names[:index]:
                alias = ", or give it an alias" if "alias" in type(scorer).model_fields else ""
                yield ("scorers", index), f"{scorer.name!r} is listed twice; remove one{alias}"
