"""What a set of articles holds, and what is weak in it, in the terminal."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean, median

from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.data.articles.lint import Issue, Severity
from harness.document.format import plural
from harness.document.plain import plain
from harness.records import Item
from harness.text import sentences, words

_STYLES: dict[Severity, str] = {"error": "bold red", "warning": "yellow", "note": "dim"}
_SHOWN = 100
"""Issues that are shown; a set with more has one fault in every article."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One thing that is counted in every article, over all of them."""

    what: str
    total: int
    mean: float
    median: float
    least: int
    least_article: str
    most: int
    most_article: str


_COUNTS: dict[str, Callable[[Item], int]] = {
    "words": lambda item: len(words(item.article.text)),
    "sentences": lambda item: len(sentences(item.article.text, item.article.language)),
    "references": lambda item: len(item.references),
    "words of references": lambda item: sum(len(words(reference.text)) for reference in item.references),
    "facts": lambda item: len(item.facts),
    "essential facts": lambda item: sum(fact.importance == "essential" for fact in item.facts),
}


def measured(items: Sequence[Item]) -> list[Measured]:
    """Each count over the articles, of which there is one at least."""
    return [_measured(what, items, count) for what, count in _COUNTS.items()]


def show_stats(items: Sequence[Item], console: Console) -> None:
    """A row a count, with the articles that have the least and the most of it."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("an article's", "all", "mean", "median"):
        table.add_column(heading, justify="left" if heading == "an article's" else "right", no_wrap=True)
    for heading in ("least", "most"):
        table.add_column(heading, overflow="fold")
    for row in measured(items):
        ends = [_end(row.least, row.least_article), _end(row.most, row.most_article)]
        same = row.least == row.most
        shown = [f"{row.total:,}", f"{row.mean:,.1f}", f"{row.median:,g}"]
        table.add_row(row.what, *shown, *([f"{row.least:,}", f"{row.most:,}"] if same else ends))
    console.print(table)
    languages = Counter(item.article.language for item in items)
    listing = ", ".join(f"{plain(language)} {count:,}" for language, count in languages.most_common())
    console.print(Text(f"\n{plural(len(items), 'article')}; languages: {listing}"), soft_wrap=True)


def as_json(items: Sequence[Item]) -> str:
    """The same as JSON."""
    rows = {row.what.replace(" ", "_"): asdict(row) for row in measured(items)}
    return json.dumps({"articles": len(items), **rows}, ensure_ascii=False, indent=2)


def show_issues(issues: Sequence[Issue], articles: int, console: Console) -> None:
    """An issue a paragraph: severity, article, what is weak, what to do; then how many there are."""
    for issue in issues[:_SHOWN]:
        head = Text.assemble((f"{issue.severity}: ", _STYLES[issue.severity]))
        head.append(plain(": ".join(part for part in (issue.article_id, issue.message) if part)))
        console.print(head, soft_wrap=True)
        console.print(Text(f"  {plain(issue.remedy)}", style="dim"), soft_wrap=True)
    if len(issues) > _SHOWN:
        console.print(Text(f"… and {len(issues) - _SHOWN:,} more", style="dim"))
    counts = Counter(issue.severity for issue in issues)
    listing = ", ".join(plural(counts[severity], severity) for severity in _STYLES)
    console.print(Text(f"{plural(articles, 'article')}: {listing}"), soft_wrap=True)


def _measured(what: str, items: Sequence[Item], count: Callable[[Item], int]) -> Measured:
    counts = [count(item) for item in items]
    least, most = min(counts), max(counts)
    ids = [items[counts.index(end)].article.id for end in (least, most)]
    return Measured(what, sum(counts), fmean(counts), median(counts), least, ids[0], most, ids[1])


def _end(count: int, article: str) -> Text:
    return Text.assemble(f"{count:,} ", (f"({plain(article)})", "dim"))
