"""``harness selftest CONFIG``."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import click

from harness.cli import outputs
from harness.cli.echo import echo
from harness.cli.options import PATH, all_overrides, limit_option, quiet_option, set_option

FORMATS = ("md", "json")
"""The endings of a file's name, each a format."""


@click.command()
@click.argument("config", type=PATH)
@set_option
@limit_option
@click.option("--seed", type=click.IntRange(0), help="Seed of edits and resampling (default: the config's).")
@click.option("--each", type=click.IntRange(1), default=3, show_default=True, help="Edits of each kind per reference.")
@click.option("--format", "form", type=click.Choice(["terminal", *FORMATS]), help="What to print.")
@click.option("-o", "--output", multiple=True, type=PATH, help="Write a .md or a .json; as often as needed.")
@quiet_option
def command(
    config: Path, overrides: tuple[str, ...], limit: int | None, seed: int | None, each: int, form: str | None,
    output: tuple[Path, ...], quiet: bool,
) -> None:  # fmt: skip  # one signature
    """Inject errors into the references and facts of CONFIG's articles, and count what its verifier and metrics notice.

    Six kinds of error: a wrong number, date or name, a negation, two names exchanged, an invented detail. Harmless
    paraphrases are the control. No model of CONFIG runs, and only English articles are tested. Errors are made by rule
    and some read oddly: compare kinds and metrics, and expect none to reach 100%.
    """
    from harness import config as configs
    from harness import progress
    from harness.data import articles
    from harness.trust import selftest
    from harness.trust import selftest_report as report

    progress.quiet = quiet
    for path in output:
        outputs.checked(path, () if form else FORMATS)
    checked = configs.load(config, all_overrides(overrides, limit=limit, seed=seed))
    tested = selftest.run(checked, articles.load(*checked.articles, limit=checked.limit), each)
    outputs.deliver(partial(report.document, tested, whole=False), partial(report.render, tested), form, output)
    for problem in tested.problems:
        echo(f"harness: {problem}", err=True)
    sys.exit(1 if tested.problems else 0)
