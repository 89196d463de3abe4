"""Runs, or the systems of one, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from starlette.requests import Request
from starlette.responses import Response

from harness.compare import comparison as compare
from harness.compare import stored
from harness.compare.compared import Comparison, Question
from harness.compare.report.document import document
from harness.compare.sides import By
from harness.data.results import RunFolder
from harness.errors import HarnessError
from harness.view.context import context
from harness.view.page import page
from harness.view.shelf import NotThereError, Shelf, records


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the page asks."""

    runs: tuple[str, ...]
    by: By
    against: str | None = None
    allow_different: bool = False

    @property
    def question(self) -> Question:
        return Question(self.by, against=self.against, allow_different=self.allow_different)


def side_by_side(request: Request) -> Response:
    """The comparison that is asked for under the form that asks for it; the form alone where no run is chosen."""
    shelf = context(request).shelf
    asked = _asked(request)
    form = {"asked": asked, "runs": [run.path.name for run in shelf.runs()], "ways": get_args(By)}
    if not asked.runs:
        return page(request, "compare.html.j2", problem=None, **form)
    try:
        found = comparison(shelf, asked)
    except NotThereError:
        raise
    except HarnessError as error:
        return page(request, "compare.html.j2", 409, problem=str(error), **form)
    return page(request, "compared.html.j2", **form, document=document(found))


def comparison(shelf: Shelf, asked: Asked) -> Comparison:
    """What is asked, from what lies on disk now."""
    folders = [shelf.run(name) for name in asked.runs]
    return shelf.compared.get(asked, lambda: _compare(folders, asked), lambda _: _files(folders, shelf.articles()))


def _asked(request: Request) -> Asked:
    given = request.query_params
    runs = tuple(dict.fromkeys(given.getlist("run")))
    by: By = next((way for way in get_args(By) if way == given.get("by")), "run" if len(runs) > 1 else "system")
    return Asked(runs, by, given.get("against") or None, "different" in given)


def _compare(folders: list[RunFolder], asked: Asked) -> Comparison:
    return compare.compare(stored.open_all([folder.path for folder in folders]), asked.question)


def _files(folders: list[RunFolder], articles: list[Path]) -> list[Path]:
    """What a comparison is made from: the records, and how important the facts are today."""
    return [*(path for folder in folders for path in records(folder)), *(path / "facts.yaml" for path in articles)]
