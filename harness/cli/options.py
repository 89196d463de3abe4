"""Options and arguments that several commands share."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from harness import progress
from harness.errors import UsageError

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

PATH = click.Path(path_type=Path)
"""A file, a folder or a run; it need not exist."""
NO_MODELS = ("models={}", "facts=null", "engine=local", "scorers=[length]")
"""Overrides for a command that calls neither models nor scorers, so that these need no API keys."""


def combine_options(*options: Decorator) -> Decorator:
    """Combine options into one decorator; ``--help`` shows them in this order."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


# Options that override the config. The command takes all of them as one parameter, ``overrides``.


def override_option(*names: str, key: str = "", inside: str = "", **attributes: Any) -> Decorator:
    """Make an option that overrides the config key ``key`` (default: the option's name).

    The key's new value is the option's value; with ``inside``, it is the mapping ``{inside: value}``.
    """

    def add(context: click.Context, option: click.Parameter, value: object) -> None:
        overrides: list[str] = context.params.setdefault("overrides", [])
        if value not in (None, ()):
            overrides.append(f"{key or option.name}={json.dumps({inside: value} if inside else value)}")

    return click.option(*names, **attributes, expose_value=False, callback=add)


def set_option(description: str = "Override a config key, e.g. models.smollm2.batch_size=4 (repeatable).") -> Decorator:
    """Make ``--set``. Other options override its values."""

    def put_first(context: click.Context, _option: click.Parameter, typed: tuple[str, ...]) -> None:
        context.params.setdefault("overrides", [])[:0] = typed

    return click.option(
        "--set", multiple=True, metavar="KEY=VALUE", expose_value=False, callback=put_first, help=description
    )


override_limit_option = override_option(
    "-L", "--limit", type=click.IntRange(1), metavar="N", help="Use only the first N articles."
)
run_options = combine_options(
    override_limit_option,
    override_option(
        "--only", multiple=True, metavar="SYSTEM", help="Only this system, or all systems of this model (repeatable)."
    ),
    override_option("--seed", type=click.IntRange(0), metavar="N", help="Random seed for the whole run."),
    override_option(
        "-o", "--output", metavar="FOLDER", help="Folder of the run (default: output in CONFIG, or results/NAME)."
    ),
)


# Other options


def quiet_option(description: str = "Show no progress.") -> Decorator:
    """Make ``--quiet``, which sets ``progress.quiet``."""

    def set_quiet(_context: click.Context, _option: click.Parameter, value: bool) -> None:
        progress.quiet = value

    return click.option("-q", "--quiet", is_flag=True, expose_value=False, callback=set_quiet, help=description)


limit_option = click.option("-L", "--limit", type=click.IntRange(1), metavar="N", help="Use only the first N articles.")
seed_option = click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, metavar="N", help="Random seed for resampling."
)
verifier_options = combine_options(
    click.option(
        "--verifier", "kind", default="entailment", show_default=True, metavar="KIND",
        help="The verifier, or a config that names one.",
    ),
    click.option(
        "--set", "options", multiple=True, metavar="OPTION=VALUE", help="Set an option of the verifier (repeatable).",
    ),
)  # fmt: skip  # one or two lines per option


def trust_option(*names: str) -> Decorator:
    """Add ``--trust``, which marks the runs in the parameters ``names`` as trusted before the command starts."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @click.option(
            "--trust", is_flag=True,
            help="Trust a run that was made elsewhere: use the code and servers that its manifest names, now and in "
            "later commands.",
        )  # fmt: skip  # more compact
        @wraps(command)
        def trust_runs(trust: bool, **values: Any) -> Any:
            given = [values[name] for name in names]
            runs = [path for value in given for path in (value if isinstance(value, tuple) else [value])]
            if trust and not runs:
                raise UsageError("--trust needs the names of the runs, e.g. --trust results/base")
            if trust:
                from harness.config.trust import trust_run
                from harness.data.runs.results import RunFolder

                for folder in [RunFolder(path) for path in runs if path.suffix != ".jsonl"]:
                    folder.manifest  # noqa: B018  # raises if this is not a run
                    trust_run(folder.path)
            return command(**values)

        return trust_runs

    return decorate
