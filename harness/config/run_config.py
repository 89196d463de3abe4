"""YAML → RunConfig. Everything that can be checked without loading weights is checked here, all of it at once."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from harness.config.builder import Builder
from harness.config.layers import Layers, of_mapping, read
from harness.config.prompts import Prompt, uses_article
from harness.config.trust import require_trust
from harness.data.articles import sources
from harness.data.articles.sources import ArticleSource
from harness.data.validation import suggest_name, validate
from harness.data.yaml import Key
from harness.engines.options import EngineOptions
from harness.errors import ConfigError, DataError, Problem
from harness.files import naming, show
from harness.records import Manifest
from harness.seams import DEFAULT_VERIFIER, FilePath, GenerativeModel, Model, Scorer, Verifier
from harness.text import encodable

_NOT_FOLLOWED = ("models", "prompts", "engine", "output", "extends")
"""Keys of a manifest that rescoring ignores: no summary is generated, and the user says where the work is done."""
_JUDGING = ("verifier", "scorers", "labels", "articles", "engine")
"""Keys that a run is scored again by; the others say which summaries are made, and where."""
_STAND_INS: dict[str, Any] = {"articles": ["."], "models": {}, "verifier": "lexical", "scorers": ["length"]}
"""What is checked in the place of a setting that has a problem: something that has none."""
_LONGEST = 100
"""Letters of the name of a model or a prompt: two of them and a dash are a file's name."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")


def _listed(value: object) -> object:
    return [value] if isinstance(value, str | dict) else value


def _kind(value: object) -> object:
    return {"kind": value} if isinstance(value, str) else value


class Settings(BaseModel):
    """A config file: which articles are summarised by which systems, and how the summaries are judged."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    name: str = Field("", pattern=r"^([A-Za-z0-9_-][A-Za-z0-9._-]{0,199})?$")
    """Name of the run; where it is left out, its folder's name, or the file's."""
    articles: Annotated[list[Any], BeforeValidator(_listed), Field(min_length=1)]
    """Folders in the layout of references/, JSONL, CSV and Parquet files, and data sets; relative to this file."""
    models: dict[str, dict[str, Any]]
    """Summarisers by name: each has a kind, and the options of that kind."""
    prompts: dict[str, str | dict[str, Any]] = Field(default_factory=dict)
    """Prompts by name: a template, or a mapping with template or file. Each generative model runs under each."""
    verifier: str | dict[str, Any] = DEFAULT_VERIFIER
    """What judges facts and claims: a kind, or a mapping with a kind and its options."""
    scorers: list[str | dict[str, Any]] = Field(min_length=1)
    """What is computed: kinds, or mappings with a kind and its options."""
    labels: FilePath | None = None
    """JSONL file for people's labels of all the articles; where it is left out, they lie beside the articles."""
    seed: int = Field(0, ge=0, lt=2**63)
    """Seed of everything that is random."""
    limit: int | None = Field(None, ge=1)
    """Only the first so many articles."""
    only: Annotated[list[str], BeforeValidator(_listed)] = Field(default_factory=list)
    """Only these systems."""
    engine: Annotated[EngineOptions, BeforeValidator(_kind)] = Field(default_factory=EngineOptions)
    """How the work is spread: local, or a mapping with the kind ray, the cluster's address and what workers take."""
    output: FilePath | None = None
    """Folder of the run; results/NAME in the working directory where it is left out."""

    @field_validator("labels")
    @classmethod
    def _a_file(cls, labels: Path | None) -> Path | None:
        if labels is not None and labels.exists() and not labels.is_file():
            what = "a folder" if labels.is_dir() else "no file that has an end"
            raise ValueError(f"{labels.name} is {what}; name a .jsonl file, which need not be there yet")
        return labels


@dataclass(frozen=True)
class RunConfig:
    """A config that has been checked: plugins made, prompts read."""

    name: str
    file: str
    articles: tuple[ArticleSource, ...]
    models: Mapping[str, Model]
    prompts: Mapping[str, Prompt]
    verifier: Verifier
    scorers: tuple[Scorer, ...]
    seed: int
    limit: int | None
    only: tuple[str, ...]
    labels: Path | None
    engine: EngineOptions
    output: Path
    layers: Layers = field(repr=False)


