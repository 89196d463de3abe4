"""``harness articles``: import, check and count articles."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean, median
from typing import TYPE_CHECKING

import click

from harness.cli.options import PATH, combine_options, limit_option
from harness.cli.output import echo, echo_json, format_next_steps
from harness.document.format import plural
from harness.document.plain import plain
from harness.files import show

if TYPE_CHECKING:
    from rich.console import Console

    from harness.records import Item

_MAX_ISSUES = 100
"""Issues shown; a set with more usually has one fault in every article."""


@click.group()
def articles() -> None:
    """Import, check and count articles.

    SOURCE is a folder in the layout of references/, a .jsonl, .csv or .parquet file, a data set on the hub
    (owner/name), or a config (.yaml), whose articles and limit are used. Name columns, splits and slices in a config.
    """


source_options = combine_options(click.argument("source"), limit_option)


@articles.command("import", short_help="Write the articles of SOURCE as JSONL or as folders.")
@source_options
@click.option("-o", "--output", required=True, type=PATH, help="A .jsonl file, or a new folder.")
def import_(source: str, limit: int | None, output: Path) -> None:
    """Write the articles of SOURCE as a JSONL file, or as folders in the layout of references/.

    Facts can then be added to them: harness facts add ARTICLE --references FOLDER. Parts of an article are not kept.
    """
    from harness.data.articles import write

    items = _load(source, limit)
    write.write(items, output)
    echo(f"{plural(len(items), 'article')}: {show(output)}")
    if output.suffix.lower() != ".jsonl":
        echo(format_next_steps(["harness", "facts", "add", "ARTICLE", "--references", show(output)]))


@articles.command()
@source_options
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
def check(source: str, limit: int | None, strict: bool) -> None:
    """Find weak spots in the articles of SOURCE. Exit code 1 if there is an error.

    Reports empty articles, broken encodings, leftover markup, duplicates, and how many articles have no reference or
    no fact. Rows that are not articles at all end the check with exit code 2.
    """
    from harness.cli.console import Console, issues_exit_code, show_issues
    from harness.data.articles import lint

    items = _load(source, limit)
    issues = lint.lint(items)
    show_issues(issues, plural(len(items), "article"), Console(), _MAX_ISSUES)
    sys.exit(issues_exit_code(issues, strict))


@articles.command(short_help="Count words, sentences, references and facts.")
@source_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def stats(source: str, limit: int | None, as_json: bool) -> None:
    """Count words, sentences, references and facts of the articles of SOURCE."""
    from harness.cli.console import Console

    items = _load(source, limit)
    if as_json:
        rows = {row.what.replace(" ", "_"): asdict(row) for row in count_articles(items)}
        echo_json(json.dumps({"articles": len(items), **rows}, ensure_ascii=False, indent=2))
    else:
        show_stats(items, Console())


def _load(source: str, limit: int | None) -> Sequence[Item]:
    from harness import config
    from harness.data import articles

    if source.endswith((".yaml", ".yml")):
        loaded = config.load(Path(source))
        return articles.load(*loaded.articles, limit=limit or loaded.limit)
    return articles.load(config.load_source(source), limit=limit)


@dataclass(frozen=True, slots=True)
class Count:
    """One count per article, summarised over all articles."""

    what: str
    total: int
    mean: float
    median: float
    least: int
    least_article: str
    most: int
    most_article: str


def count_articles(items: Sequence[Item]) -> list[Count]:
    """Each count over at least one article."""
    from harness.text import sentences, words

    counters: dict[str, Callable[[Item], int]] = {
        "words": lambda item: len(words(item.article.text)),
        "sentences": lambda item: len(sentences(item.article.text, item.article.language)),
        "references": lambda item: len(item.references),
        "words of references": lambda item: sum(len(words(reference.text)) for reference in item.references),
        "facts": lambda item: len(item.facts),
        "essential facts": lambda item: sum(fact.importance == "essential" for fact in item.facts),
    }
    counts = []
    for what, counter in counters.items():
        numbers = [counter(item) for item in items]
        least, most = min(numbers), max(numbers)
        first, last = (items[numbers.index(end)].article.id for end in (least, most))
        counts.append(Count(what, sum(numbers), fmean(numbers), median(numbers), least, first, most, last))
    return counts


def show_stats(items: Sequence[Item], console: Console) -> None:
    """Print one row per count, with the articles that have the least and the most of it."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("per article", "all", "mean", "median"):
        table.add_column(heading, justify="left" if heading == "per article" else "right", no_wrap=True)
    for heading in ("least", "most"):
        table.add_column(heading, overflow="fold")
    for row in count_articles(items):
        names = [f" ({plain(name)})" if row.least != row.most else "" for name in (row.least_article, row.most_article)]
        ends = zip((row.least, row.most), names, strict=True)
        numbers = (f"{row.total:,}", f"{row.mean:,.1f}", f"{row.median:,g}")
        table.add_row(row.what, *numbers, *(Text.assemble(f"{count:,}", (name, "dim")) for count, name in ends))
    console.print(table)
    languages = Counter(item.article.language for item in items)
    listing = ", ".join(f"{plain(language)} {count:,}" for language, count in languages.most_common())
    console.print(Text(f"\n{plural(len(items), 'article')}; languages: {listing}"), soft_wrap=True)
