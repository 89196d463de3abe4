"""A config as it was run, for its manifest: all options in full, templates inline, paths relative to a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness import plugins
from harness.config.layers import has_variable, literal
from harness.config.prompts import Prompt
from harness.config.run_config import RunConfig
from harness.data.articles import sources
from harness.files import portable
from harness.plugins import Nested
from harness.seams import Model, Plugin
from harness.weights.source import placed


def resolve(config: RunConfig, folder: Path) -> dict[str, Any]:
    """The config as it was run: all options in full, templates inline, paths relative to ``folder``.

    A value that came from an environment variable stays the variable, since it may be private; a path does not.
    """
    written = config.layers.written
    return {
        "name": config.name,
        "models": {name: _options(model, written["models"][name], folder) for name, model in config.models.items()},
        "prompts": {
            name: _resolved_prompt(prompt, written["prompts"][name]) for name, prompt in config.prompts.items()
        },
        **resolve_judging(config, folder),
        "seed": config.seed,
        "limit": config.limit,
        "only": list(config.only),
    }


def resolve_judging(config: RunConfig, folder: Path) -> dict[str, Any]:
    """The part of the config that judges and scores a run, and on what, in full."""
    written = config.layers.written
    scorers = zip(config.scorers, written["scorers"], strict=True)
    return {
        "articles": [sources.written(source, folder) for source in config.articles],
        "verifier": _options(config.verifier, written.get("verifier"), folder),
        "scorers": [_options(scorer, source, folder) for scorer, source in scorers],
        **({"labels": portable(config.labels, folder)} if config.labels else {}),
    }


def _resolved_prompt(prompt: Prompt, as_written: object) -> object:
    full = prompt.model_dump(exclude={"file"}, exclude_none=True)
    return _written(full, {"template": as_written} if isinstance(as_written, str) else as_written)


def _written(value: Any, as_written: object) -> Any:
    """A value as a config writes it, whatever of it came from an environment variable as it was written."""
    if has_variable(as_written):
        return str(as_written)
    if isinstance(value, dict):
        below = as_written if isinstance(as_written, Mapping) else {}
        return {name: _written(each, below.get(name)) for name, each in value.items()}
    if isinstance(value, list | tuple):
        items = as_written if isinstance(as_written, list) and len(as_written) == len(value) else [None] * len(value)
        return [_written(each, of) for each, of in zip(value, items, strict=True)]
    return literal(value) if isinstance(value, str) else value


def _options(plugin: Plugin, source: object, folder: Path) -> dict[str, Any]:
    """All options of a plugin, as a config writes them; ``source`` is what the config says of it."""
    as_written = source if isinstance(source, dict) else {}
    full = {"kind": as_written.get("kind", plugin.kind()), **plugin.model_dump(mode="python")}
    nested, named = plugins.nested(type(plugin)), _named(plugin)
    for name, value in full.items():
        if name in nested:
            full[name] = _options_of_parts(nested[name], getattr(plugin, name), as_written.get(name), folder)
        elif isinstance(value, Path):
            full[name] = portable(value, folder)
        else:
            kept = _written(value, as_written.get(name))
            is_path = name in named and Path(kept).is_absolute()
            full[name] = portable(Path(kept), folder) if is_path else kept
    return full


def _named(plugin: Plugin) -> frozenset[str]:
    """The options that take a name or a path. Other text that begins with a slash is no path, nor is the name that the
    server at a ``base_url`` gives its model."""
    if getattr(plugin, "base_url", None) is not None:
        return frozenset()
    fields = type(plugin).model_fields.items()
    return frozenset(
        name for name, field in fields if any(getattr(each, "func", None) is placed for each in field.metadata)
    )


def _options_of_parts(part: Nested, part_or_parts: Any, as_written: Any, folder: Path) -> object:
    """The plugins that an option holds as a config writes them: a model by its name, others with all their options."""
    if part_or_parts is None or part.seam is Model:
        return None if part_or_parts is None else str(as_written)
    if part.several:
        each_given = as_written or [{}] * len(part_or_parts)
        return [_options(part, options, folder) for part, options in zip(part_or_parts, each_given, strict=True)]
    return _options(part_or_parts, as_written, folder)