def load(path: Path, overrides: Sequence[str] = (), imports: bool = True) -> RunConfig:
    """The config in a YAML file, under ``key=value`` overrides; ConfigError names everything that is wrong.

    Without ``imports`` no code but harness's own is imported: the options of others' plugins are not checked.
    """
    if encodable(show(path)) != show(path):  # a manifest names it
        raise ConfigError(f"{show(path)}: its name is not UTF-8; give the file another")
    with naming(ConfigError):
        return _checked(read(path, overrides), path.stem, imports)


def list_warnings(config: RunConfig) -> Iterable[str]:
    """What a config does that its user may not expect of it, though it may do it."""
    yield from (
        f"prompts.{name}: nothing of the article stands in it, so every article is asked the same; write "
        f"{{{{ article.text }}}} where it belongs"
        for name, prompt in config.prompts.items()
        if not uses_article(prompt)
    )
    output, here = config.output, Path.cwd()
    from_file = not isinstance(config.layers.origins.get(("output",), ""), str)
    if from_file and not output.resolve().is_relative_to(here):
        yield f"output: the config has the run written to {show(output)}, outside of the working folder"


def load_judging(manifest: Manifest, folder: Path, overrides: Sequence[str] = ()) -> RunConfig:
    """What judges the run in a folder: no model is made, so none needs to be there.

    UntrustedError where the manifest names what is not followed unasked, and ``overrides`` name nothing in its place;
    ConfigError where it names what this harness does not have, as one of an older harness may.
    """
    own = {name: value for name, value in manifest.config.items() if name not in _NOT_FOLLOWED} | {"models": {}}
    file = show(folder / "manifest.json")
    layers = of_mapping(own, folder, file, overrides)
    require_trust(layers, folder)
    try:
        return _checked(layers, str(own.get("name", "")))
    except ConfigError as error:
        if not any(problem.file == file for problem in error.problems):
            raise  # what was typed is wrong, and not the manifest
        raise ConfigError(f"{error}\n{_score_again(manifest, folder)}", error.problems) from None


def check_judging(overrides: Iterable[str]) -> None:
    """ConfigError for an override of a key that a run is not scored again by."""
    for place in (override.partition("=")[0].strip() for override in overrides):
        key = _top_level(place)
        if key in Settings.model_fields and key not in _JUDGING:
            raise ConfigError.at(
                f"--set {place}",
                f"the summaries stay as they are, and {key} is not read; what may be set here is "
                f"{', '.join(_JUDGING)}; set {key} with harness run",
            )


def _score_again(manifest: Manifest, folder: Path) -> str:
    """What to do about a manifest whose options this harness does not take."""
    words = ["harness", "score", show(folder), "--config", manifest.config_file or "CONFIG"]
    return f"the run was judged by an older harness, or its manifest was changed; judge it anew: {shlex.join(words)}"


def load_verifier(kind: str, options: Sequence[str] = ()) -> Verifier:
    """A verifier by kind, or that of a config whose file is named; with ``option=value`` as a person types them."""
    if chosen := [option for option in options if option.startswith("verifier=")]:
        raise ConfigError(f"--set {chosen[0]}: sets no option of {kind}; choose another with --verifier KIND")
    overrides = [f"verifier.{option.removeprefix('verifier.')}" for option in options]
    if Path(kind).suffix in (".yaml", ".yml"):
        layers = read(Path(kind), overrides)
        if "verifier" not in layers.data:
            raise ConfigError(f"{kind} names no verifier; add one, such as verifier: entailment")
    else:
        layers = of_mapping({"verifier": {"kind": kind}}, Path.cwd(), "", overrides)
    build = Builder(layers)
    verifier = build.plugin(Verifier, layers.data["verifier"], ("verifier",))
    if verifier is None or build.problems:
        raise ConfigError.of(build.problems)
    return verifier


def load_source(name: str) -> ArticleSource:
    """Where articles come from, as typed on the command line: a path, or a data set on the hub."""
    layers = of_mapping({"articles": sources.typed(name, {})}, Path.cwd(), "")
    return sources.source(layers.data["articles"], (), layers)


