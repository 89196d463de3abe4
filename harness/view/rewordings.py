"""What changed in the facts of a run since it was scored, word by word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from harness.compare.report.diff import diff
from harness.data.runs.results import RunFolder
from harness.document.blocks import Piece
from harness.view.run_index import RunIndex

MOST = 50
"""Facts that are shown, of the first articles whose facts changed."""


@dataclass(frozen=True, slots=True)
class Rewording:
    """A fact whose statement is another than the one that was judged; all of it is new, or gone, where it is."""

    article: str
    fact: str
    words: Sequence[Piece]


def rewordings(run_index: RunIndex, run: RunFolder, articles: Iterable[str]) -> Iterator[Rewording]:
    """The facts of these articles whose statement changed, came or went since the run was judged."""
    folders = {path.name: path for path in run_index.articles()}
    for article in articles:
        if article in folders:
            facts = run_index.article_at(folders[article]).facts.facts
            now = {fact.id: fact.statement for fact in facts}
            then = {check.target: check.hypothesis for check in run.checks.of([article]) if check.use == "coverage"}
            for fact in {**then, **now}:
                if then.get(fact) != now.get(fact):
                    yield Rewording(article, fact, diff(then.get(fact, ""), now.get(fact, "")))
