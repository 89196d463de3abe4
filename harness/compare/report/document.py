"""A comparison as a document: who comes first, what differs, which facts were gained and lost, what else changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from harness.compare.fact_changes import FactChange, Turn
from harness.compare.report import numbers, words
from harness.compare.report.diff import diff
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
from harness.document.labels import MARKS, fact_name, unreviewed
from harness.document.medium import COMMENT, PAGE, Medium
from harness.document.notes import Notes, missing_values
from harness.document.roles import TITLES
from harness.records import Label, Metric

_SHORT = 60
"""Characters of the longest value that is shown whole; of a longer one only the words that differ are."""


_SIGNS: Mapping[Turn, Label] = {
    "lost": "absent",
    "contradicted": "contradicted",
    "gained": "supported",
    "no longer contradicted": "supported",
}


def document(comparison: Comparison, medium: Medium = PAGE) -> Document:
    """What the comparison says, the most important first."""
    return Document(
        _title(comparison),
        _line(comparison),
        tuple(_banners(comparison)),
        words.answer(comparison),
        words.cautions(comparison),
        tuple(_blocks(comparison, medium)),
        eyebrow="Comparison",
    )


def _blocks(comparison: Comparison, medium: Medium) -> Iterator[Block]:
    yield from (Heading("Side by side", anchor="board"), leaderboard_table(comparison))
    yield from _differences(comparison)
    yield from _facts(comparison, medium)
    yield from _summaries(comparison, medium)
    yield from _causes(comparison, medium)
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
        if manifest.status == "interrupted":
            yield f"{name} {words.INTERRUPTED}."
    for contrast in comparison.contrasts:
        if contrast.measures:
            measures = "; ".join(map(contrast.in_words, contrast.measures))
            yield words.measured_differently(contrast.run, contrast.first, measures)


# Side by side ---------------------------------------------------------------------------------------------------------


def leaderboard_table(comparison: Comparison) -> Table:
    """Every side with its mean of every metric that any side has a value of."""
    metrics = tuple(metric for metric in comparison.metrics if words.has_value(comparison, metric))
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
        notes.mark(missing_values(estimate.n, estimate.missing, reasons)) if estimate.missing else None,
    )


# Differences ----------------------------------------------------------------------------------------------------------


def _differences(comparison: Comparison) -> Iterator[Block]:
    yield Heading(words.differences_from(_references(comparison)), anchor="differences")
    shifts = [
        shift for _, pairwise in _comparisons(comparison) for shift in pairwise.differences.values() if shift.changed
    ]
    notes = Notes(None if shift.low is not None else shift.reason for shift in shifts)
    rows: list[Row] = []
    alike = []
    for board, pairwise in _comparisons(comparison):
        changed = [
            _difference(pairwise, metric, notes)
            for metric in comparison.metrics
            if pairwise.differences[metric.name].changed
        ]
        if changed:
            rows += [Row((_pair(board, pairwise),), heads=True), *changed]
        else:
            alike.append((_label(comparison, board, pairwise), pairwise))
    if rows:
        heads = ("metric", *_sides(comparison), "difference [95%]", "p", "articles")
        caption = " ".join(
            filter(None, [_measured(comparison), words.no_interval(notes.shared) if notes.shared else ""])
        )
        yield Table(heads, tuple(rows), caption=caption, notes=notes.texts, anchor="differences")
    yield from (Paragraph(sentence, "quiet") for sentence in words.no_metric_differs(alike))
    plans = [
        (pair, sentence)
        for pair in _comparisons(comparison)
        if (sentence := words.plan_in_words(pair[1], comparison.ranked_by))
    ]
    if len(plans) == 1:
        yield Paragraph(plans[0][1], "quiet")
    elif plans:
        items = tuple(Item(f"{_pair(*pair)}: {sentence}") for pair, sentence in plans)
        yield Folded(words.COULD_HAVE_SHOWN, (Listing(items),))


def _difference(pairwise: PairwiseComparison, metric: Metric, notes: Notes) -> Row:
    shift = pairwise.differences[metric.name]
    written = numbers.difference(shift, metric)
    note = None if written.interval else notes.mark(shift.reason)
    difference = Cell(written.size, written.interval, note=note)
    cells = (fmt.title(metric), written.before, written.after, difference, fmt.p_value(shift.p), str(shift.n))
    return Row(cells, strong=shift.apart)


def _comparisons(comparison: Comparison) -> Iterator[tuple[Leaderboard, PairwiseComparison]]:
    for board in comparison.leaderboards:
        yield from ((board, pairwise) for pairwise in board.comparisons)


def _pair(board: Leaderboard, pairwise: PairwiseComparison) -> str:
    """``lead: base → short``, ``lead / oracle``."""
    pair = f"{pairwise.reference} {words.between(pairwise)} {pairwise.side}"
    return f"{board.name}: {pair}" if board.name else pair


def _sides(comparison: Comparison) -> tuple[str, str]:
    """What the two columns of values are called."""
    if comparison.by == "run":
        return "before", "after"
    pairs = comparison.leaderboards[0].comparisons
    return pairs[0].reference, pairs[0].side if len(pairs) == 1 else "the other"


def _references(comparison: Comparison) -> list[str]:
    """What sides are compared with: more than one where a run lacks a system."""
    return list(dict.fromkeys(board.reference for board in comparison.leaderboards))


def _label(comparison: Comparison, board: Leaderboard, pairwise: PairwiseComparison) -> str:
    """What a comparison is called: ``lead``, ``oracle`` where all have one reference, else with it."""
    if len(_references(comparison)) > 1:
        return _pair(board, pairwise)
    if not board.name:
        return pairwise.side
    return board.name if len(comparison.runs) == 2 else f"{board.name}: {pairwise.side}"


def _measured(comparison: Comparison) -> str:
    tests = max((ranking.tests for board in comparison.leaderboards for ranking in board.rankings.values()), default=0)
    return words.how_tested(tests) if tests else ""


# Facts ----------------------------------------------------------------------------------------------------------------


def _facts(comparison: Comparison, medium: Medium) -> Iterator[Block]:
    changed = [(board, pairwise) for board, pairwise in _comparisons(comparison) if pairwise.facts.changes]
    yield Heading(words.FACTS if comparison.by == "run" else words.FACTS_OF_SIDES, anchor="facts")
    if not changed:
        same = {words.facts_in_words(pairwise) for _, pairwise in _comparisons(comparison)}
        yield from (Paragraph(sentence) for sentence in sorted(same))
    articles = len(comparison.articles)
    if len(changed) > medium.comparisons:
        yield _counts(comparison, changed, medium.facts)
        return
    for board, pairwise in changed:
        yield Heading(_pair(board, pairwise), level=3)
        yield Paragraph(words.facts_in_words(pairwise))
        yield from _fact_changes(pairwise, articles, medium.facts)


def _fact_changes(pairwise: PairwiseComparison, articles: int, most: int) -> Iterator[Block]:
    for essential in (True, False):
        for turn, word in words.turns(pairwise).items():
            group = [change for change in pairwise.facts.of(turn) if (change.importance == "essential") == essential]
            if group:
                title = f"{fmt.plural(len(group), 'essential fact' if essential else 'other fact')} {word}"
                items = [_fact(change, articles, words.between(pairwise)) for change in group[:most]]
                items += [Item(fmt.and_more(len(group) - most))] if len(group) > most else []
                yield Folded(title, (Listing(tuple(items)),), open=essential)


def _fact(change: FactChange, articles: int, between: str) -> Item:
    name = Piece(_named(change, articles), "code")
    labels = list(change.after)
    sign = labels[0] if len(labels) == 1 else _SIGNS[change.turn]
    return Item((Piece(words.became(change, between), sign), Piece(f" {change.statement} "), name))


def _named(change: FactChange, articles: int) -> str:
    return fact_name(change.article, change.fact, articles, change.unreviewed)


def _counts(comparison: Comparison, changed: Sequence[tuple[Leaderboard, PairwiseComparison]], most: int) -> Table:
    rows, turned = [], words.turns(changed[0][1], side="the other")
    for board, pairwise in changed:
        counts = [str(len(pairwise.facts.of(turn))) for turn in turned]
        lost = [change for change in pairwise.facts.of("lost") if change.importance == "essential"]
        names = [_named(change, len(comparison.articles)) for change in lost[:most]]
        names += [fmt.and_more(len(lost) - most)] if len(lost) > most else []
        rows.append((_label(comparison, board, pairwise), *counts, ", ".join(names)))
    heads = ("", *turned.values(), f"essential facts {turned['lost']}")
    return Table.of(heads, rows, left=frozenset({0, len(heads) - 1}))


# Summaries ------------------------------------------------------------------------------------------------------------


def _summaries(comparison: Comparison, medium: Medium) -> Iterator[Block]:
    pairs = [(board, pairwise) for board, pairwise in _comparisons(comparison) if pairwise.summaries]
    if not pairs:
        return
    yield Heading("Summaries that changed", anchor="summaries")
    counts = [Item(sentence) for board, pairwise in pairs if (sentence := _counted(board, pairwise))]
    if counts:
        yield Listing(tuple(counts))
    if same := len(pairs) - len(counts):
        yield Paragraph(words.nothing_changed(same), "quiet")
    changes = [change for _, pairwise in pairs if pairwise.summaries for change in pairwise.summaries.changes]
    worded = [change for change in changes if change.text_changed or medium is PAGE]
    yield from (_changed(change, open_=medium is not COMMENT) for change in worded[: medium.texts])
    if len(worded) > medium.texts and medium is PAGE:
        yield Paragraph(words.in_the_json(len(worded) - medium.texts), "quiet")


def _counted(board: Leaderboard, pairwise: PairwiseComparison) -> str:
    if pairwise.summaries is None or not pairwise.summaries.changes:
        return ""
    return words.changed(_pair(board, pairwise), pairwise.summaries)


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


def _causes(comparison: Comparison, medium: Medium) -> Iterator[Block]:
    if not comparison.contrasts:
        return
    yield Heading("What else changed", anchor="causes")
    for contrast in comparison.contrasts:
        blocks = tuple(_origins(contrast, medium.causes))
        yield Folded(f"{contrast.first} → {contrast.run}", blocks, open=medium is PAGE)


def _origins(contrast: RunDifferences, most: int) -> Iterator[Block]:
    if not contrast.causes:
        yield Paragraph(words.NOTHING_RECORDED)
    shown = contrast.causes[:most]
    for group, kinds in words.CAUSES.items():
        if changes := [change for change in shown if change.kind in kinds]:
            yield Heading(group, level=3)
            yield Listing(tuple(_entries(changes, contrast)))
    if rest := len(contrast.causes) - len(shown):
        yield Paragraph(fmt.and_more(rest), "quiet")


def _entries(changes: Sequence[RunDifference], contrast: RunDifferences) -> Iterator[Item]:
    """An item for each change, with its key behind it; systems whose code changed alike share one."""
    alike: dict[object, list[RunDifference]] = {}
    for change in changes:
        alike.setdefault((change.before, change.after) if change.kind == "systems" else change, []).append(change)
    for change, *others in alike.values():
        subject = fmt.listed([change.subject, *(other.name.removesuffix(" code") for other in others)])
        key = () if others else (Piece(" "), Piece(f"({change.key})", "code"))
        yield Item((Piece(f"{subject}: "), *_difference_of(change, contrast), *key))


def _difference_of(change: RunDifference, contrast: RunDifferences) -> list[Piece]:
    """What a change has before and after: short values side by side, of long ones the words that differ."""
    if change.before is None or change.after is None or max(len(change.before), len(change.after)) <= _SHORT:
        return [Piece(fmt.ends(change.difference(contrast.first, contrast.run), _SHORT))]
    return [piece if piece.mark else Piece(fmt.ends(piece.text, _SHORT)) for piece in diff(change.before, change.after)]
