"""All that a report shows, in one value that the terminal, Markdown and HTML only have to write down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from harness.document.blocks import Block
from harness.document.pictures.picture import Picture
from harness.document.segments import Segment, lines, segments
from harness.records import Item, Results, Span, System
from harness.report import words
from harness.report.answer import answer, cautions
from harness.report.card import Card, cards
from harness.report.index import Index
from harness.report.leaderboard import MetricTable, headlines, table
from harness.report.matrix import Matrix, differing, matrix, ordered
from harness.report.pictures.gallery import gallery
from harness.report.run import Run, run
from harness.report.score_table import score_table
from harness.report.tally import counts
from harness.trust import estimates

PAGES = 200
"""Articles that a report shows one by one: 20,000 would be 2 GB, which nobody opens."""

TOGETHER = 2_000
"""Up to so many verdicts stand on one page, which is then about 2 MB."""
_CLAIMS = 6
"""Claims of a summary, roughly."""


@dataclass(frozen=True, slots=True)
class Page:
    """One article: what became of its facts, every summary of it, and the text itself."""

    item: Item
    matrix: Matrix
    cards: tuple[tuple[Card, ...], ...]
    """Per system, in the order of the matrix's columns."""
    lines: tuple[tuple[Segment, ...], ...]
    """The article cut by the passages."""
    passages: Mapping[tuple[int, int], int]
    """(start, end) of each passage of the article that is evidence for something → its index."""
    differing: frozenset[int]
    """The numbers of the facts that the systems under test differ in."""

    def passage(self, evidence: Span | None) -> int | None:
        """The index of a passage; None where there is no evidence."""
        return None if evidence is None else self.passages[evidence.start, evidence.end]

    def has_facts(self, piece: Segment) -> bool:
        """Whether a piece of the article is evidence for a fact, not only for a claim."""
        return any(map(self.evidence_for, piece.covering))

    def evidence_for(self, passage: int) -> list[int]:
        """The numbers of the facts that a passage is evidence for."""
        return [row.number for row in self.matrix.rows if self.passage(row.fact.evidence) == passage]


@dataclass(frozen=True, slots=True)
class Report:
    """What stands above the articles is there at once; an article is made ready when it is asked for."""

    run: Run
    answer: tuple[str, ...]
    """The result, in sentences."""
    cautions: tuple[str, ...]
    """What cannot be concluded from it."""
    board: MetricTable
    """The headline metrics."""
    everything: MetricTable
    """All metrics."""
    estimates: tuple[Block, ...]
    """What people would find of each system; nothing where nobody labelled a verdict of the run."""
    items: tuple[Item, ...]
    """The articles that are shown: the first, at most ``PAGES``."""
    index: Index

    @property
    def alone(self) -> Report | None:
        """The report by the verifier alone; None where no person judged a verdict, so that this is it."""
        return report(self.index.results, people=False) if counts(self.index).people else None

    @property
    def systems(self) -> list[System]:
        return [row.system for row in self.board.rows]

    @property
    def together(self) -> bool:
        """Whether one page has room for all the articles."""
        verdicts = sum(len(item.facts) + _CLAIMS for item in self.items) * len(self.systems)
        return len(self.items) == 1 or verdicts <= TOGETHER

    @property
    def pages(self) -> Iterator[Page]:
        """The articles that are shown, in their order."""
        return (self.page(number) for number in range(len(self.items)))

    def page(self, number: int) -> Page:
        """One article by its place in the run."""
        return _page(self.index, self.index.results.items[number], self.systems)

    def pictures(self) -> tuple[Picture, ...]:
        """What can be drawn of the run."""
        return gallery(self.index, self.board, self.everything, self.items)


@lru_cache(maxsize=2)
def report(results: Results, people: bool = True) -> Report:
    """What the results say, ready to be shown: made once, however often the last results are shown.

    With ``people`` off, by the verifier alone, as if nobody had judged a verdict.
    """
    index = Index(results, people)
    board, articles = headlines(index), len(results.items)
    not_shown = [words.not_all_shown(articles, PAGES)] if articles > PAGES else []
    return Report(
        run=run(results, counts(index)),
        answer=answer(index, board),
        cautions=(*cautions(index, board), *not_shown),
        board=board,
        everything=table(index, score_table(index).metrics),
        estimates=estimates.show_estimates(results),
        items=tuple(results.items[:PAGES]),
        index=index,
    )


def _page(index: Index, item: Item, systems: Sequence[System]) -> Page:
    facts = ordered(item.facts)
    evidence = [fact.evidence for fact in facts if fact.evidence]
    for system in systems:
        for summary in index.summaries(system.name, item):
            evidence += [check.verdict.evidence for check in index.grounding(summary) if check.verdict.evidence]
    spans = list({(span.start, span.end): span for span in evidence}.values())
    table = matrix(index, item, systems)
    return Page(
        item=item,
        matrix=table,
        cards=tuple(cards(index, item, system, facts) for system in systems),
        lines=tuple(tuple(line) for line in lines(segments(item.article.text, spans))),
        passages={(span.start, span.end): number for number, span in enumerate(spans)},
        differing=differing(table),
    )
