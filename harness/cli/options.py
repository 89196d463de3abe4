"""Options that several commands share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from harness.errors import UsageError

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

PATH = click.Path(path_type=Path)
"""A file, a folder or a run; it need not exist."""


def combine_options(*options: Decorator) -> Decorator:
    """Combine options into one decorator; ``--help`` shows them in this order."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


set_option = click.option(
    "--set", "overrides", multiple=True, metavar="KEY=VALUE",
    help="Override a config key, e.g. models.smollm2.batch_size=4 (repeatable).",
)  # fmt: skip  # one option

trust_option = click.option(
    "--trust", is_flag=True,
    help="Trust this run's manifest although it was made elsewhere: use the code and servers it names, now and "
    "from now on.",
)  # fmt: skip  # one option

limit_option = click.option("-L", "--limit", type=click.IntRange(1), metavar="N", help="Use only the first N articles.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
silent_option = click.option("-q", "--quiet", is_flag=True, help="Show no progress and no table, only problems.")
seed_option = click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, metavar="N", help="Seed of the resampling."
)

verifier_options = combine_options(
    click.option(
        "--verifier", "kind", default="entailment", show_default=True, metavar="KIND",
        help="The verifier, or a config that names one.",
    ),
    click.option(
        "--set", "options", multiple=True, metavar="OPTION=VALUE", help="Set an option of the verifier (repeatable).",
    ),
)  # fmt: skip  # an option a line or two

narrowing_options = combine_options(
    limit_option,
    click.option("--only", multiple=True, metavar="SYSTEM", help="Only this system, or this model (repeatable)."),
    click.option("--seed", type=click.IntRange(0), metavar="N", help="Random seed for the whole run."),
    click.option("-o", "--output", metavar="FOLDER", help="Folder of the run (default: results/NAME)."),
)
"""Options that narrow or redirect a run."""

engine_options = combine_options(
    click.option("--engine", type=click.Choice(["local", "ray"]), help="Where the work runs (default: local)."),
    click.option("--address", metavar="HOST:PORT", help="Head of the Ray cluster (default: this machine alone)."),
)


def trust_runs(runs: Iterable[Path], trust: bool) -> None:
    """With ``--trust``, remember that these runs are trusted; RunFolderError if one is not a run."""
    from harness.config.trust import trust_run
    from harness.data.runs.results import RunFolder

    for folder in [RunFolder(run) for run in runs if trust and run.suffix != ".jsonl"]:
        folder.manifest  # noqa: B018  # raises if this is not a run
        trust_run(folder.path)


def override_engine(engine: str | None, address: str | None) -> list[str]:
    """Turn ``--engine`` and ``--address`` into an override; UsageError for an address without Ray."""
    if address and engine != "ray":
        raise UsageError("--address is the head of a Ray cluster; add --engine ray")
    options = {"kind": engine, **({"address": address} if address else {})}
    return [f"engine={json.dumps(options)}"] if engine else []


def merge_overrides(overrides: tuple[str, ...], **options: object) -> list[str]:
    """Return the ``--set`` values, followed by an override for each option that was given."""
    values = {name: list(value) if isinstance(value, tuple) else value for name, value in options.items()}
    return [*overrides, *(f"{name}={json.dumps(value)}" for name, value in values.items() if value not in (None, []))]
