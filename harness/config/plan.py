"""Plan the systems and articles of a run, and the requests for its summaries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from harness.config import RunConfig, prompts
from harness.config.layers import config_error
from harness.data import labels
from harness.data.articles.loading import Articles
from harness.data.validation import suggest_name
from harness.errors import ConfigError, DataError, Problem
from harness.files import show, suggest_file
from harness.records import Item, Message, Request, System
from harness.seams import GenerativeModel, Model
from harness.signature import digest
from harness.text import normalise

SHARD = 500
"""Number of summaries to hold in memory at once, with their texts, verdicts and scores."""


@dataclass(frozen=True)
class Plan:
    """Every summary of a run: systems × articles × samples."""

    config: RunConfig
    items: Articles
    systems: tuple[System, ...]

    def requests(self, system: System, items: Iterable[Item]) -> Iterator[Request]:
        """Yield the requests of one system for these articles, in order."""
        model = self.config.models[system.model]
        for item in items:
            messages = self.messages(system, item)
            for sample in range(model.samples_for(item, system.variant)):
                hashed = digest(self.config.seed, system.name, item.article.id, sample)
                seed = int(hashed, 16) % 2**63 if model.sampled else 0
                yield model.request(item, system.name, messages, sample, seed, system.variant)

    def shards(self) -> Iterator[tuple[Item, ...]]:
        return split_into_shards(self.items, len(self.systems))

    def count_summaries(self) -> int:
        models = self.config.models
        return sum(models[each.model].samples_for(item, each.variant) for item in self.items for each in self.systems)

    def messages(self, system: System, item: Item) -> tuple[Message, ...]:
        """Render the prompt of a system for an article; a baseline has no messages."""
        if system.prompt is None:
            return ()
        try:
            return prompts.render_messages(self.config.prompts[system.prompt], item.article)
        except ConfigError as error:
            raise config_error(self.config.layers, ("prompts", system.prompt), str(error)) from None


def check_sources(config: RunConfig) -> None:
    """Raise ConfigError for article sources that do not exist, each with its line in the config."""
    start = "the working folder" if config.layers.is_override("articles") else "the config's folder"
    remedy = f"; paths are relative to {start}"
    problems = [
        config.layers.problem(("articles", at), f"{show(source)} does not exist{suggest_file(source) or remedy}")
        for at, source in enumerate(config.articles)
        if isinstance(source, Path) and not source.exists()
    ]
    if problems:
        raise ConfigError.of(problems)


def check_labels(config: RunConfig) -> None:
    """Raise ConfigError if the config's file of labels is a folder, or has lines but no labels."""
    try:
        if config.labels:
            labels.require_labels(config.labels)
    except DataError as error:
        raise config_error(config.layers, ("labels",), str(error)) from None


def make_plan(config: RunConfig, items: Articles) -> Plan:
    """Plan the run of a config on these articles.

    Raises ConfigError if there is no system, two share a name, ``only`` names an unknown one, or a plugin is unusable.
    """
    systems = [system for name, model in config.models.items() for system in _list_systems(config, name, model)]
    if not systems:
        raise config_error(config.layers, ("models",), "is empty; add a model, e.g. lead: {kind: lead}")
    names = [" ".join(normalise(system.name).split()) for system in systems]  # "copy" and "copy " look alike
    if at := next((at for at, name in enumerate(names) if name in names[:at]), None):
        message = f"two systems have the name {names[at]!r}; rename one of them, or list each of a model's prompts once"
        raise config_error(config.layers, ("models", systems[at].model), message)
    chosen = _select_systems(config, systems)
    problems = [
        config.layers.problem(("models", name), fault)
        for name in dict.fromkeys(system.model for system in chosen)
        for fault in config.models[name].check_articles(items.ids, config.limit is None)
    ]
    problems += list_scorer_problems(config, chosen)
    if problems:
        raise ConfigError.of(problems)
    return Plan(config, items, chosen)


def list_scorer_problems(config: RunConfig, systems: Iterable[System]) -> list[Problem]:
    """List the reasons why a config's scorers cannot score these systems."""
    names = [system.name for system in systems]
    return [
        config.layers.problem(("scorers", at), fault)
        for at, scorer in enumerate(config.scorers)
        for fault in scorer.check_systems(names)
    ]


def split_into_shards(items: Iterable[Item], systems: int) -> Iterator[tuple[Item, ...]]:
    """Split the articles, in order, into groups that give about ``SHARD`` summaries with this many systems."""
    remaining = iter(items)
    while shard := tuple(islice(remaining, max(1, SHARD // max(1, systems)))):
        yield shard


def _list_systems(config: RunConfig, name: str, model: Model) -> Iterator[System]:
    signature, kind = model.signature(), model.kind()
    if isinstance(model, GenerativeModel):
        for prompt in config.prompts if model.prompts is None else model.prompts:
            prompt_hash = digest(config.prompts[prompt].model_dump() | {"file": None})  # ignore file paths
            yield System(f"{name}/{prompt}", name, kind, prompt, None, f"{signature}|prompt:{prompt_hash}", model.role)
    else:
        for variant in model.variants() or (None,):
            yield System(variant or name, name, kind, None, variant, signature, model.role)


def _select_systems(config: RunConfig, systems: Sequence[System]) -> tuple[System, ...]:
    """Select the systems that ``only`` names, by system or by model; all systems if ``only`` is empty."""
    selectable = {name for system in systems for name in (system.name, system.model)}
    for requested in config.only:
        if requested not in selectable:
            message = f"there is no system {requested!r}; {suggest_name(requested, sorted(selectable))}"
            if config.layers.is_override("only"):
                raise ConfigError.at("--only", message)
            raise config_error(config.layers, ("only",), message)
    return tuple(each for each in systems if not config.only or {each.name, each.model} & set(config.only))
