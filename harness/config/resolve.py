"""Write a config as it was run, for the run's manifest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.config.layers import escape_variables, find_variables
from harness.config.run_config import RunConfig
from harness.data.articles import sources
from harness.files import portable_path
from harness.seams import Plugin
from harness.weights.source import resolve_model


def resolve(config: RunConfig, folder: Path) -> dict[str, Any]:
    """Return the config as it was run: every option, templates inline, paths relative to ``folder``.

    Environment variables stay ``${NAME}``, because their values may be private; only paths are filled in.
    """
    written = config.layers.written
    prompts = {}
    for name, prompt in config.prompts.items():
        as_mapping = {"template": text} if isinstance(text := written["prompts"][name], str) else text
        prompts[name] = _restore_variables(prompt.model_dump(exclude={"file"}, exclude_none=True), as_mapping)
    return {
        "name": config.name,
        "models": {
            name: _list_options(model, written["models"][name], folder) for name, model in config.models.items()
        },
        "prompts": prompts,
        **({"facts": config.facts.model_dump()} if config.facts else {}),
        "seed": config.seed,
        "limit": config.limit,
        "only": list(config.only),
        **resolve_judging(config, folder),
    }


def resolve_judging(config: RunConfig, folder: Path) -> dict[str, Any]:
    """Return the part of the config that verifies and scores a run, including the articles."""
    written = config.layers.written
    scorers = zip(config.scorers, written["scorers"], strict=True)
    return {
        "articles": [sources.dump_source(source, folder) for source in config.articles],
        "verifier": _list_options(config.verifier, written.get("verifier"), folder),
        "scorers": [_list_options(scorer, as_written, folder) for scorer, as_written in scorers],
        **({"labels": portable_path(config.labels, folder)} if config.labels else {}),
        **({} if config.use_labels else {"labels": "none"}),
        **({"limit": config.limit} if config.facts else {}),  # suggesting facts may have removed it
    }


def _list_options(plugin: Plugin, as_written: object, folder: Path) -> dict[str, Any]:
    """List the kind and all options of a plugin; ``as_written`` is the plugin's entry in the config."""
    given = as_written if isinstance(as_written, dict) else {}
    options = {"kind": given.get("kind", plugin.kind()), **plugin.model_dump(mode="python")}
    fields = type(plugin).model_fields.items()
    models = {  # options that accept a model's name or its path
        name for name, field in fields if resolve_model in (getattr(each, "func", None) for each in field.metadata)
    }
    for name, value in options.items():
        part = getattr(plugin, name)
        if isinstance(part, Plugin):
            options[name] = _list_options(part, given.get(name), folder)
        elif isinstance(part, list | tuple) and any(isinstance(each, Plugin) for each in part):
            each_given = given.get(name) or [{}] * len(part)
            options[name] = [_list_options(one, each, folder) for one, each in zip(part, each_given, strict=True)]
        elif isinstance(value, Path):
            options[name] = portable_path(value, folder)
        else:
            restored = _restore_variables(value, given.get(name))
            is_path = name in models and Path(restored).is_absolute()
            options[name] = portable_path(Path(restored), folder) if is_path else restored
    return options


def _restore_variables(value: Any, as_written: object) -> Any:
    """Put ``${NAME}`` back wherever the config has it, and escape other strings."""
    if find_variables(as_written):
        return str(as_written)
    if isinstance(value, dict):
        below = as_written if isinstance(as_written, Mapping) else {}
        return {name: _restore_variables(each, below.get(name)) for name, each in value.items()}
    if isinstance(value, list | tuple):
        items = as_written if isinstance(as_written, list) and len(as_written) == len(value) else [None] * len(value)
        return [_restore_variables(each, item) for each, item in zip(value, items, strict=True)]
    return escape_variables(value) if isinstance(value, str) else value
