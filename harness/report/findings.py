"""What is wrong, made up or lost, as sentences, system by system."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.document import format as fmt
from harness.document.blocks import Block, Folded, Heading, Item, Listing, Paragraph, Piece, Text
from harness.document.labels import BY_PEOPLE, MARKS, UNREVIEWED, people, probability
from harness.document.medium import Medium
from harness.records import Check, Label, Metric, System
from harness.report import words
from harness.report.decisive_verdict import decisive_verdict
from harness.report.derived import NOT_KEPT
from harness.report.links import Column, Links
from harness.report.report import Report
from harness.report.tally import DOUBTFUL, LOST, Counts, Loss, WrongClaim, counts

_PASSAGE = 240
"""Characters of a passage."""
_SYSTEMS = 5
"""Up to so many systems are shown unfolded."""
_BY_ALL = "lost-by-all"
"""The place where the facts stand that every system under test loses."""
_LISTED = frozenset({NOT_KEPT, "essential_lost", "essential_contradicted", "fact_contradicted", "faithfulness"})
"""The metrics that what is wrong, made up or lost stands behind."""


def leads(run_report: Report, links: Links) -> Callable[[System, Metric], str]:
    """Where a page leads from a number of the leaderboard: to the facts and claims behind it, or else the summaries.

    What is lost or wrong is listed system by system. The other numbers lead to the system's first summary, or of many
    articles to the table of all of them.
    """
    columns = {system.name: Column(run_report, at, links) for at, system in enumerate(run_report.systems)}

    def place(system: System, metric: Metric) -> str:
        column = columns[system.name]
        listed = column.tally.losses or column.tally.wrong
        if metric.name in _LISTED and listed:
            return f"#{column.anchor}"
        if links.pages:
            return "#articles"
        return column.facts() if metric.name.startswith("fact_recall") else column.summary()

    return place


def findings(run_report: Report, links: Links, medium: Medium) -> Iterator[Block]:
    """The sentences that are wrong or made up, and the facts that are contradicted or lost, system by system.

    First those under test; what there is no room for is folded, or counted.
    """
    totals = counts(run_report.index)
    if not any(each.facts.total or each.claims.total for each in totals.tallies.values()):
        return
    listed = list(_systems(run_report, links, medium, totals))
    yield Heading(words.FINDINGS, anchor="findings")
    yield from _decisive(run_report, links)
    yield from listed
    if totals.marked and any(BY_PEOPLE in text for block in listed for text in _texts(block)):
        yield Paragraph(f"{BY_PEOPLE} {words.JUDGED_BY_PERSON}", "quiet")


def _decisive(run_report: Report, links: Links) -> Iterator[Block]:
    if found := decisive_verdict(run_report):
        name, verdict = found
        column = Column(run_report, [system.name for system in run_report.systems].index(name), links)
        label = MARKS[verdict.label].fact
        said = words.could_turn(name, label, probability(verdict.check.verdict, "coverage"))
        yield Paragraph((Piece(f"{said} "), Piece(verdict.fact.statement, href=column.fact_verdict(verdict))))


def _texts(block: Block) -> Iterator[str]:
    """What stands in a list, folded or not."""
    if isinstance(block, Folded):
        for inner in block.blocks:
            yield from _texts(inner)
    elif isinstance(block, Listing):
        for item in block.items:
            for text in (item.text, *item.details):
                yield from ([text] if isinstance(text, str) else (piece.text for piece in text))


def _systems(run_report: Report, links: Links, medium: Medium, totals: Counts) -> Iterator[Block]:
    tested = [at for at, system in enumerate(run_report.systems) if system.role == "system"]
    others = [at for at in range(len(run_report.systems)) if at not in tested]
    columns = [Column(run_report, at, links) for at in range(len(run_report.systems))]
    by_all = _lost_by_all([columns[at] for at in tested])
    if by_all:
        part = _Part(totals.noun, "lost", len(by_all), list(by_all.values()))
        yield from _listed(words.EVERY_SYSTEM, [part], medium, _BY_ALL)
    shown = tested[:_SYSTEMS] or others[:1]
    for at in shown:
        yield from _of(columns[at], medium, by_all)
    rest = [at for at in [*tested, *others] if at not in shown]
    if rest and medium.folded:
        inner = tuple(block for at in rest for block in _of(columns[at], medium, by_all if at in tested else {}))
        if inner:
            systems = [run_report.systems[at] for at in rest]
            names = [each.name if each.role == "system" else f"{each.name} ({each.role})" for each in systems]
            yield Folded(words.further_systems(len(rest), names[:_SYSTEMS], len(names[_SYSTEMS:])), inner)


def _lost_by_all(tested: Sequence[Column]) -> Mapping[str, Text]:
    """The facts that each of several systems loses in all its summaries, by name; none where not all are named.

    One alone is no pattern, and stays where it is. A fact is marked as judged by people where all these verdicts are.
    """
    if len(tested) < 2 or any(_unnamed(column) for column in tested):
        return {}
    losses = [_absent(column) for column in tested]
    names = [name for name in losses[0] if all(name in others for others in losses)]
    if len(names) < 2:
        return {}
    least_sure = (min((each[name] for each in losses), key=lambda loss: people(loss.check.verdict)) for name in names)
    return {loss.name: _loss(loss, "lost", tested[0], tested[0].fact(loss)) for loss in least_sure}


def _absent(column: Column) -> dict[str, Loss]:
    return {loss.name: loss for loss in column.tally.losses if loss.label == "absent" and loss.lost == loss.samples}


def _unnamed(column: Column) -> int:
    """How many of its losses are counted but not named."""
    return column.tally.lost.total() - len(column.tally.losses)


def _of(column: Column, medium: Medium, by_all: Mapping[str, Text]) -> Iterator[Block]:
    """What is to be said of one system; what every system loses has been listed."""
    tally = column.tally
    if not (tally.facts.total or tally.claims.total):
        return
    every = [*(_claims(column, label) for label in DOUBTFUL), *(_facts(column, label, by_all) for label in LOST)]
    yield from _listed(column.name, [part for part in every if part.count], medium, column.anchor)


def _listed(name: str, parts: Sequence[_Part], medium: Medium, anchor: str = "") -> Iterator[Block]:
    """The sentences of a system, as far as there is room, under their numbers."""
    title = [Piece(name, "strong"), Piece(": " if parts else ": nothing")]
    for at, part in enumerate(parts):
        title += [Piece(", " if at else ""), Piece(part.counted(part.count))]
        if part.shared:
            title += [Piece(", "), Piece(words.by_every_system(part.shared, part.count), href=f"#{_BY_ALL}")]
    rest = [Item(line) for part in parts for line in part.lines[medium.sentences : medium.sentences + medium.folded]]
    shown: list[Text] = []
    for part in parts:
        shown += [*part.lines[: medium.sentences], *([] if rest else _left_out([part], medium))]
    yield Listing((Item(tuple(title), tuple(shown)),), anchor=anchor)
    if rest:
        listed = (*rest, *map(Item, _left_out(parts, medium)))
        yield Folded(words.more_of(len(rest), name), (Listing(listed),))


@dataclass(frozen=True, slots=True)
class _Part:
    """The sentences of one kind: so many of what, and what of it."""

    noun: str
    what: str
    count: int
    lines: Sequence[Text]

    where: str = ""
    """In how many summaries, where an article has several."""
    shared: int = 0
    """How many of them stand under every system, and not here."""

    def counted(self, number: int, more: str = "") -> str:
        """``2 essential facts lost``."""
        return f"{number:,} {more}{self.noun}{'' if number == 1 else 's'} {self.what} {self.where}".rstrip()


def _claims(column: Column, label: Label) -> _Part:
    what = MARKS[label].claim
    lines = [_claim(each, what, column) for each in column.tally.wrong if each.label == label]
    where = words.IN_ALL_SUMMARIES if column.tally.several else ""
    return _Part("claim", what, column.tally.wrong_claims[label], lines, where)


def _facts(column: Column, label: Label, by_all: Mapping[str, Text]) -> _Part:
    tally, noun = column.tally, column.totals.noun
    losses = [each for each in tally.losses if each.label == label]
    noun, what = noun if label == "absent" else _noun(losses, noun), MARKS[label].fact
    own = [each for each in losses if label == "contradicted" or each.name not in by_all]
    lines = [_loss(each, what, column, column.fact_verdict(each)) for each in own]
    where = words.IN_A_SUMMARY if tally.several else ""
    return _Part(noun, what, tally.lost[label], lines, where, len(losses) - len(own))


def _noun(losses: Sequence[Loss], counted: str) -> str:
    """What contradicted facts are called: not only the essential ones are listed, so it says where all are others."""
    importance = {loss.fact.importance for loss in losses}
    return f"{importance.pop()} fact" if len(importance) == 1 and counted != "fact" else "fact"


def _left_out(parts: Sequence[_Part], medium: Medium) -> Iterator[str]:
    """How many further sentences there are of each kind."""
    for part in parts:
        number = part.count - part.shared - min(len(part.lines), medium.sentences + medium.folded)
        if number:
            yield f"and {part.counted(number, 'more ')}"


def _claim(claim: WrongClaim, what: str, column: Column) -> Text:
    check = claim.check
    stated = Piece(f"“{check.hypothesis}”", href=column.claim(claim))
    chance = f" ({probability(check.verdict, 'grounding')})" if claim.label == "uncertain" else ""
    pieces = [Piece(f"{what}:", claim.label), Piece(" "), stated, Piece(chance)]
    if claim.label == "contradicted":
        pieces += _against(check, "summary", "article")
    return (*pieces, *_judge(check, column))


def _loss(loss: Loss, what: str, column: Column, href: str) -> Text:
    stated = Piece(loss.fact.statement, href=href)
    pieces = [Piece(f"{what}{loss.times}:", loss.label), Piece(" "), stated]
    pieces += [Piece(f" ({UNREVIEWED})")] if loss.fact.unreviewed else []
    if loss.label == "contradicted":
        pieces += _against(loss.check, "fact", "summary")
    return (*pieces, *_judge(loss.check, column))


def _judge(check: Check, column: Column) -> list[Piece]:
    return [Piece(f" {BY_PEOPLE}")] if people(check.verdict) and column.totals.marked else []


def _against(check: Check, one: str, other: str) -> list[Piece]:
    """What differs, and the passage of the premise that says otherwise."""
    differing = [
        words.differ(one, each.stated, other, each.found.text if each.found else "")
        for each in check.verdict.differences
        if each.kind != "wording"
    ]
    if stated := [each.stated for each in check.verdict.differences if each.kind == "wording"]:
        differing.append(words.at_issue(stated))
    evidence = check.verdict.evidence
    passage = evidence.text if evidence else ""
    quoted = [words.quoted(other, fmt.opening(passage, _PASSAGE))] if passage else []
    return [Piece(f" {text}", "emphasis") for text in (*differing, *quoted)]
