"""What the verdicts on a run come to, as blocks: the counts of every system, and what is wrong, invented or lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from harness.document import format as fmt
from harness.document.blocks import (
    Block,
    Cell,
    Folded,
    Heading,
    Item,
    Listing,
    Paragraph,
    Piece,
    Row,
    Table,
    Text,
)
from harness.document.labels import BY_PEOPLE, UNREVIEWED, people
from harness.document.notes import Notes
from harness.document.roles import TITLES
from harness.records import Check, Label, Metric, System
from harness.report import words
from harness.report.links import Links
from harness.report.report import Report
from harness.report.tally import Counts, Loss, Split, Tally, WrongClaim, counts

FACT_HEADS = ("kept", "contradicted", "lost", "undecided")
CLAIM_HEADS = ("supported", "wrong", "not in the article", "undecided")
"""What facts and claims are called by their labels: supported, contradicted, absent, uncertain."""

_PASSAGE = 240
"""Characters of a passage."""
_SYSTEMS = 5
"""Up to so many systems are shown unfolded."""


@dataclass(frozen=True, slots=True)
class Room:
    """How much a medium has room for."""

    first: int
    """Sentences of each kind and system that are shown at once."""
    more: int
    """Further ones that are folded away."""


TERMINAL, COMMENT, PAGE = Room(2, 0), Room(3, 9), Room(3, 997)


def outcomes(run_report: Report, links: Links | None = None) -> Iterator[Table]:
    """Of every system how many facts, and how many claims, came to what; nothing where nothing was judged.

    With ``links`` each number leads to the first that it counts.
    """
    totals = counts(run_report.index)
    tallies = totals.tallies.values()
    if any(each.facts.total for each in tallies):
        title = f"{totals.noun.capitalize()}s"
        yield _outcomes((run_report, totals, links), title, FACT_HEADS, lambda tally: tally.facts)
    if any(each.claims.total for each in tallies):
        yield _outcomes((run_report, totals, links), "Claims", CLAIM_HEADS, lambda tally: tally.claims)


def _outcomes(
    of: tuple[Report, Counts, Links | None], title: str, heads: Sequence[str], split: Callable[[Tally], Split]
) -> Table:
    run_report, totals, links = of
    columns = {system.name: at for at, system in enumerate(run_report.systems)}
    notes, rows = Notes(), list[Row]()
    for group in run_report.board.groups:
        rows.append(Row((TITLES[group.role],), heads=True))
        for row in group.rows:
            name = row.system.name
            numbers = split(totals.tallies[name])
            shown: list[str | Cell] = []
            for label in _ORDER:
                number: float = getattr(numbers, label)
                where = (run_report, columns[name], links) if links and number else None
                shown.append(Cell(fmt.count(number), href=_first(totals, label, where, heads is FACT_HEADS)))
            if not numbers.total:
                shown = [Cell(fmt.MISSING, note=notes.mark(_silent(totals, name))) for _ in heads]
            rows.append(Row((name, *shown, fmt.count(numbers.total) if numbers.total else fmt.MISSING)))
    several = any(each.several for each in totals.tallies.values())
    said = (words.MEAN_OF_SUMMARIES if several else "", totals.caution) if heads is FACT_HEADS else ()
    anchor = "outcomes-" + title.rpartition(" ")[2].lower()
    return Table(
        (title, *heads, "all"), tuple(rows), caption=" ".join(filter(None, said)), notes=notes.texts, anchor=anchor
    )


def _first(totals: Counts, label: Label, where: _Where | None, facts: bool) -> str:
    """Where the first fact or claim with this verdict stands, or else the system's first summary."""
    if where is None:
        return ""
    report, at, _ = where
    name = report.systems[at].name
    loss = next((each for each in totals.losses[name] if each.label == label), None) if facts else None
    claim = None if facts else next((each for each in totals.wrong[name] if each.label == label), None)
    if loss:
        return _place(where, loss.article, f"s{at}k{loss.check.sample}f{loss.number}")
    if claim:
        return _place(where, claim.article, f"s{at}k{claim.check.sample}k{claim.number}")
    return _place(where, 0, f"s{at}")


def leads(run_report: Report, links: Links) -> Callable[[System, Metric], str]:
    """Where a page leads from a number of the leaderboard: to the facts and claims behind it, or else the summaries.

    What is lost or wrong is listed system by system. The other numbers lead to the system's first summary, or of many
    articles to the table of all of them.
    """
    totals = counts(run_report.index)
    columns = {system.name: at for at, system in enumerate(run_report.systems)}

    def place(system: System, metric: Metric) -> str:
        name, at = system.name, columns[system.name]
        listed = totals.losses[name] or totals.wrong[name]
        if metric.name in _LISTED and listed:
            return f"#{_anchor(at)}"
        return "#articles" if links.pages else _place((run_report, at, links), 0, f"s{at}")

    return place


_LISTED = frozenset({"essential_lost", "essential_contradicted", "fact_contradicted", "faithfulness"})
"""The metrics that what is wrong, made up or lost stands behind."""


def _anchor(at: int) -> str:
    """The place where what is wrong, made up or lost of a system is listed."""
    return f"wrong-{at}"


_ORDER: tuple[Label, ...] = ("supported", "contradicted", "absent", "uncertain")


def _silent(totals: Counts, system: str) -> str:
    """Why nothing is known of a system."""
    without = totals.without[system].copy()
    if not without:
        return words.NO_SUMMARY
    if without.pop("", 0):
        return words.NOT_VERIFIED
    return words.no_summary(without.most_common(1)[0][0])


