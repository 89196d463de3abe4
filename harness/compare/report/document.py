"""A comparison as a document: who comes first, what differs, which facts were gained and lost, what else changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.compare.changed import SummaryChange
from harness.compare.compared import Comparison, Contrast, Match, Meeting
from harness.compare.report import numbers
from harness.compare.report.diff import diff
from harness.compare.report.words import TURNS, answer, became, cautions, facts_in_words, known, named, plan_in_words
from harness.compare.standing import FactChange, Turn
from harness.document import format as fmt
from harness.document.blocks import (
    Block,
    Cell,
    Document,
    Facts,
    Folded,
    Heading,
    Item,
    Listing,
    Marked,
    Paragraph,
    Piece,
    Row,
    Table,
)
from harness.document.notes import Notes
from harness.records import Label, Metric
from harness.stats.interval import Estimate

_STATUS = {
    "interrupted": "was interrupted, so some of its values are missing",
    "failed": "failed in part, so some of its values are missing",
}


@dataclass(frozen=True, slots=True)
class Room:
    """How much a medium has room for."""

    facts: int
    """Facts of one kind that are named in a match; of more, the rest are counted."""
    matches: int
    """Matches that have their facts named; of more, the facts of each are counted and the essential ones lost named."""
    texts: int
    """Changed summaries that are shown word by word."""
    causes: int
    """Other changes that are listed."""


TERMINAL = Room(facts=12, matches=6, texts=3, causes=20)
COMMENT = Room(facts=40, matches=6, texts=20, causes=200)
PAGE = Room(facts=10_000, matches=10_000, texts=200, causes=10_000)

_SIGNS: Mapping[Turn, Label] = {
    "lost": "contradicted",
    "contradicted": "contradicted",
    "gained": "supported",
    "no longer contradicted": "supported",
}


def document(found: Comparison, room: Room = PAGE) -> Document:
    """What the comparison says, the most important first."""
    return Document(
        _title(found),
        _line(found),
        tuple(_banners(found)),
        answer(found),
        cautions(found),
        tuple(_blocks(found, room)),
        eyebrow="Comparison",
    )


def _blocks(found: Comparison, room: Room) -> Iterator[Block]:
    yield from (Heading("Side by side", anchor="board"), board(found))
    yield from _differences(found)
    yield from _facts(found, room)
    yield from _summaries(found, room)
    yield from _causes(found, room)
    if found.notes:
        yield Folded("What takes no part, and what is not known", (Listing(tuple(map(Item, found.notes))),))


def _title(found: Comparison) -> str:
    first, *others = found.runs
    return f"{first} → {fmt.listed(others)}" if others else f"{first}, by {found.by}"


def _line(found: Comparison) -> str:
    sides = sum(len(meeting.sides) for meeting in found.meetings)
    what = (
        f"{fmt.plural(len(found.runs), 'run')} of {fmt.plural(len(found.meetings), 'system')}"
        if found.by == "run"
        else fmt.plural(sides, found.by)
    )
    return f"{what} · {fmt.plural(len(found.articles), 'shared article')} · compared by {found.by}"


def _banners(found: Comparison) -> Iterator[str]:
    for name, manifest in found.runs.items():
        if manifest.status in _STATUS:
            yield f"{name} {_STATUS[manifest.status]}."
    for contrast in found.contrasts:
        if contrast.measures:
            measures = "; ".join(map(str, contrast.measures))
            yield f"{contrast.run} was not measured as {next(iter(found.runs))} was: {measures}."


# Side by side ---------------------------------------------------------------------------------------------------------


def board(found: Comparison) -> Table:
    """Every side with its mean of every metric that any side has a value of."""
    metrics = tuple(metric for metric in found.metrics if known(found, metric))
    notes = Notes()
    rows: list[Row] = []
    for meeting in found.meetings:
        if meeting.name:
            rows.append(Row((meeting.name,), heads=True))
        rows += [
            Row((side.name, *(_cell(meeting, side.name, metric, notes) for metric in metrics)))
            for side in meeting.sides
        ]
    heads: list[str | Metric] = [found.by.capitalize(), *metrics]
    return Table(tuple(heads), tuple(rows), caption=_caption(found), notes=notes.texts, anchor="board")


def _caption(found: Comparison) -> str:
    rankings = [ranking for meeting in found.meetings for ranking in meeting.rankings.values()]
    said = f"Means over {fmt.plural(len(found.articles), 'article')}"
    intervals = any(place.estimate.low is not None for ranking in rankings for place in ranking.places)
    said += " with 95% intervals" if intervals else ""
    said += f"; best first by {found.ranked_by.title}." if found.ranked_by else "."
    if any(ranking.tests for ranking in rankings):
        said += " Two that share a letter cannot be told apart."
    return said


def _cell(meeting: Meeting, side: str, metric: Metric, notes: Notes) -> Cell:
    ranking = meeting.rankings[metric.name]
    place = next(place for place in ranking.places if place.system == side)
    estimate = place.estimate
    reasons = meeting.reasons.get((side, metric.name), {})
    return Cell(
        fmt.value(estimate.mean, metric.format),
        fmt.interval(estimate.low, estimate.high, metric.format),
        place.letters if ranking.tests else "",
        notes.mark(_missing(estimate, reasons)) if estimate.missing else None,
    )


def _missing(estimate: Estimate, reasons: Mapping[str, int]) -> str:
    why = "; ".join(reason if count == 1 else f"{reason} ({count})" for reason, count in reasons.items())
    articles = fmt.plural(estimate.n + estimate.missing, "article")
    return f"n = {estimate.n} of {articles}, {estimate.missing} missing: {why or 'no reason was given'}"


# Differences ----------------------------------------------------------------------------------------------------------


def _differences(found: Comparison) -> Iterator[Block]:
    yield Heading(f"Differences from {found.meetings[0].reference}", anchor="differences")
    notes = Notes()
    rows: list[Row] = []
    same = []
    for meeting, match in _matches(found):
        changed = [_difference(match, metric, notes) for metric in found.metrics if match.shifts[metric.name].changed]
        if changed:
            rows += [Row((_pair(meeting, match),), heads=True), *changed]
        else:
            same.append(_label(found, meeting, match))
    if rows:
        heads = ("metric", "before", "after", "difference [95%]", "p", "articles")
        yield Table(heads, tuple(rows), caption=_measured(found), notes=notes.texts, anchor="differences")
    if same:
        yield Paragraph(f"No metric differs on any article: {fmt.listed(same)}.", "quiet")
    plans = [(pair, said) for pair in _matches(found) if (said := plan_in_words(pair[1], found.ranked_by))]
    if len(plans) == 1:
        yield Paragraph(plans[0][1], "quiet")
    elif plans:
        items = tuple(Item(f"{_pair(*pair)}: {said}") for pair, said in plans)
        yield Folded("What these articles could have shown", (Listing(items),))


def _difference(match: Match, metric: Metric, notes: Notes) -> Row:
    shift = match.shifts[metric.name]
    interval = numbers.signed_interval(shift.low, shift.high, metric)
    difference = Cell(numbers.signed(shift.mean, metric), interval, note=None if interval else notes.mark(shift.reason))
    before, after = (fmt.value(value, metric.format) for value in (shift.before, shift.after))
    cells = (fmt.title(metric), before, after, difference, numbers.p_value(shift.p), str(shift.n))
    return Row(cells, strong=shift.apart)


def _matches(found: Comparison) -> Iterator[tuple[Meeting, Match]]:
    for meeting in found.meetings:
        yield from ((meeting, match) for match in meeting.matches)


def _pair(meeting: Meeting, match: Match) -> str:
    """``lead: base → short``, ``lead → oracle``."""
    pair = f"{match.reference} → {match.side}"
    return f"{meeting.name}: {pair}" if meeting.name else pair


def _label(found: Comparison, meeting: Meeting, match: Match) -> str:
    """What a match is called where the reference is known: ``lead``, ``oracle``."""
    if not meeting.name:
        return match.side
    return meeting.name if len(found.runs) == 2 else f"{meeting.name}: {match.side}"


def _measured(found: Comparison) -> str:
    tests = max((ranking.tests for meeting in found.meetings for ranking in meeting.rankings.values()), default=0)
    if not tests:
        return ""
    return (
        "Each interval holds for itself (95%, bootstrap-t over shared articles); p is the paired permutation test's, "
        f"corrected for the {fmt.plural(tests, 'comparison')} of its metric (Holm)."
    )


# Facts ----------------------------------------------------------------------------------------------------------------


def _facts(found: Comparison, room: Room) -> Iterator[Block]:
    changed = [(meeting, match) for meeting, match in _matches(found) if match.facts.changes]
    yield Heading("Facts gained and lost", anchor="facts")
    if not changed:
        same = {facts_in_words(match.facts) for _, match in _matches(found)}
        yield from (Paragraph(said) for said in sorted(same))
    articles = len(found.articles)
    if len(changed) > room.matches:
        yield _counts(found, changed, room.facts)
        return
    for meeting, match in changed:
        yield Heading(_pair(meeting, match), level=3)
        yield Paragraph(facts_in_words(match.facts))
        yield from _turned(match, articles, room.facts)


def _turned(match: Match, articles: int, most: int) -> Iterator[Block]:
    for essential in (True, False):
        for turn, word in TURNS:
            group = [change for change in match.facts.of(turn) if (change.importance == "essential") == essential]
            if group:
                title = f"{fmt.plural(len(group), 'essential fact' if essential else 'other fact')} {word}"
                items = [_fact(change, articles) for change in group[:most]]
                items += [Item(f"and {len(group) - most} more")] if len(group) > most else []
                yield Folded(title, (Listing(tuple(items)),), open=essential)


def _fact(change: FactChange, articles: int) -> Item:
    name = Piece(named(change, articles), _SIGNS[change.turn])
    return Item((name, Piece(f" {became(change)}: {change.statement}")))


def _counts(found: Comparison, changed: Iterable[tuple[Meeting, Match]], most: int) -> Table:
    rows = []
    for meeting, match in changed:
        counts = [str(len(match.facts.of(turn))) for turn, _ in TURNS]
        lost = [change for change in match.facts.of("lost") if change.importance == "essential"]
        names = [named(change, len(found.articles)) for change in lost[:most]]
        names += [f"and {len(lost) - most} more"] if len(lost) > most else []
        rows.append((_label(found, meeting, match), *counts, ", ".join(names)))
    heads = ("", *(word for _, word in TURNS), "essential facts lost")
    return Table.of(heads, rows, left=frozenset({0, len(heads) - 1}))


# Summaries ------------------------------------------------------------------------------------------------------------


def _summaries(found: Comparison, room: Room) -> Iterator[Block]:
    pairs = [(meeting, match) for meeting, match in _matches(found) if match.summaries]
    if not pairs:
        return
    yield Heading("Summaries that changed", anchor="summaries")
    counts = [Item(said) for meeting, match in pairs if (said := _counted(meeting, match))]
    if counts:
        yield Listing(tuple(counts))
    if same := len(pairs) - len(counts):
        yield Paragraph(f"In {fmt.plural(same, 'comparison')} no verdict and no text changed.", "quiet")
    changes = [change for _, match in pairs if match.summaries for change in match.summaries.changes]
    worded = [change for change in changes if change.text or room is PAGE]
    yield from (_changed(change, open_=room is not COMMENT) for change in worded[: room.texts])
    if len(worded) > room.texts and room is PAGE:
        yield Paragraph(f"{fmt.plural(len(worded) - room.texts, 'more summary')}: see the JSON.", "quiet")


def _counted(meeting: Meeting, match: Match) -> str:
    if match.summaries is None or not match.summaries.changes:
        return ""
    verdicts = sum(change.verdicts for change in match.summaries.changes)
    texts = sum(change.text for change in match.summaries.changes)
    compared = match.summaries.compared
    return f"{_pair(meeting, match)}: verdicts changed in {verdicts} of {compared}, the text in {texts}"


def _changed(change: SummaryChange, open_: bool) -> Folded:
    """A summary of both runs: what is gone is struck out, what is new is underlined."""
    place = change.place
    blocks: list[Block] = [
        Paragraph(f"{turned.name}: {turned.before or fmt.MISSING} → {turned.after or fmt.MISSING}", "quiet")
        for turned in change.facts
    ]
    if change.unsupported[0] != change.unsupported[1]:
        before, after = change.unsupported
        blocks.append(Paragraph(f"Sentences that are not supported: {before} → {after}", "quiet"))
    if change.before is None or change.after is None:
        gone = "The summary is no longer there." if change.after is None else "There was no summary before."
        blocks.append(Paragraph(gone))
    blocks.append(Marked((tuple(diff(change.before or "", change.after or "")),)))
    return Folded(f"{place.system}, {place.article_id}, sample {place.sample}", tuple(blocks), open_)


# What else changed ----------------------------------------------------------------------------------------------------


def _causes(found: Comparison, room: Room) -> Iterator[Block]:
    if not found.contrasts:
        return
    yield Heading("What else changed", anchor="causes")
    first = next(iter(found.runs))
    for contrast in found.contrasts:
        yield Folded(f"{first} → {contrast.run}", (_origins(contrast, room.causes),), open=room is PAGE)


def _origins(contrast: Contrast, most: int) -> Block:
    if not contrast.causes:
        return Paragraph("nothing that the manifests record")
    entries = [_entry(str(origin)) for origin in contrast.causes[:most]]
    rest: Sequence[tuple[str, str]] = (
        [("and", f"{len(contrast.causes) - most} more")] if len(contrast.causes) > most else []
    )
    return Facts((*entries, *rest))


def _entry(origin: str) -> tuple[str, str]:
    name, _, values = origin.partition(": ")
    return name, values if len(values) <= 400 else f"{values[:399]}…"