def _checked(layers: Layers, stem: str, imports: bool = True) -> RunConfig:
    settings, problems = _settings(layers, layers.data)
    is_sound = not problems
    build = Builder(layers, imports)
    articles = [build.source(entry, ("articles", at)) for at, entry in enumerate(settings.articles)]
    models = build.models(settings.models)
    verifier = build.plugin(Verifier, settings.verifier, ("verifier",))
    scorers = [build.plugin(Scorer, each, ("scorers", at)) for at, each in enumerate(settings.scorers)]
    templates = {name: build.prompt(entry, name) for name, entry in settings.prompts.items()}
    problems += [*build.problems, *_name_problems(settings, layers)]
    if is_sound:  # else what one setting says of another may be wrong for want of the other
        problems += [*_prompt_problems(models, templates, layers), *_worker_problems(settings, layers)]
    problems += _repeated_scorers(scorers, layers)
    if problems or verifier is None:
        raise ConfigError.of(problems)
    name = _run_name(settings, layers, stem)
    return RunConfig(
        name=name,
        file=layers.file,
        articles=tuple(source for source in articles if source is not None),
        models={name: model for name, model in models.items() if model is not None},
        prompts={name: prompt for name, prompt in templates.items() if prompt is not None},
        verifier=verifier,
        scorers=tuple(scorer for scorer in scorers if scorer is not None),
        seed=settings.seed,
        limit=settings.limit,
        only=tuple(settings.only),
        labels=settings.labels,
        engine=settings.engine,
        output=settings.output or Path("results", name),
        layers=layers,
    )


def _settings(layers: Layers, data: Mapping[str, Any]) -> tuple[Settings, list[Problem]]:
    """The settings, and what is wrong with some of them: these are left out, or have a stand-in."""
    try:
        return validate(Settings, data, (), layers), []
    except DataError as error:
        problems = list(error.problems)
    faulty = {_top_level(problem.key) for problem in problems}
    wrong = {name for name in (*data, *_STAND_INS) if _top_level(name) in faulty}
    sound = {name: value for name, value in data.items() if name not in wrong}
    settings, more = _settings(layers, sound | {name: _STAND_INS[name] for name in wrong if name in _STAND_INS})
    return settings, [*problems, *more]


def _top_level(key: str) -> str:
    """The setting in which a key stands: ``models`` for ``models.lead.kind``, ``scorers`` for ``scorers[0]``."""
    return key.partition(".")[0].partition("[")[0]


def _run_name(settings: Settings, layers: Layers, stem: str) -> str:
    """What the run is called: as ``-o`` or ``name`` says, the later one; else its folder's name, or the file's."""
    named_by = [key for key in ("name", "output") if isinstance(layers.origins.get((key,)), str)]
    folder = settings.output.resolve().name if settings.output else ""
    if folder and (named_by == ["output"] or not settings.name):
        return _NO_NAME.sub("-", folder).strip("-") or stem
    return settings.name or stem


def _name_problems(settings: Settings, layers: Layers) -> Iterable[Problem]:
    """A name that could not stand in a table, a link and a command."""
    for section in ("models", "prompts"):
        for name in getattr(settings, section):
            if not _NAME.fullmatch(name):
                rule = "begin with a letter or a digit, and write letters, digits, dots, dashes and underscores"
                yield layers.problem((section, name), f"{name!r} is not a name; {rule}")
            elif len(name) > _LONGEST:
                yield layers.problem((section, name), f"has {len(name)} letters; write {_LONGEST} at most")


def _prompt_problems(
    models: Mapping[str, Model | None], templates: Mapping[str, Prompt | None], layers: Layers
) -> Iterable[Problem]:
    for name, model in models.items():
        if not isinstance(model, GenerativeModel):
            continue
        key: Key = ("models", name)
        if not templates:
            yield layers.problem(key, "is a generative model, and the config has no prompts")
        for prompt, times in Counter(model.prompts).items():
            if prompt not in templates:
                message = f"there is no prompt {prompt!r}; {suggest_name(prompt, list(templates))}"
                yield layers.problem((*key, "prompts"), message)
            elif times > 1:
                message = f"names {prompt!r} {times} times; name it once, and for more summaries set samples"
                yield layers.problem((*key, "prompts"), message)


def _worker_problems(settings: Settings, layers: Layers) -> Iterable[Problem]:
    names = [*settings.models, "verifier", "scorers"]
    for name in settings.engine.workers:
        if name not in names:
            message = f"there is nothing of this name that could have workers; {suggest_name(name, names)}"
            yield layers.problem(("engine", "workers", name), message)


def _repeated_scorers(scorers: Sequence[Scorer | None], layers: Layers) -> Iterable[Problem]:
    """Two scorers of one name would give two values under one metric's name."""
    names = [scorer.name if scorer is not None else "" for scorer in scorers]
    for index, scorer in enumerate(scorers):
        if scorer is not None and scorer.name in names[:index]:
            other = ", or give it an alias" if "alias" in type(scorer).model_fields else ""
            yield layers.problem(("scorers", index), f"{scorer.name!r} is there already; take one of them out{other}")
