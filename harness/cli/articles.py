"""``harness articles``: import, check and count articles."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harness.cli.echo import echo
from harness.errors import UsageError

if TYPE_CHECKING:
    from harness.records import Item


@click.group()
def command() -> None:
    """Import, check and count articles.

    SOURCE is what a config's articles: takes: a folder in the layout of references/, a .jsonl, .csv or .parquet file,
    a data set of the hub (owner/name), or a folder of one; or a config (.yaml), for its articles.
    """


def of_source(function: Callable[..., None]) -> Callable[..., None]:
    """The argument SOURCE, with the options of a data set and of a table."""
    for option in (
        click.option("-L", "--limit", type=click.IntRange(1), help="Only the first so many articles."),
        click.option("--streaming", is_flag=True, help="Data set: read over the network, keep nothing."),
        click.option("--slice", metavar="FIRST:LAST", help="Table or data set: only these rows, from 0 on."),
        click.option("--revision", metavar="COMMIT", help="Data set of the hub: which commit."),
        click.option("--split", help="Data set: which split (default: test)."),
        click.option("--config", help="Data set: which configuration."),
        click.option(
            "--column", "columns", multiple=True, metavar="KEY=COLUMN", help="As text=article; as often as needed."
        ),
        click.argument("source"),
    ):
        function = option(function)
    return function


@command.command("import", short_help="Write the articles of SOURCE as JSONL or as folders.")
@of_source
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="A .jsonl file, or a new folder.")
def import_(source: str, output: Path, **options: Any) -> None:
    """Write the articles of SOURCE as a JSONL file, or as folders in the layout of references/.

    Then facts can be added to them: harness facts add ARTICLE --references FOLDER. Parts of an article are not kept.
    """
    from harness.data.articles import write as articles_write
    from harness.document.format import plural
    from harness.files import show

    items = _items(source, **options)
    articles_write.write(items, output)
    folders = "" if output.suffix == ".jsonl" else f"\nnext:\n  harness facts add ARTICLE --references {show(output)}"
    echo(f"{plural(len(items), 'article')}: {show(output)}{folders}")


@command.command()
@of_source
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
def check(source: str, strict: bool, **options: Any) -> None:
    """Look for what is weak in the articles of SOURCE. Exit code 1 where there is an error.

    Empty articles, broken encodings and markup, articles that another one repeats or nearly repeats, and how many have
    no reference or no fact. Rows that are no article at all are told first, with exit code 2.
    """
    from harness.cli.console import Console
    from harness.cli.tables import articles as articles_table
    from harness.data.articles import lint as article_lint

    items = _items(source, **options)
    issues = article_lint.lint(items)
    articles_table.show_issues(issues, len(items), Console())
    failing = {"error", "warning"} if strict else {"error"}
    sys.exit(1 if any(issue.severity in failing for issue in issues) else 0)


@command.command(short_help="Count words, sentences, references and facts.")
@of_source
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def stats(source: str, as_json: bool, **options: Any) -> None:
    """Count words, sentences, references and facts of the articles of SOURCE."""
    from harness.cli.console import Console
    from harness.cli.tables import articles as articles_table

    items = _items(source, **options)
    if as_json:
        echo(articles_table.as_json(items))
    else:
        articles_table.show_stats(items, Console())


def _items(source: str, limit: int | None, columns: tuple[str, ...], **options: Any) -> Sequence[Item]:
    """The articles of a source; ``options`` are called as in a config."""
    from harness import config
    from harness.data import articles

    if source.endswith((".yaml", ".yml")):
        if columns or any(options.values()):
            raise UsageError(f"{source} says which articles it reads; of the options only --limit goes with a config")
        return articles.load(*config.load(Path(source)).articles, limit=limit)
    options["columns"] = dict(map(_pair, columns))
    return articles.load(config.source(source, {key: value for key, value in options.items() if value}), limit=limit)


def _pair(text: str) -> tuple[str, str]:
    key, equals, column = text.partition("=")
    if not (key and equals and column):
        raise UsageError(f"--column {text} is not KEY=COLUMN, such as text=article")
    return key, column
