"""What is wrong, made up or lost, as sentences, system by system."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from harness.document import format as fmt
from harness.document.blocks import Block, Folded, Heading, Item, Listing, Paragraph, Piece, Text
from harness.document.labels import BY_PEOPLE, UNREVIEWED, people
from harness.records import Check, Label, Metric, System
from harness.report import words
from harness.report.column import Column
from harness.report.links import Links
from harness.report.report import Report
from harness.report.tally import LOST, Loss, WrongClaim, counts

_PASSAGE = 240
"""Characters of a passage."""
_SYSTEMS = 5
"""Up to so many systems are shown unfolded."""
_LISTED = frozenset({"essential_lost", "essential_contradicted", "fact_contradicted", "faithfulness"})
"""The metrics that what is wrong, made up or lost stands behind."""


@dataclass(frozen=True, slots=True)
class Room:
    """How much a medium has room for."""

    first: int
    """Sentences of each kind and system that are shown at once."""
    more: int
    """Further ones that are folded away."""


TERMINAL, COMMENT, PAGE = Room(2, 0), Room(3, 9), Room(3, 997)


def leads(run_report: Report, links: Links) -> Callable[[System, Metric], str]:
    """Where a page leads from a number of the leaderboard: to the facts and claims behind it, or else the summaries.

    What is lost or wrong is listed system by system. The other numbers lead to the system's first summary, or of many
    articles to the table of all of them.
    """
    columns = {system.name: Column(run_report, at, links) for at, system in enumerate(run_report.systems)}

    def place(system: System, metric: Metric) -> str:
        column = columns[system.name]
        listed = column.totals.losses[system.name] or column.totals.wrong[system.name]
        if metric.name in _LISTED and listed:
            return f"#{column.anchor}"
        return "#articles" if links.pages else column.summary()

    return place


def findings(run_report: Report, links: Links, room: Room) -> Iterator[Block]:
    """The sentences that are wrong or made up, and the facts that are contradicted or lost, system by system.

    First those under test; what there is no room for is folded, or counted.
    """
    totals = counts(run_report.index)
    if not any(each.facts.total or each.claims.total for each in totals.tallies.values()):
        return
    yield Heading(words.FINDINGS, anchor="findings")
    tested = [at for at, system in enumerate(run_report.systems) if system.role == "system"]
    others = [at for at in range(len(run_report.systems)) if at not in tested]
    shown = tested[:_SYSTEMS] or others[:1]
    for at in shown:
        yield from _of(Column(run_report, at, links), room)
    rest = [at for at in [*tested, *others] if at not in shown]
    if rest and room.more:
        inner = tuple(block for at in rest for block in _of(Column(run_report, at, links), room))
        if inner:
            yield Folded(f"{fmt.plural(len(rest), 'further system')}", inner)
    if totals.marked:
        yield Paragraph(f"{BY_PEOPLE} {words.JUDGED_BY_PERSON}", "quiet")


def _of(column: Column, room: Room) -> Iterator[Block]:
    """What is to be said of one system."""
    tally = column.totals.tallies[column.name]
    if not (tally.facts.total or tally.claims.total):
        return
    every = [*(_claims(column, label) for label in LOST), *(_facts(column, label) for label in LOST)]
    parts = [part for part in every if part.count]
    counted = ", ".join(part.counted(part.count) for part in parts)
    title = (Piece(column.name, "strong"), Piece(f": {counted or 'nothing'}"))
    yield Listing((Item(title, _shown(parts, room)),), anchor=column.anchor)
    rest = tuple(Item(line) for part in parts for line in part.lines[room.first : room.first + room.more])
    if rest:
        yield Folded(f"{len(rest):,} more of {column.name}", (Listing(rest),))


@dataclass(frozen=True, slots=True)
class _Part:
    """The sentences of one kind: so many of what, and what of it."""

    noun: str
    what: str
    count: int
    lines: Sequence[Text]

    several: bool = False
    """Whether an article has several summaries, of which one is enough to be counted."""

    def counted(self, number: int, more: str = "") -> str:
        """``2 essential facts lost``."""
        where = f" {words.IN_A_SUMMARY}" if self.several else ""
        return f"{number:,} {more}{self.noun}{'' if number == 1 else 's'} {self.what}{where}"


def _claims(column: Column, label: Label) -> _Part:
    totals, name = column.totals, column.name
    what = "wrong" if label == "contradicted" else "not in the article"
    lines = [_claim(each, what, column) for each in totals.wrong[name] if each.label == label]
    return _Part("claim", what, totals.claims[name][label], lines)


def _facts(column: Column, label: Label) -> _Part:
    totals, name = column.totals, column.name
    noun, what = ("fact", "contradicted") if label == "contradicted" else (totals.noun, "lost")
    lines = [_loss(each, what, column) for each in totals.losses[name] if each.label == label]
    return _Part(noun, what, totals.lost[name][label], lines, totals.tallies[name].several)


def _shown(parts: Sequence[_Part], room: Room) -> tuple[Text, ...]:
    lines: list[Text] = []
    for part in parts:
        lines += part.lines[: room.first]
        left_out = part.count - min(len(part.lines), room.first + room.more)
        lines += [f"and {part.counted(left_out, 'more ')}"] if left_out else []
    return tuple(lines)


def _claim(claim: WrongClaim, what: str, column: Column) -> Text:
    check = claim.check
    stated = Piece(f"“{check.hypothesis}”", href=column.claim(claim))
    pieces = [Piece(f"{what}:", claim.label), Piece(" "), stated]
    if claim.label == "contradicted":
        pieces += _against(check, "summary", "article")
    return (*pieces, *_judge(check, column))


def _loss(loss: Loss, what: str, column: Column) -> Text:
    stated = Piece(loss.fact.statement, href=column.fact(loss))
    pieces = [Piece(f"{what}:", loss.label), Piece(" "), stated, Piece(loss.times)]
    pieces += [Piece(f" ({UNREVIEWED})")] if loss.fact.unreviewed else []
    if loss.label == "contradicted":
        pieces += _against(loss.check, "fact", "summary")
    return (*pieces, *_judge(loss.check, column))


def _judge(check: Check, column: Column) -> list[Piece]:
    return [Piece(f" {BY_PEOPLE}")] if people(check.verdict) and column.totals.marked else []


def _against(check: Check, one: str, other: str) -> list[Piece]:
    """What differs, and the passage of the premise that says otherwise."""
    differing = [
        words.differ(one, each.stated, other, each.found.text if each.found else words.NO_MATCH)
        for each in check.verdict.differences
    ]
    evidence = check.verdict.evidence
    passage = evidence.text if evidence else ""
    quoted = [words.quoted(other, fmt.opening(passage, _PASSAGE))] if passage else []
    return [Piece(f" {text}", "emphasis") for text in (*differing, *quoted)]
