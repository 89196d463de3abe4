"""Read a config: check everything that needs no weights, and report all problems at once."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from harness.config.layers import Layers, layer_mapping, read_layers
from harness.config.prompts import Prompt, uses_article
from harness.config.settings import Settings, SuggestionOptions, build_context
from harness.config.trust import require_trust
from harness.data.articles import sources
from harness.data.articles.folder import is_article, list_text_files
from harness.data.articles.sources import ArticleSource
from harness.data.validation import collect_problems, validate
from harness.document.format import shorten_list
from harness.engines import EngineOptions
from harness.errors import ConfigError, DataError, Problem, RunFolderError
from harness.files import show, stable_path, suggest_file, translate_errors
from harness.records import Manifest
from harness.seams import DEFAULT_VERIFIER, Model, Scorer, Verifier
from harness.text import replace_surrogates

_IGNORED = ("name", "models", "prompts", "facts", "engine", "output", "extends")
"""Keys of a manifest's config that rescoring ignores: the run already has its name and summaries, and the user chooses
the engine and the folder."""
_JUDGING = ("verifier", "scorers", "labels", "articles", "engine")
"""Keys that rescoring accepts. Other keys decide which summaries exist."""


@dataclass(frozen=True)
class RunConfig:
    """A checked config: plugins built, prompts read."""

    name: str
    file: str
    articles: tuple[ArticleSource, ...]
    facts: SuggestionOptions | None
    """How to suggest facts for articles without any; None to suggest none."""
    models: Mapping[str, Model]
    prompts: Mapping[str, Prompt]
    verifier: Verifier
    scorers: tuple[Scorer, ...]
    seed: int
    limit: int | None
    """Use only the first ``limit`` articles; None for all."""
    only: tuple[str, ...]
    """Use only these systems or models; empty for all."""
    labels: Path | None
    """File with people's labels; None if labels are next to the articles, or ignored."""
    use_labels: bool
    """False for ``labels: none``, which ignores people's labels."""
    engine: EngineOptions
    output: Path
    layers: Layers = field(repr=False)


def load(
    source: str | Path | Mapping[str, Any], overrides: Sequence[str] = (), imports: bool = True, scoring: bool = False
) -> RunConfig:
    """Load the config in a YAML file, or in a mapping with the same keys, with ``key=value`` overrides on top.

    A ConfigError lists every problem. Paths in a mapping are relative to the working directory. Without ``imports``,
    third-party plugins are neither imported nor checked. ``scoring`` keeps only the model that suggests facts.
    """
    if isinstance(source, Mapping):
        return _check(layer_mapping(source, Path.cwd(), "", overrides), "run", imports)
    source = Path(source)
    if replace_surrogates(show(source)) != show(source):  # the manifest records the name
        raise ConfigError(f"{show(source)}: its name is not UTF-8; rename the file")
    with translate_errors(ConfigError):
        if not source.exists():
            remedy = suggest_file(source) or "; for a starter project, run: harness init FOLDER"
            if (config := source.parent / "configs" / source.name).exists():
                remedy = f"; did you mean {show(config)}?"
            raise ConfigError.at(show(source), f"does not exist{remedy}")
        return _check(read_layers(source, overrides, scoring), source.stem, imports)


def load_judging(manifest: Manifest, folder: Path, overrides: Sequence[str] = ()) -> RunConfig:
    """Load the part of a run's config that verifies and scores it. Models are not built, so they need not exist.

    Raises RunFolderError if an untrusted run's manifest names anything that needs trust and ``overrides`` keep it.
    Raises ConfigError if the manifest names something that this version of harness lacks.
    """
    judging = {name: value for name, value in manifest.config.items() if name not in _IGNORED} | {"models": {}}
    file = show(folder / "manifest.json")
    try:
        layers = layer_mapping(judging, folder, file, overrides)
        require_trust(layers, folder)
    except RecursionError:
        raise RunFolderError(f"{file} cannot be read: its config is nested too deeply") from None
    try:
        return _check(layers, manifest.name)
    except ConfigError as error:
        if not any(problem.file == file for problem in error.problems):
            raise  # an override is wrong, not the manifest
        command = shlex.join(["harness", "score", stable_path(folder), "--config", manifest.config_file or "CONFIG"])
        advice = (
            f"{show(folder)} has a config that cannot be read: a plugin is missing, harness has changed, or somebody "
            f"edited the manifest. Correct this, or score the run again: {command}"
        )
        raise ConfigError(f"{advice}\n{error}", error.problems) from None


def check_judging(overrides: Iterable[str]) -> None:
    """Raise ConfigError for an override of a key that rescoring does not accept."""
    for place in (override.partition("=")[0].strip() for override in overrides):
        key = re.split(r"[.\[]", place)[0]
        if key in Settings.model_fields and key not in _JUDGING:
            message = f"harness score keeps the summaries and cannot set {key} (allowed: {', '.join(_JUDGING)})"
            raise ConfigError.at(f"--set {place}", f"{message}; set {key} with harness run")


