"""``harness init DIR``."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import click

from harness.cli.echo import echo, next_steps
from harness.cli.options import PATH
from harness.errors import UsageError
from harness.files import show, write_text

CONFIG = "configs/base.yaml"

_ENTAILMENT = "verifier: entailment\n# verifier: lexical\n"
_LEXICAL = "# verifier: entailment\nverifier: lexical\n"
_BETTER = (
    f"The verifier is lexical, which needs nothing and only compares words: false sentences can pass. Write "
    f"`verifier: entailment` in {CONFIG} for better verdicts; its model (405 MB) is fetched once."
)


@click.command()
@click.argument("folder", metavar="DIR", type=PATH)
def command(folder: Path) -> None:
    """Write a starter project into DIR: a config, an article with two references and eight facts, and two summaries.

    It runs as it is and fetches nothing: the verifier is entailment if its model is on this machine, else lexical.
    Put your own articles beside the first one, and your systems into the config.
    """

    from harness.cli.schema import PLACES, text
    from harness.verifiers.entailment import Entailment
    from harness.weights import store

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{show(folder)} is there already; name a folder that is not there yet, or an empty one")
    starter = resources.files("harness.cli") / "starter"
    with resources.as_file(starter) as here:
        paths = [path for path in here.rglob("[!.]*") if path.is_file()]
        files = {path.relative_to(here).as_posix(): path.read_text("utf-8") for path in paths}
    reads = store.installed(Entailment().backbone)
    if not reads:
        files[CONFIG] = files[CONFIG].replace(_ENTAILMENT, _LEXICAL)
    schemas = {str(PLACES[name]): text(name) for name in PLACES}
    try:
        for name, content in {**files, **schemas, ".gitignore": "/results/\n"}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            write_text(folder / name, content)
    except OSError as error:
        raise UsageError(f"{show(folder)} cannot be written: {error.strerror}; choose another folder") from None
    echo(f"{show(folder)}: a config, and an article with its references and facts")
    echo(next_steps(["cd", show(folder)], ["harness", "run", CONFIG], ["harness", "view"]))
    if not reads:
        echo(_BETTER)
