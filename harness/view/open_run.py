"""The run that is open beside an article, and the facts with its verdicts: saving a fact scores it again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from starlette.requests import Request

from harness.data.articles import Folder
from harness.data.facts import checks as fact_checks
from harness.data.facts.checks import FactDraft, Remark
from harness.data.runs import results
from harness.records import Fact, Label
from harness.text import paragraphs
from harness.view.context import context
from harness.view.fact_changes import labels_of
from harness.view.page import sent
from harness.view.run_index import OpenedRun

NONE = "-"
"""The value of the parameter ``run`` where none is to be open."""


def open_run(request: Request, folder: Folder) -> str:
    """The name of the run that is asked for, or else of the last one with the article; empty where there is none."""
    asked = request.query_params.get("run") or sent(request, "run")
    having = runs_with(request, folder)
    if not asked:
        return having[0] if having else ""
    return asked if asked in having else ""


def runs_with(request: Request, folder: Folder) -> list[str]:
    """The finished runs whose articles are read from where this one lies, the last one first."""
    return [run.path.name for run in results.with_article(context(request).run_index.runs(), folder.path)]


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact in the list."""

    fact: Fact
    paragraph: int | None
    """The paragraph of its evidence, counted from 1; None where it has none."""
    remarks: Sequence[Remark]
    """What is wrong or weak."""
    labels: Sequence[Label]
    """The verdicts of the open run, a summary each."""

    @property
    def kept(self) -> int:
        return self.labels.count("supported")


def fact_rows(folder: Folder, opened: OpenedRun | None) -> Iterator[FactRow]:
    """A row a fact, in the file's order; without verdicts where no run is open."""
    if folder.article is None:
        return
    facts = folder.facts.facts
    starts = [paragraph.start for paragraph in paragraphs(folder.article.text)]
    here = opened if opened and folder.article.id in opened.articles else None
    item = here.results.items[here.articles.index(folder.article.id)] if here else None
    for fact in facts:
        draft = FactDraft(
            fact.id, fact.statement, fact.importance, fact.evidence.text if fact.evidence else "", fact.accepted,
            fact.contradictions,
        )  # fmt: skip  # one call
        issues = fact_checks.check(draft, folder.article, [other for other in facts if other.id != fact.id])
        paragraph = sum(start <= fact.evidence.start for start in starts) if fact.evidence else None
        by_system = labels_of(here.report.index, item, fact.id) if here and item else {}
        labels = [label for given in by_system.values() for label in given]
        yield FactRow(fact, paragraph, [each for each in issues if each.severity != "note"], labels)
