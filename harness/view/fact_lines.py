"""The list of an article's facts: what is weak in each, and who keeps it in the open run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.data.articles.loading import Folder
from harness.data.facts.checks import Draft, Remark
from harness.data.facts.file import checks as fact_checks
from harness.records import Fact, Label, Results
from harness.text import paragraphs


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact in the list."""

    fact: Fact
    paragraph: int | None
    """Of its evidence, counted from 1; None where it has none."""
    remarks: Sequence[Remark]
    """What is wrong or weak."""
    labels: Sequence[Label]
    """The verdicts of the open run, a summary each."""

    @property
    def kept(self) -> int:
        return self.labels.count("supported")


def lines(folder: Folder, results: Results | None) -> Iterator[FactRow]:
    """A line a fact, in the file's order; without verdicts where no run is open."""
    if folder.article is None:
        return
    facts = folder.facts.facts
    starts = [paragraph.start for paragraph in paragraphs(folder.article.text)]
    labels = _labels(results, folder.article.id)
    for fact in facts:
        draft = Draft(
            fact.id, fact.statement, fact.importance, fact.evidence.text if fact.evidence else "", fact.accepted,
            fact.contradictions,
        )  # fmt: skip  # one call
        said = fact_checks.check(draft, folder.article, [other for other in facts if other.id != fact.id])
        paragraph = sum(start <= fact.evidence.start for start in starts) if fact.evidence else None
        yield FactRow(fact, paragraph, [each for each in said if each.severity != "note"], labels[fact.id])


def _labels(results: Results | None, article: str) -> dict[str, list[Label]]:
    found: dict[str, list[Label]] = defaultdict(list)
    for check in results.checks if results else ():
        if check.use == "coverage" and check.article_id == article:
            found[check.target].append(check.verdict.label)
    return found
