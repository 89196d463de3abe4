"""``harness compare RUN RUN…`` and ``harness compare RUN --by system|prompt|model``."""

from __future__ import annotations

import gc
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness.cli import outputs
from harness.cli.options import PATH, trust_option, trusted

if TYPE_CHECKING:
    from harness.compare.sides import By
    from harness.document.blocks import Document

FORMATS = ("md", "html", "json", "csv")
"""The endings of a file's name, each a format."""


@click.command()
@click.argument("runs", nargs=-1, required=True, metavar="RUN...", type=PATH)
@click.option("--by", type=click.Choice(["run", "system", "prompt", "model"]), help="What is set side by side.")
@click.option("--metric", "metrics", multiple=True, metavar="NAME", help="Only this metric; as often as needed.")
@click.option("--against", metavar="NAME", help="Run or side to measure the others against (default: first, or best).")
@click.option("--allow-different", is_flag=True, help="Compare what is shared by runs that were measured differently.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the resampling.")
@click.option("--format", "form", type=click.Choice(["terminal", *FORMATS]), help="What to print.")
@click.option("-o", "--output", multiple=True, type=PATH, help="Write a .md, .html, .json or .csv; as often as needed.")
@trust_option
def command(
    runs: tuple[Path, ...], by: By | None, metrics: tuple[str, ...], against: str | None, allow_different: bool,
    seed: int, form: str | None, output: tuple[Path, ...], trust: bool,
) -> None:  # fmt: skip  # one signature
    """Set runs, or the systems, prompts or models of one, side by side: best first, and which cannot be told apart.

    Several runs are compared system by system, against the first. Their articles, facts, verifier and
    scorers must be the same; if not, it says what differs and stops.

    \b
    harness compare results/base results/short
    harness compare results/base --by prompt -o prompts.html
    """
    # Small matrices: threads of BLAS cost more than they give. Set before numpy is imported, which is below.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.disable()  # a short life with many small records and no cycles

    from harness.compare import comparison as compare
    from harness.compare import report as comparison
    from harness.compare import stored
    from harness.compare.result import ComparisonOptions

    for path in output:
        outputs.checked(path, () if form else FORMATS)
    trusted(runs, trust)
    by = by or ("run" if len(runs) > 1 else "system")
    options = ComparisonOptions(by, metrics, against, allow_different, seed)
    compared = compare.compare(stored.open_all(runs), options)

    def shown() -> Document:
        from harness.compare.report.document import document
        from harness.document.medium import TERMINAL

        return document(compared, TERMINAL)

    outputs.deliver(shown, partial(comparison.render, compared), form, output)
