"""The articles whose facts can be edited: a list, and each with its references and facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from harness.data.articles import Folder
from harness.records import Importance
from harness.text import words
from harness.view.article_text import marked
from harness.view.context import context
from harness.view.lists import Columns, Part, Sorting
from harness.view.page import link, not_yet, page

COLUMNS = Columns(
    {
        "name": "Article", "facts": "Facts", "essential": "Essential", "unreviewed": "Unreviewed",
        "references": "References", "words": "Words", "date": "Date",
    },
    falling=("facts", "essential", "unreviewed", "references", "words", "date"),
    default="name",
)  # fmt: skip  # one table
PAGE = 100
"""Articles on a page of the list."""


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article in the list."""

    folder: Folder
    importances: Counter[Importance]
    unreviewed: int
    """Facts that were suggested and that nobody has reviewed."""

    @property
    def name(self) -> str:
        return self.folder.path.name

    @property
    def title(self) -> str:
        return self.folder.article.title if self.folder.article else ""

    @property
    def words(self) -> int | None:
        """How long it is; None where it cannot be read."""
        return len(words(self.folder.article.text)) if self.folder.article else None

    def value(self, column: str) -> object:
        """What the articles are sorted by; None where there is nothing."""
        values: dict[str, Callable[[], object]] = {
            "name": self.name.casefold,
            "facts": lambda: len(self.folder.facts.facts),
            "essential": lambda: self.importances["essential"],
            "unreviewed": lambda: self.unreviewed,
            "references": lambda: len(self.folder.references),
            "words": lambda: self.words,
            "date": lambda: self.folder.article.date if self.folder.article else None,
        }
        return values[column]()

    @property
    def problems(self) -> list[str]:
        """What is wrong with its files, one a line."""
        return [str(problem) for problem in (*self.folder.problems, *self.folder.facts.problems)]


def listed(request: Request) -> Response:
    """The articles, or those of a run, that a search finds, a hundred at a time; of one alone its facts."""
    run_index = context(request).run_index
    if waiting := not_yet(request, run_index.all_articles):
        return waiting
    run = request.query_params.get("run", "")
    in_run = run_index.run(run).manifest.articles if run else None
    folders = [path for path in run_index.articles() if in_run is None or path.name in in_run]
    if run and len(folders) == 1:
        return RedirectResponse(f"{link('articles', folders[0].name, 'facts')}?{urlencode({'run': run})}", 303)
    sorting, query = Sorting.of(request, COLUMNS, ("q", "run")), request.query_params.get("q", "").casefold().split()
    every = [_line(run_index.article_at(path)) for path in folders]
    lines = [line for line in every if all(word in f"{line.name} {line.title}".casefold() for word in query)]
    part = Part.of(request, len(lines), PAGE)
    lines = sorting.rows(lines, ArticleRow.value)
    values = {"lines": lines[part.rows], "part": part, "matching": len(lines), "count": len(folders), "run": run}
    values["sorting"] = sorting
    return page(request, "articles.html.j2", folders=run_index.folders(), left_out=run_index.left_out(), **values)


def article(request: Request) -> Response:
    """An article with its references, and its facts where it says them; what is wrong with its files on top."""
    folder = context(request).run_index.article(request.path_params["article"])
    text = list(marked(folder.article, folder.facts.facts, None)) if folder.article else []
    return page(request, "article_folder.html.j2", line=_line(folder), folder=folder, text=text)


def _line(folder: Folder) -> ArticleRow:
    facts = folder.facts.facts
    return ArticleRow(folder, Counter(fact.importance for fact in facts), sum(fact.unreviewed for fact in facts))
