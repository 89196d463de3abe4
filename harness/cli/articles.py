"""``harness articles``: import, check and count articles."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import wraps
from pathlib import Path
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

import click

from harness.cli.echo import echo, echo_json, next_steps
from harness.cli.options import PATH, limit_option, together
from harness.document.format import plural
from harness.document.plain import plain
from harness.errors import UsageError
from harness.files import show

if TYPE_CHECKING:
    from rich.console import Console

    from harness.records import Item

_SHOWN = 100
"""Issues that are shown; a set with more has one fault in every article."""


@click.group()
def command() -> None:
    """Import, check and count articles.

    SOURCE is what a config's articles: takes: a folder in the layout of references/, a .jsonl, .csv or .parquet file,
    a data set of the hub (owner/name), or a folder of one; or a config (.yaml), for its articles, as many as its limit
    says.
    """


_source_options = together(
    click.argument("source"),
    click.option(
        "--column", "columns", multiple=True, metavar="KEY=COLUMN", help="As text=article; as often as needed."
    ),
    click.option("--config", help="Data set: which configuration."),
    click.option("--split", help="Data set: which split (default: test)."),
    click.option("--revision", metavar="COMMIT", help="Data set of the hub: which commit."),
    click.option("--slice", "rows", metavar="FIRST:LAST", help="Table or data set: only these rows, from 0 on."),
    click.option("--streaming", is_flag=True, help="Data set: read over the network, keep nothing."),
    limit_option,
)


def of_source(function: Callable[..., None]) -> Callable[..., None]:
    """The argument SOURCE, with the options of a data set and of a table: a command gets its articles, as ``items``."""

    @wraps(function)
    def with_items(
        source: str, limit: int | None, columns: tuple[str, ...], config: str | None, split: str | None,
        revision: str | None, rows: str | None, streaming: bool, **own: Any,
    ) -> None:  # fmt: skip  # one signature
        options = {"config": config, "split": split, "revision": revision, "slice": rows, "streaming": streaming}
        function(items=_items(source, limit, columns, options), **own)

    return _source_options(with_items)


@command.command("import", short_help="Write the articles of SOURCE as JSONL or as folders.")
@of_source
@click.option("-o", "--output", required=True, type=PATH, help="A .jsonl file, or a new folder.")
def import_(items: Sequence[Item], output: Path) -> None:
    """Write the articles of SOURCE as a JSONL file, or as folders in the layout of references/.

    Then facts can be added to them: harness facts add ARTICLE --references FOLDER. Parts of an article are not kept.
    """
    from harness.data.articles import write as articles_write

    articles_write.write(items, output)
    echo(f"{plural(len(items), 'article')}: {show(output)}")
    if output.suffix.lower() != ".jsonl":
        echo(next_steps(["harness", "facts", "add", "ARTICLE", "--references", show(output)]))


@command.command()
@of_source
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
def check(items: Sequence[Item], strict: bool) -> None:
    """Find weak spots in the articles of SOURCE. Exit code 1 where there is an error.

    Empty articles, broken encodings and markup, articles that another one repeats or nearly repeats, and how many have
    no reference or no fact. Rows that are no article at all end it first, with exit code 2.
    """
    from harness.cli.console import Console
    from harness.cli.issues import exit_code, show_issues
    from harness.data.articles import lint as article_lint

    issues = article_lint.lint(items)
    show_issues(issues, plural(len(items), "article"), Console(), _SHOWN)
    sys.exit(exit_code(issues, strict))


@command.command(short_help="Count words, sentences, references and facts.")
@of_source
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def stats(items: Sequence[Item], as_json: bool) -> None:
    """Count words, sentences, references and facts of the articles of SOURCE."""
    from harness.cli.console import Console

    if as_json:
        rows = {row.what.replace(" ", "_"): asdict(row) for row in counted(items)}
        echo_json(json.dumps({"articles": len(items), **rows}, ensure_ascii=False, indent=2))
    else:
        show_stats(items, Console())


@dataclass(frozen=True, slots=True)
class Count:
    """One thing that is counted in every article, over all of them."""

    what: str
    total: int
    mean: float
    median: float
    least: int
    least_article: str
    most: int
    most_article: str


def counted(items: Sequence[Item]) -> list[Count]:
    """Each count over the articles, of which there is one at least."""
    from harness.text import sentences, words

    counts: dict[str, Callable[[Item], int]] = {
        "words": lambda item: len(words(item.article.text)),
        "sentences": lambda item: len(sentences(item.article.text, item.article.language)),
        "references": lambda item: len(item.references),
        "words of references": lambda item: sum(len(words(reference.text)) for reference in item.references),
        "facts": lambda item: len(item.facts),
        "essential facts": lambda item: sum(fact.importance == "essential" for fact in item.facts),
    }
    return [_count(what, items, [count(item) for item in items]) for what, count in counts.items()]


def _count(what: str, items: Sequence[Item], numbers: Sequence[int]) -> Count:
    least, most = min(numbers), max(numbers)
    first, last = (items[numbers.index(end)].article.id for end in (least, most))
    return Count(what, sum(numbers), fmean(numbers), median(numbers), least, first, most, last)


def show_stats(items: Sequence[Item], console: Console) -> None:
    """A row a count, with the articles that have the least and the most of it."""
    from rich.table import Table
    from rich.text import Text

    def end(count: int, article: str) -> Text:
        return Text.assemble(f"{count:,} ", (f"({plain(article)})", "dim"))

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("per article", "all", "mean", "median"):
        table.add_column(heading, justify="left" if heading == "per article" else "right", no_wrap=True)
    for heading in ("least", "most"):
        table.add_column(heading, overflow="fold")
    for row in counted(items):
        ends = [end(row.least, row.least_article), end(row.most, row.most_article)]
        shown = [f"{row.total:,}", f"{row.mean:,.1f}", f"{row.median:,g}"]
        table.add_row(row.what, *shown, *([f"{row.least:,}", f"{row.most:,}"] if row.least == row.most else ends))
    console.print(table)
    languages = Counter(item.article.language for item in items)
    listing = ", ".join(f"{plain(language)} {count:,}" for language, count in languages.most_common())
    console.print(Text(f"\n{plural(len(items), 'article')}; languages: {listing}"), soft_wrap=True)


def _items(
    source: str, limit: int | None, columns: Sequence[str], options: Mapping[str, str | bool | None]
) -> Sequence[Item]:
    """The articles of a source; ``options`` are called as in a config."""
    from harness import config
    from harness.data import articles

    if source.endswith((".yaml", ".yml")):
        if columns or any(options.values()):
            raise UsageError(f"{source} says which articles it reads; of the options only --limit goes with a config")
        own = config.load(Path(source))
        return articles.load(*own.articles, limit=limit or own.limit)
    wanted = {key: value for key, value in {**options, "columns": dict(map(_pair, columns))}.items() if value}
    return articles.load(config.load_source(source, wanted), limit=limit)


def _pair(text: str) -> tuple[str, str]:
    key, equals, column = text.partition("=")
    if not (key and equals and column):
        raise UsageError(f"--column {text} is not KEY=COLUMN, such as text=article")
    return key, column