def load_verifier(kind: str | Path | Mapping[str, Any], options: Sequence[str] = ()) -> Verifier:
    """Load a verifier from its kind, a YAML config, or a mapping with a kind and options; ``options`` are overrides."""
    if chosen := next((option for option in options if option.startswith("verifier=")), None):
        raise ConfigError.at(f"--set {chosen}", f"is not an option of {kind}; for another verifier: --verifier KIND")
    overrides = [f"verifier.{option.removeprefix('verifier.')}" for option in options]
    kind = str(kind) if isinstance(kind, Path) else kind
    if isinstance(kind, str) and Path(kind).suffix in (".yaml", ".yml"):
        layers = read_layers(Path(kind), [*overrides, "models={}"])
    else:
        settings = kind if isinstance(kind, Mapping) else {"kind": kind}
        layers = layer_mapping({"verifier": settings}, Path.cwd(), "", overrides)
        kind = str(settings.get("kind", DEFAULT_VERIFIER))
    # keep unknown keys, so that a misspelt `verifier` is an error instead of the default
    data = {key: value for key, value in layers.data.items() if key == "verifier" or key not in Settings.model_fields}
    try:
        return validate(_VerifierAlone, data, (), layers, build_context()).verifier
    except DataError as error:
        problems = [problem if problem.file else _locate_in_verifier(problem, kind) for problem in error.problems]
        raise ConfigError.of(problems) from None


class _VerifierAlone(BaseModel):
    model_config = ConfigDict(extra="forbid")

    verifier: Verifier = Field(default=DEFAULT_VERIFIER, validate_default=True)


def _locate_in_verifier(problem: Problem, kind: str) -> Problem:
    option = problem.key.removeprefix("verifier").removeprefix(".")
    remedy = f" (on the command line: --set {option}=VALUE)" if problem.message == "is missing" else ""
    key = "" if option == "kind" else option
    return replace(problem, file=f"verifier {kind}", key=key, message=f"{problem.message}{remedy}")


def load_source(name: str) -> ArticleSource:
    """Parse an article source as typed on the command line: a path, or a data set on the hub."""
    layers = layer_mapping({"articles": sources.parse_name(name)}, Path.cwd(), "")
    return sources.parse_source(layers.data["articles"], (), layers)


def list_warnings(config: RunConfig) -> Iterable[str]:
    """Yield warnings about effects that the user of a config may not expect."""
    for name in (name for name, prompt in config.prompts.items() if not uses_article(prompt)):
        effect = "does not use the article, so every article gets the same prompt"
        yield f"prompts.{name}: {effect}; add {{{{ article.text }}}}"
    yield from list_unread(config.articles)
    if not config.layers.is_override("output") and not config.output.resolve().is_relative_to(Path.cwd()):
        yield f"output: this config writes its run to {show(config.output)}, outside the working folder"


def list_unread(sources: Iterable[ArticleSource]) -> Iterable[str]:
    """Yield warnings about texts in folders of articles, at any depth, that are not read as articles."""
    is_text = re.compile(r"(?!readme|licen[cs]e).+\.(md|txt)", re.IGNORECASE).fullmatch
    for folder in (source for source in sources if isinstance(source, Path) and not (source / "article.md").exists()):
        texts = list_text_files(folder)
        others = (path for path in set(folder.glob("[!.]*")).difference(texts) if not is_article(path))
        unread = [path for path in others if any(is_text(each.name) for each in chain([path], path.rglob("[!.]*")))]
        if unread:
            names = shorten_list([path.name + "/" * path.is_dir() for path in sorted(unread)], 3)
            form = ".txt" if texts else "/article.md"
            yield f"{show(folder)}: harness ignores {names}; save each article as {show(folder)}/NAME{form}"


def _check(layers: Layers, stem: str, imports: bool = True) -> RunConfig:
    problems: list[Problem] = []
    settings: Settings | None = None
    articles: list[ArticleSource] = []
    with collect_problems(problems):
        settings = validate(Settings, layers.data, (), layers, build_context(imports))
    entries = layers.data.get("articles", [])
    for at, entry in enumerate(entries if isinstance(entries, list) else [entries]):
        with collect_problems(problems):
            articles.append(sources.parse_source(entry, ("articles", at), layers))
    if settings is None or problems:
        raise ConfigError.of(list(dict.fromkeys(problems)))
    name = _name_run(settings, layers, stem)
    unchanged = ("facts", "models", "prompts", "verifier", "seed", "limit", "engine")
    return RunConfig(
        **{key: getattr(settings, key) for key in unchanged},
        name=name,
        file=layers.file,
        articles=tuple(articles),
        scorers=tuple(settings.scorers),
        only=tuple(settings.only),
        labels=settings.labels if isinstance(settings.labels, Path) else None,
        use_labels=settings.labels != "none",
        output=settings.output or Path("results", name),
        layers=layers,
    )


def _name_run(settings: Settings, layers: Layers, stem: str) -> str:
    """Return the run's name: ``--set name=…``, else ``-o``, else the config's ``name``, ``output`` or file name."""
    only_folder_typed = layers.is_override("output") and not layers.is_override("name")
    folder = settings.output.resolve().name if settings.output else ""
    if folder and (only_folder_typed or not settings.name):
        return re.sub(r"[^\w.-]+", "-", folder).strip("-") or stem
    return settings.name or stem
