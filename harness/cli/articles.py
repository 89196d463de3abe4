"""``harness articles``: import and check articles."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness.cli.options import NO_MODELS, PATH, combine_options, limit_option
from harness.cli.output import echo, format_next_steps, get_exit_code, show_issues
from harness.document.format import plural
from harness.files import show

if TYPE_CHECKING:
    from harness.records import Item


@click.group()
def articles() -> None:
    """Import and check articles.

    SOURCE is a folder of articles or .txt files, a .jsonl, .csv or .parquet file, a data set on the hub (owner/name),
    or a config (.yaml) that names articles. To choose columns, splits or slices, use a config.
    """


source_options = combine_options(click.argument("source"), limit_option)


@articles.command("import", short_help="Write the articles of SOURCE as JSONL or as folders.")
@source_options
@click.option("-o", "--output", required=True, type=PATH, help="A new .jsonl file, or a new or existing folder.")
def import_(source: str, limit: int | None, output: Path) -> None:
    """Write the articles of SOURCE as a JSONL file, or as folders in the layout of references/.

    Named parts of articles (`parts`) are left out. To add facts to the articles of a folder: harness facts
    add ARTICLE --references FOLDER.
    """
    from harness.data.articles import write

    items, warnings = _load(source, limit)
    write.write(items, output)
    for warning in warnings:
        echo(f"warning: {warning}", err=True)
    echo(f"{plural(len(items), 'article')}: {show(output)}")
    if output.suffix.lower() != ".jsonl":
        echo(format_next_steps(["harness", "facts", "add", "ARTICLE", "--references", show(output)]))


@articles.command()
@source_options
@click.option("--strict", is_flag=True, help="Exit with code 1 on warnings too.")
def check(source: str, limit: int | None, strict: bool) -> None:
    """Find errors and weak spots in the articles of SOURCE. Exits with code 1 on errors.

    harness reports empty articles, broken encodings, leftover markup, duplicates, and how many articles have no
    reference or no fact. An invalid row stops the check with exit code 2.
    """
    from harness.data.lint import Issue, lint_articles

    items, warnings = _load(source, limit)
    issues = [*(Issue("warning", warning) for warning in warnings), *lint_articles(items)]
    show_issues(issues, plural(len(items), "article"), limit=100)
    sys.exit(get_exit_code(issues, strict))


def _load(source: str, limit: int | None) -> tuple[Sequence[Item], list[str]]:
    """Load articles; also return warnings about texts that are not read."""
    from harness import config
    from harness.config.run_config import list_unread, load_source
    from harness.data import articles

    if source.endswith((".yaml", ".yml")):
        loaded = config.load(Path(source), [*NO_MODELS, "verifier=lexical"])
        sources, limit = loaded.articles, limit or loaded.limit
    else:
        sources = (load_source(source),)
    return articles.load(*sources, limit=limit), list(list_unread(sources))
