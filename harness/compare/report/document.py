"""A comparison as a document: who comes first, what differs, which facts were gained and lost, what else changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from harness.compare.fact_changes import FactChange, Turn
from harness.compare.report import numbers, words
from harness.compare.report.diff import diff
from harness.compare.report.words import (
    TURNS,
    answer,
    became,
    cautions,
    facts_in_words,
    has_value,
    named,
    plan_in_words,
)
from harness.compare.result import Comparison, Leaderboard, PairwiseComparison, RunDifferences
from harness.compare.run_differences import RunDifference
from harness.compare.summary_changes import SummaryChange
from harness.document import format as fmt
from harness.document.blocks import (
    Block,
    Cell,
    Document,
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
from harness.document.labels import MARKS, unreviewed
from harness.document.notes import Notes
from harness.document.roles import TITLES
from harness.records import Label, Metric
from harness.stats.interval import Estimate

_SHORT = 60
"""Characters of the longest value that is shown whole; of a longer one only the words that differ are."""


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
    "lost": "absent",
    "contradicted": "contradicted",
    "gained": "supported",
    "no longer contradicted": "supported",
}


def document(comparison: Comparison, room: Room = PAGE) -> Document:
    """What the comparison says, the most important first."""
    return Document(
        _title(comparison),
        _line(comparison),
        tuple(_banners(comparison)),
        answer(comparison),
        cautions(comparison),
        tuple(_blocks(comparison, room)),
        eyebrow="Comparison",
    )


def _blocks(comparison: Comparison, room: Room) -> Iterator[Block]:
    yield from (Heading("Side by side", anchor="board"), leaderboard_table(comparison))
    yield from _differences(comparison)
    yield from _facts(comparison, room)
    yield from _summaries(comparison, room)
    yield from _causes(comparison, room)
    if comparison.notes:
        yield Folded(words.LEFT_OUT, (Listing(tuple(map(Item, comparison.notes))),))


def _title(comparison: Comparison) -> str:
    first, *others = comparison.runs
    return f"{first} → {fmt.listed(others)}" if others else f"{first}, by {comparison.by}"


def _line(comparison: Comparison) -> str:
    sides = sum(len(board.sides) for board in comparison.leaderboards)
    what = (
        f"{fmt.plural(len(comparison.runs), 'run')} of {fmt.plural(len(comparison.leaderboards), 'system')}"
        if comparison.by == "run"
        else fmt.plural(sides, comparison.by)
    )
    return f"{what} · {fmt.plural(len(comparison.articles), 'shared article')} · compared by {comparison.by}"


def _banners(comparison: Comparison) -> Iterator[str]:
    for name, manifest in comparison.runs.items():
        if manifest.status in words.STATUS:
            yield f"{name} {words.STATUS[manifest.status]}."
    for contrast in comparison.contrasts:
        if contrast.measures:
            measures = "; ".join(map(str, contrast.measures))
            yield words.measured_differently(contrast.run, next(iter(comparison.runs)), measures)


# Side by side ---------------------------------------------------------------------------------------------------------


def leaderboard_table(comparison: Comparison) -> Table:
    """Every side with its mean of every metric that any side has a value of."""
    metrics = tuple(metric for metric in comparison.metrics if has_value(comparison, metric))
    notes = Notes()
    rows: list[Row] = []
    for board in comparison.leaderboards:
        if board.name:
            rows.append(Row((board.name,), heads=True))
        for role, sides in groupby(board.sides, key=lambda side: board.roles[side.name]):
            if len({*board.roles.values()}) > 1:
                rows.append(Row((TITLES[role],), heads=True))
            rows += [
                Row((side.name, *(_cell(board, side.name, metric, notes) for metric in metrics))) for side in sides
            ]
    heads: list[str | Metric] = [comparison.by.capitalize(), *metrics]
    return Table(tuple(heads), tuple(rows), caption=_caption(comparison), notes=notes.texts, anchor="board")


def _caption(comparison: Comparison) -> str:
    rankings = [ranking for board in comparison.leaderboards for ranking in board.rankings.values()]
    intervals = any(place.estimate.low is not None for ranking in rankings for place in ranking.places)
    ranked_by = comparison.ranked_by.title if comparison.ranked_by else ""
    means = words.means_over(len(comparison.articles), intervals, ranked_by)
    letters = words.SHARED_LETTER if any(ranking.tests for ranking in rankings) else ""
    return " ".join(filter(None, (means, letters, unreviewed(*comparison.unreviewed))))


def _cell(board: Leaderboard, side: str, metric: Metric, notes: Notes) -> Cell:
    ranking = board.rankings[metric.name]
    place = next(place for place in ranking.places if place.system == side)
    estimate = place.estimate
    reasons = board.reasons.get((side, metric.name), {})
    return Cell(
        fmt.value(estimate.mean, metric.format),
        fmt.interval(estimate.low, estimate.high, metric.format),
        place.letters if ranking.tests else "",
        notes.mark(_missing(estimate, reasons)) if estimate.missing else None,
    )


def _missing(estimate: Estimate, reasons: Mapping[str, int]) -> str:
    why = "; ".join(reason if count == 1 else f"{reason} ({count})" for reason, count in reasons.items())
    return words.missing_values(estimate.n, estimate.missing, why)


# Differences ----------------------------------------------------------------------------------------------------------


def _differences(comparison: Comparison) -> Iterator[Block]:
    yield Heading(words.differences_from(comparison.leaderboards[0].reference), anchor="differences")
    shifts = [shift for _, match in _matches(comparison) for shift in match.differences.values() if shift.changed]
    notes = Notes(None if shift.low is not None else shift.reason for shift in shifts)
    rows: list[Row] = []
    alike = []
    for board, match in _matches(comparison):
        changed = [
            _difference(match, metric, notes) for metric in comparison.metrics if match.differences[metric.name].changed
        ]
        if changed:
            rows += [Row((_pair(board, match),), heads=True), *changed]
        else:
            alike.append(_label(comparison, board, match))
    if rows:
        heads = ("metric", "before", "after", "difference [95%]", "p", "articles")
        caption = " ".join(
            filter(None, [_measured(comparison), words.no_interval(notes.shared) if notes.shared else ""])
        )
        yield Table(heads, tuple(rows), caption=caption, notes=notes.texts, anchor="differences")
    if alike:
        yield Paragraph(words.no_metric_differs(alike), "quiet")
    plans = [
        (pair, sentence) for pair in _matches(comparison) if (sentence := plan_in_words(pair[1], comparison.ranked_by))
    ]
    if len(plans) == 1:
        yield Paragraph(plans[0][1], "quiet")
    elif plans:
        items = tuple(Item(f"{_pair(*pair)}: {sentence}") for pair, sentence in plans)
        yield Folded(words.COULD_HAVE_SHOWN, (Listing(items),))


def _difference(match: PairwiseComparison, metric: Metric, notes: Notes) -> Row:
    shift = match.differences[metric.name]
    written = numbers.difference(shift, metric)
    note = None if written.interval else notes.mark(shift.reason)
    difference = Cell(written.size, written.interval, note=note)
    cells = (fmt.title(metric), written.before, written.after, difference, fmt.p_value(shift.p), str(shift.n))
    return Row(cells, strong=shift.apart)


def _matches(comparison: Comparison) -> Iterator[tuple[Leaderboard, PairwiseComparison]]:
    for board in comparison.leaderboards:
        yield from ((board, match) for match in board.matches)


def _pair(board: Leaderboard, match: PairwiseComparison) -> str:
    """``lead: base → short``, ``lead → oracle``."""
    pair = f"{match.reference} → {match.side}"
    return f"{board.name}: {pair}" if board.name else pair


def _label(comparison: Comparison, board: Leaderboard, match: PairwiseComparison) -> str:
    """What a match is called where the reference is known: ``lead``, ``oracle``."""
    if not board.name:
        return match.side
    return board.name if len(comparison.runs) == 2 else f"{board.name}: {match.side}"


def _measured(comparison: Comparison) -> str:
    tests = max((ranking.tests for board in comparison.leaderboards for ranking in board.rankings.values()), default=0)
    return words.how_tested(tests) if tests else ""


# Facts ----------------------------------------------------------------------------------------------------------------


def _facts(comparison: Comparison, room: Room) -> Iterator[Block]:
    changed = [(board, match) for board, match in _matches(comparison) if match.facts.changes]
    yield Heading(words.FACTS, anchor="facts")
    if not changed:
        same = {facts_in_words(match.facts) for _, match in _matches(comparison)}
        yield from (Paragraph(sentence) for sentence in sorted(same))
    articles = len(comparison.articles)
    if len(changed) > room.matches:
        yield _counts(comparison, changed, room.facts)
        return
    for board, match in changed:
        yield Heading(_pair(board, match), level=3)
        yield Paragraph(facts_in_words(match.facts))
        yield from _fact_changes(match, articles, room.facts)


def _fact_changes(match: PairwiseComparison, articles: int, most: int) -> Iterator[Block]:
    for essential in (True, False):
        for turn, word in TURNS.items():
            group = [change for change in match.facts.of(turn) if (change.importance == "essential") == essential]
            if group:
                title = f"{fmt.plural(len(group), 'essential fact' if essential else 'other fact')} {word}"
                items = [_fact(change, articles) for change in group[:most]]
                items += [Item(f"and {len(group) - most} more")] if len(group) > most else []
                yield Folded(title, (Listing(tuple(items)),), open=essential)


def _fact(change: FactChange, articles: int) -> Item:
    name = Piece(named(change, articles), "code")
    labels = list(change.after)
    sign = labels[0] if len(labels) == 1 else _SIGNS[change.turn]
    return Item((Piece(became(change), sign), Piece(f" {change.statement} "), name))


def _counts(comparison: Comparison, changed: Iterable[tuple[Leaderboard, PairwiseComparison]], most: int) -> Table:
    rows = []
    for board, match in changed:
        counts = [str(len(match.facts.of(turn))) for turn in TURNS]
        lost = [change for change in match.facts.of("lost") if change.importance == "essential"]
        names = [named(change, len(comparison.articles)) for change in lost[:most]]
        names += [f"and {len(lost) - most} more"] if len(lost) > most else []
        rows.append((_label(comparison, board, match), *counts, ", ".join(names)))
    heads = ("", *TURNS.values(), "essential facts no longer kept")
    return Table.of(heads, rows, left=frozenset({0, len(heads) - 1}))


# Summaries ------------------------------------------------------------------------------------------------------------


def _summaries(comparison: Comparison, room: Room) -> Iterator[Block]:
    pairs = [(board, match) for board, match in _matches(comparison) if match.summaries]
    if not pairs:
        return
    yield Heading("Summaries that changed", anchor="summaries")
    counts = [Item(sentence) for board, match in pairs if (sentence := _counted(board, match))]
    if counts:
        yield Listing(tuple(counts))
    if same := len(pairs) - len(counts):
        yield Paragraph(words.nothing_changed(same), "quiet")
    changes = [change for _, match in pairs if match.summaries for change in match.summaries.changes]
    worded = [change for change in changes if change.text_changed or room is PAGE]
    yield from (_changed(change, open_=room is not COMMENT) for change in worded[: room.texts])
    if len(worded) > room.texts and room is PAGE:
        yield Paragraph(words.in_the_json(len(worded) - room.texts), "quiet")


def _counted(board: Leaderboard, match: PairwiseComparison) -> str:
    if match.summaries is None or not match.summaries.changes:
        return ""
    verdicts = sum(change.verdicts_changed for change in match.summaries.changes)
    texts = sum(change.text_changed for change in match.summaries.changes)
    return words.changed(_pair(board, match), verdicts, texts, match.summaries.compared)


def _changed(change: SummaryChange, open_: bool) -> Folded:
    """A summary of both runs: what is gone is struck out, what is new is underlined."""
    place = change.place
    facts = [
        Item(
            (
                Piece(f"{_label_word(turned.before)} → {_label_word(turned.after)}", "strong"),
                Piece(f" {turned.statement}"),
            )
        )
        for turned in change.facts
    ]
    blocks: list[Block] = [Listing(tuple(facts))] if facts else []
    if change.unsupported[0] != change.unsupported[1]:
        blocks.append(Paragraph(words.unsupported(*change.unsupported), "quiet"))
    if change.before is None or change.after is None:
        blocks.append(Paragraph(words.SUMMARY_GONE if change.after is None else words.SUMMARY_NEW))
    blocks.append(Marked((tuple(diff(change.before or "", change.after or "")),)))
    return Folded(f"{place.system}, {place.article_id}, sample {place.sample + 1}", tuple(blocks), open_)


def _label_word(label: Label | None) -> str:
    return MARKS[label].fact if label else fmt.MISSING


# What else changed ----------------------------------------------------------------------------------------------------


def _causes(comparison: Comparison, room: Room) -> Iterator[Block]:
    if not comparison.contrasts:
        return
    yield Heading("What else changed", anchor="causes")
    first = next(iter(comparison.runs))
    for contrast in comparison.contrasts:
        blocks = tuple(_origins(contrast, room.causes))
        yield Folded(f"{first} → {contrast.run}", blocks, open=room is PAGE)


def _origins(contrast: RunDifferences, most: int) -> Iterator[Block]:
    if not contrast.causes:
        yield Paragraph(words.NOTHING_RECORDED)
    shown = contrast.causes[:most]
    for group, kinds in words.CAUSES.items():
        if changes := [change for change in shown if change.kind in kinds]:
            yield Heading(group, level=3)
            yield Listing(tuple(_entries(changes)))
    if rest := len(contrast.causes) - len(shown):
        yield Paragraph(words.and_more(rest), "quiet")


def _entries(changes: Sequence[RunDifference]) -> Iterator[Item]:
    """An item for each change, with its key behind it; systems whose code changed alike share one."""
    alike: dict[object, list[RunDifference]] = {}
    for change in changes:
        alike.setdefault((change.before, change.after) if change.kind == "systems" else change, []).append(change)
    for change, *others in alike.values():
        subject = fmt.listed([change.subject, *(other.name.removesuffix(" code") for other in others)])
        key = () if others else (Piece(" "), Piece(f"({change.key})", "code"))
        yield Item((Piece(f"{subject}: "), *_difference_of(change), *key))


def _difference_of(change: RunDifference) -> list[Piece]:
    """What a change has before and after: short values side by side, of long ones the words that differ."""
    if change.before is None or change.after is None or max(len(change.before), len(change.after)) <= _SHORT:
        return [Piece(_cut(change.difference))]
    return [piece if piece.mark else Piece(_cut(piece.text)) for piece in diff(change.before, change.after)]


def _cut(text: str) -> str:
    """The text, or of a long one its beginning and its end."""
    return text if len(text) <= 3 * _SHORT else f"{text[:_SHORT]} … {text[-_SHORT:]}"
