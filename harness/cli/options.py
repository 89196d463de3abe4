"""Options that several commands share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypedDict, get_args

import click

from harness.errors import UsageError
from harness.records import FactKind, Importance

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


PATH = click.Path(path_type=Path)
"""A file, a folder or a run, which need not be there."""
IMPORTANCES: click.Choice[str] = click.Choice(get_args(Importance))
KINDS: click.Choice[str] = click.Choice(get_args(FactKind))


def together(*options: Decorator) -> Decorator:
    """Several options as one decorator; ``--help`` shows them in this order."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


set_option = click.option(
    "--set", "overrides", multiple=True, metavar="KEY=VALUE",
    help="Override a key, as models.smollm2.batch_size=4; as often as needed.",
)  # fmt: skip  # one option

trust_option = click.option(
    "--trust", is_flag=True,
    help="Read the manifest of a run that was not made here; this then uses what it names, code and servers too.",
)  # fmt: skip  # one option
"""What the manifests of the runs name is followed, now and later; see ``trusted``."""

limit_option = click.option("-L", "--limit", type=click.IntRange(1), help="Only the first so many articles.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="No progress.")
silent_option = click.option("-q", "--quiet", is_flag=True, help="No progress, no table: only what went wrong.")
"""Of a command that ends with the table of a report."""

judging = together(
    click.option(
        "--verifier", "kind", default="entailment", show_default=True, metavar="KIND",
        help="The verifier that judges, or a config that names one.",
    ),
    click.option(
        "--set", "options", multiple=True, metavar="OPTION=VALUE",
        help="An option of the verifier; as often as needed.",
    ),
)  # fmt: skip  # an option a line or two
"""Which verifier, and its options."""

narrowing = together(
    limit_option,
    click.option("--only", multiple=True, metavar="SYSTEM", help="Only this system, or model; as often as needed."),
    click.option("--seed", type=click.IntRange(0), help="Seed of everything that is random."),
    click.option("-o", "--output", metavar="FOLDER", help="Folder of the run (default: results/NAME)."),
)
"""What narrows or redirects a run."""

engine_options = together(
    click.option("--engine", type=click.Choice(["local", "ray"]), help="How the work is spread (default: local)."),
    click.option("--address", metavar="HOST:PORT", help="Head of the Ray cluster; without it, this machine alone."),
)

fact_options = together(
    click.option("--id", metavar="ID", help="Short name, unique in the article (default: from the statement)."),
    click.option("--statement", help="One sentence that can be understood on its own."),
    click.option("--importance", type=IMPORTANCES, help="How much a summary needs it (default: supporting)."),
    click.option("--kind", type=KINDS, help="What a summary would get wrong about it (default: event)."),
    click.option("--evidence", help="The passage of the article that says it, letter by letter."),
    click.option("--accepted", multiple=True, help="Another wording that says the same; as often as needed."),
    click.option("--contradiction", multiple=True, help="A plausible false version; as often as needed."),
)
"""The keys of a fact, which ``add`` and ``edit`` take."""


class FactOptions(TypedDict):
    """What ``fact_options`` give; None or empty where one is left out."""

    id: str | None
    statement: str | None
    importance: str | None
    kind: str | None
    evidence: str | None
    accepted: tuple[str, ...]
    contradiction: tuple[str, ...]


def trusted(runs: Iterable[Path], trust: bool) -> None:
    """Note that these runs are trusted, where the option says so."""
    from harness.config.trust import trust_run
    from harness.data.runs.results import RunFolder

    for folder in [RunFolder(run) for run in runs if trust and run.suffix != ".jsonl"]:
        folder.manifest  # noqa: B018  # RunFolderError where it is no run
        trust_run(folder.path)


def engine_override(engine: str | None, address: str | None) -> list[str]:
    """The two options as an override; UsageError for an address that no engine would look at."""

    if address and engine != "ray":
        raise UsageError("--address is the head of a Ray cluster; add --engine ray")
    options = {"kind": engine, **({"address": address} if address else {})}
    return [f"engine={json.dumps(options)}"] if engine else []


def all_overrides(overrides: tuple[str, ...], **options: object) -> list[str]:
    """The ``--set`` values, and the options that stand for one each."""

    values = {name: list(value) if isinstance(value, tuple) else value for name, value in options.items()}
    return [*overrides, *(f"{name}={json.dumps(value)}" for name, value in values.items() if value not in (None, []))]