def findings(run_report: Report, links: Links, room: Room) -> Iterator[Block]:
    """The sentences that are wrong or made up, and the facts that are contradicted or lost, system by system.

    First those under test; what there is no room for is folded, or counted.
    """
    totals = counts(run_report.index)
    if not any(each.facts.total or each.claims.total for each in totals.tallies.values()):
        return
    yield Heading(words.FINDINGS, anchor="findings")
    ranked = sorted(enumerate(run_report.systems), key=lambda each: each[1].role != "system")
    shown = [at for at, system in ranked if system.role == "system"][:_SYSTEMS] or [at for at, _ in ranked][:1]
    for at in shown:
        yield from _of(run_report, at, links, room)
    rest = [at for at, _ in ranked if at not in shown]
    if rest and room.more:
        inner = tuple(block for at in rest for block in _of(run_report, at, links, room))
        if inner:
            yield Folded(f"{fmt.plural(len(rest), 'further system')}", inner)
    if totals.marked:
        yield Paragraph(f"{BY_PEOPLE} {words.JUDGED_BY_PERSON}", "quiet")


def _of(run_report: Report, at: int, links: Links, room: Room) -> Iterator[Block]:
    """What is to be said of the system in this column."""
    totals, name = counts(run_report.index), run_report.systems[at].name
    parts = [
        *(_Part.claims(totals, name, label, (run_report, at, links)) for label in ("contradicted", "absent")),
        *(_Part.facts(totals, name, label, (run_report, at, links)) for label in ("contradicted", "absent")),
    ]
    parts = [part for part in parts if part.count]
    if not (totals.tallies[name].facts.total or totals.tallies[name].claims.total):
        return
    counted = ", ".join(part.counted(part.count) for part in parts)
    items = [Item((Piece(name, "strong"), Piece(f": {counted or 'nothing'}")), _shown(parts, room))]
    yield Listing(tuple(items), anchor=_anchor(at))
    rest = tuple(Item(line) for part in parts for line in part.lines[room.first : room.first + room.more])
    if rest:
        yield Folded(f"{len(rest):,} more of {name}", (Listing(rest),))


def _shown(parts: Sequence[_Part], room: Room) -> tuple[Text, ...]:
    lines: list[Text] = []
    for part in parts:
        lines += part.lines[: room.first]
        left_out = part.count - min(len(part.lines), room.first + room.more)
        lines += [f"and {part.counted(left_out, 'more ')}"] if left_out else []
    return tuple(lines)


_Where = tuple[Report, int, Links]
"""The report, the system's column in it, and where the pages lie."""


@dataclass(frozen=True, slots=True)
class _Part:
    """The sentences of one kind: so many of what, and what of it."""

    noun: str
    what: str
    count: int
    lines: Sequence[Text]

    @classmethod
    def claims(cls, totals: Counts, name: str, label: Label, where: _Where) -> _Part:
        what = "wrong" if label == "contradicted" else "not in the article"
        lines = [_claim(each, what, where) for each in totals.wrong[name] if each.label == label]
        return cls("claim", what, totals.claims[name][label], lines)

    @classmethod
    def facts(cls, totals: Counts, name: str, label: Label, where: _Where) -> _Part:
        noun, what = ("fact", "contradicted") if label == "contradicted" else (totals.noun, "lost")
        lines = [_loss(each, what, where) for each in totals.losses[name] if each.label == label]
        return cls(noun, what, totals.lost[name][label], lines)

    def counted(self, number: int, more: str = "") -> str:
        """``2 essential facts lost``."""
        return f"{number:,} {more}{self.noun}{'' if number == 1 else 's'} {self.what}"


def _claim(claim: WrongClaim, what: str, where: _Where) -> Text:
    _, at, _ = where
    check = claim.check
    place = _place(where, claim.article, f"s{at}k{check.sample}k{claim.number}")
    said = [Piece(f"{what}:", claim.label), Piece(" "), Piece(f"“{check.hypothesis}”", href=place)]
    if claim.label == "contradicted":
        said += _against(check, "summary", "article")
    return (*said, *_judge(check, where))


def _loss(loss: Loss, what: str, where: _Where) -> Text:
    place = _place(where, loss.article, f"f{loss.number}")
    said = [Piece(f"{what}:", loss.label), Piece(" "), Piece(loss.fact.statement, href=place), Piece(loss.times)]
    said += [Piece(f" ({UNREVIEWED})")] if loss.fact.unreviewed else []
    if loss.label == "contradicted":
        said += _against(loss.check, "fact", "summary")
    return (*said, *_judge(loss.check, where))


def _judge(check: Check, where: _Where) -> list[Piece]:
    return [Piece(f" {BY_PEOPLE}")] if people(check.verdict) and counts(where[0].index).marked else []


def _against(check: Check, one: str, other: str) -> list[Piece]:
    """What differs, and the passage of the premise that says otherwise."""
    differing = [
        words.differ(one, each.stated, other, each.found.text if each.found else words.NO_MATCH)
        for each in check.verdict.differences
    ]
    evidence = check.verdict.evidence
    passage = evidence.text if evidence else ""
    shown = passage if len(passage) <= _PASSAGE else f"{passage[:_PASSAGE].rpartition(' ')[0]} …"
    quoted = [words.quoted(other, shown)] if passage else []
    return [Piece(f" {text}", "emphasis") for text in (*differing, *quoted)]


def _place(where: _Where, article: int, place: str) -> str:
    """Where it stands on a page; empty where the report does not show the article."""
    run_report, _, links = where
    shown = len(links.pages) if links.pages else len(run_report.items)
    return links.article(article, place) if article < shown else ""
