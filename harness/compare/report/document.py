"""Turn a comparison into a document, with the most important findings first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from harness.compare.changes import SummaryChange, Turn, VerdictChange, describe_verdicts, diff
from harness.compare.comparison import Comparison, Leaderboard, PairwiseComparison
from harness.compare.report.answer import answer, list_cautions, write_difference
from harness.compare.run_differences import RunDifference, RunDifferences
from harness.compare.table import show_mean
from harness.document import format as fmt
from harness.document.blocks import (
    COMMENT,
    PAGE,
    Block,
    Cell,
    Document,
    Folded,
    Heading,
    Item,
    Listing,
    Medium,
    Notes,
    Paragraph,
    Piece,
    Row,
    Table,
)
from harness.document.labels import MARKS, ROLES, fact_name
from harness.records import Label, Metric, Use
from harness.stats.caution import ALPHA, can_be_significant
from harness.stats.paired import detectable_difference

_SIGNS: Mapping[Turn, Label] = {
    "no longer kept": "absent",
    "newly contradicted": "contradicted",
    "gained": "supported",
    "no longer contradicted": "supported",
}
"""Turn → the label whose symbol marks it, if the second side's samples have different verdicts."""
_CAUSES = {
    "Models": ("models", "systems"),
    "Prompts": ("prompts",),
    "Seed": ("seed",),
    "Versions and machine": ("packages", "git", "machine"),
}
_SHORT = 60  # maximum number of characters; longer values are shown as a word diff


def document(comparison: Comparison, medium: Medium = PAGE) -> Document:
    first, *others = comparison.runs
    what = fmt.plural(sum(len(board.sides) for board in comparison.leaderboards), comparison.by)
    if comparison.by == "run":
        systems = fmt.plural(len(comparison.leaderboards), "system")
        what = f"{fmt.plural(len(comparison.runs), 'run')} of {systems}"
    banners = [
        f"{name} was interrupted, so some of its values are missing."
        for name, manifest in comparison.runs.items()
        if manifest.status == "interrupted"
    ]
    banners += [
        f"{each.run} was measured differently from {each.first}: {'; '.join(map(each.describe, each.measures))}."
        for each in comparison.run_differences
        if each.measures
    ]
    return Document(
        f"{first} → {fmt.join_words(others)}" if others else f"{first}, by {comparison.by}",
        f"{what} · {fmt.plural(len(comparison.articles), 'shared article' if others else 'article')}",
        tuple(banners),
        answer(comparison),
        list_cautions(comparison),
        tuple(_blocks(comparison, medium)),
        eyebrow="Comparison",
    )


def _blocks(comparison: Comparison, medium: Medium) -> Iterator[Block]:
    yield from (Heading("Side by side", anchor="board"), _leaderboard(comparison))
    yield from _differences(comparison)
    yield from _facts(comparison, medium)
    yield from _summaries(comparison, medium)
    if comparison.run_differences:
        yield Heading("What else changed", anchor="causes")
    for differences in comparison.run_differences:
        causes = list_causes(differences, medium.causes)
        yield Folded(f"{differences.first} → {differences.run}", tuple(causes), open=medium is PAGE)
    if comparison.notes:
        yield Folded("Left out or unknown", (Listing(tuple(map(Item, comparison.notes))),))


# Side by side ---------------------------------------------------------------------------------------------------------


def _leaderboard(comparison: Comparison) -> Table:
    metrics = tuple(metric for metric in comparison.metrics if comparison.has_value(metric))
    notes = Notes()
    rows = [row for board in comparison.leaderboards for row in _board_rows(board, metrics, notes)]
    rankings = [ranking for board in comparison.leaderboards for ranking in board.rankings.values()]
    places = [place for ranking in rankings for place in ranking.places]
    caption = f"Means over {fmt.plural(len(comparison.articles), 'article')}"
    caption += " with 95% intervals" if any(place.estimate.low is not None for place in places) else ""
    caption += f"; best first by {by.title}." if (by := comparison.ranked_by) and by in metrics else "."
    if any(place.letters for place in places):
        caption += " Sides that share a letter do not differ significantly."
    heads: list[str | Metric] = [comparison.by.capitalize(), *metrics]
    return Table(tuple(heads), tuple(rows), caption=caption, notes=notes.texts, anchor="board")


def _board_rows(board: Leaderboard, metrics: Sequence[Metric], notes: Notes) -> Iterator[Row]:
    if board.name:
        yield Row((board.name,), is_heading=True)
    for role, sides in groupby(board.sides, key=lambda side: side.role):
        if board.sides[0].role != board.sides[-1].role:
            yield Row((ROLES[role],), is_heading=True)
        for side in sides:
            cells = []
            for metric in metrics:
                place, reasons = board.rankings[metric.name].place(side.name), board.reasons[side.name][metric.name]
                cells.append(show_mean(place.estimate, place.letters, metric, reasons, notes))
            yield Row((side.name, *cells))


# Differences ----------------------------------------------------------------------------------------------------------


def _differences(comparison: Comparison) -> Iterator[Block]:
    references = list(dict.fromkeys(pairwise.reference for pairwise in comparison.pairs))
    yield Heading(f"Differences from {references[0]}" if len(references) == 1 else "Differences", anchor="differences")
    changed: list[PairwiseComparison] = []
    unchanged: dict[str, list[str]] = {}
    for pairwise in comparison.pairs:
        if any(difference.changed for difference in pairwise.differences.values()):
            changed.append(pairwise)
        else:
            reason = "no metric differs where both sides have a value"
            if not any(difference.n for difference in pairwise.differences.values()):
                reason = "no article has a value on both sides"
            unchanged.setdefault(reason, []).append(_name_side(comparison, pairwise))
    if changed:
        yield _difference_table(comparison, changed)
    yield from (Paragraph(f"{fmt.join_words(names)}: {reason}.", "quiet") for reason, names in unchanged.items())
    yield from _detectable(comparison)


def _difference_table(comparison: Comparison, changed: Sequence[PairwiseComparison]) -> Table:
    """Show the metrics that differ, pair by pair."""
    differences = [each for pairwise in changed for each in pairwise.differences.values() if each.changed]
    notes = Notes(each.reason for each in differences)
    rows: list[Row] = []
    for pairwise in changed:
        rows.append(Row((_name_side(comparison, pairwise),), is_heading=True))
        for metric in comparison.metrics:
            difference = pairwise.differences[metric.name]
            if difference.changed:
                written = write_difference(difference, metric)
                size = Cell(written.size, written.interval, note=notes.mark(difference.reason))
                p, n = fmt.p_value(difference.p), str(difference.n)
                cells = (fmt.title(metric), written.before, written.after, size, p, n)
                rows.append(Row(cells, strong=difference.is_significant))
    tests = {ranking.tests for board in comparison.leaderboards for ranking in board.rankings.values()} - {0}
    intervals = "95% intervals by bootstrap-t over shared articles."
    caption = notes.caption if all(each.low is None for each in differences) else intervals
    if tests:
        comparisons = f"{'up to ' if len(tests) > 1 else ''}{fmt.plural(max(tests), 'comparison')}"
        caption += f" p by a paired permutation test, corrected for {comparisons} per metric (Holm)."
    names = (comparison.pairs[0].reference, comparison.pairs[0].side if len(comparison.pairs) == 1 else "the other")
    before, after = ("before", "after") if comparison.by == "run" else names
    heads = ("metric", before, after, "difference [95%]", "p", "articles")
    return Table(heads, tuple(rows), caption=caption.strip(), notes=notes.texts, anchor="differences")


def _detectable(comparison: Comparison) -> Iterator[Block]:
    """State the smallest true differences that these articles could detect."""
    if not (by := comparison.ranked_by):
        return
    tests = max(1, *(board.rankings[by.name].tests for board in comparison.leaderboards))
    differences = [pairwise.differences[by.name] for pairwise in comparison.pairs]
    sizes = [
        detectable_difference(each.n, each.spread, ALPHA / tests)
        for each in differences
        if each.spread and each.low is not None and can_be_significant(each.n, tests)
    ]
    if sizes:
        ends = dict.fromkeys(
            f"{size:.1g}" if size < 0.05 and by.format != "seconds" else fmt.value(size, by.format)
            for size in (min(sizes), max(sizes))
        )
        detected = f"{'a true difference' if len(differences) == 1 else 'true differences'} of {' to '.join(ends)}"
        yield Paragraph(
            f"With this many articles, {detected} in {by.title} would be detected 80% of the time.", "quiet"
        )


def _name_pair(pairwise: PairwiseComparison) -> str:
    """``lead: base → short`` or ``lead vs. oracle``."""
    reference, side = pairwise.reference, pairwise.side
    return f"{pairwise.system}: {reference} → {side}" if pairwise.system else f"{reference} vs. {side}"


def _name_side(comparison: Comparison, pairwise: PairwiseComparison) -> str:
    """Name the compared side; add the reference if the comparison has several references."""
    if len({each.reference for each in comparison.pairs}) > 1:
        return _name_pair(pairwise)
    if not pairwise.system:
        return pairwise.side
    return pairwise.system if len(comparison.runs) == 2 else f"{pairwise.system}: {pairwise.side}"


# Facts ----------------------------------------------------------------------------------------------------------------


def _facts(comparison: Comparison, medium: Medium) -> Iterator[Block]:
    changed = [pairwise for pairwise in comparison.pairs if pairwise.facts.changes]
    title = "Facts gained and no longer kept" if comparison.by == "run" else "Facts that only one side keeps"
    yield Heading(title, anchor="facts")
    if not changed:
        alike: dict[str, list[str]] = {}
        for pairwise in comparison.pairs:
            alike.setdefault(_count_facts(pairwise), []).append(_name_side(comparison, pairwise))
        several = len(alike) > 1
        yield from (Paragraph(f"{fmt.join_words(who)}, {said}" if several else said) for said, who in alike.items())
    if len(changed) > medium.comparisons:
        yield _fact_table(comparison, changed, medium.facts)
        return
    for pairwise in changed:
        yield Heading(_name_pair(pairwise), level=3)
        yield Paragraph(_count_facts(pairwise))
        yield from _fact_changes(pairwise, len(comparison.articles), medium.facts)


def _count_facts(pairwise: PairwiseComparison) -> str:
    changes = pairwise.facts
    if not changes.compared:
        return "No fact has a verdict on both sides."
    lost, gained = len(changes.of("no longer kept")), len(changes.of("gained"))
    compared, turned = f"{fmt.plural(changes.compared, 'fact')} compared", _word_turns([pairwise])
    if not (lost or gained):
        return f"{compared}: {'none gained or no longer kept' if pairwise.system else 'both keep the same'}."
    return f"{compared}: {gained} {turned['gained']}, {lost} {turned['no longer kept']}."


def _word_turns(pairs: Sequence[PairwiseComparison]) -> Mapping[Turn, str]:
    """Describe each way a fact can change; name both sides unless runs are compared. The pairs share a reference."""
    if pairs[0].system:
        return {turn: turn for turn in _SIGNS}
    changes = [change for pairwise in pairs for change in pairwise.facts.changes]
    several = any(change.before.total() > 1 or change.after.total() > 1 for change in changes)
    how = "more often" if several else "only"
    one, other = pairs[0].reference, pairs[0].side if len(pairs) == 1 else "the other"
    return {
        "no longer kept": f"kept {how} by {one}",
        "newly contradicted": f"contradicted {how} by {other}",
        "gained": f"kept {how} by {other}",
        "no longer contradicted": f"contradicted {how} by {one}",
    }


def _fact_changes(pairwise: PairwiseComparison, articles: int, most: int) -> Iterator[Block]:
    for essential in (True, False):
        for turn, word in _word_turns([pairwise]).items():
            group = [change for change in pairwise.facts.of(turn) if (change.importance == "essential") == essential]
            if group:
                title = f"{fmt.plural(len(group), 'essential fact' if essential else 'other fact')} {word}"
                items = []
                for change in group[:most]:
                    name = Piece(fact_name(change.article, change.fact, articles, change.unreviewed), "code")
                    sign = next(iter(change.after)) if len(change.after) == 1 else _SIGNS[change.turn]
                    before, after = map(describe_verdicts, (change.before, change.after))
                    became = Piece(f"{before} {'→' if pairwise.system else '/'} {after}", sign)
                    items.append(Item((became, Piece(f" {change.statement} "), name)))
                items += [Item(fmt.and_more(len(group) - most))] if len(group) > most else []
                yield Folded(title, (Listing(tuple(items)),), open=essential)


def _fact_table(comparison: Comparison, changed: Sequence[PairwiseComparison], most: int) -> Table:
    rows, turned = [], _word_turns(changed)
    articles = len(comparison.articles)
    for pairwise in changed:
        counts = [str(len(pairwise.facts.of(turn))) for turn in turned]
        lost = [change for change in pairwise.facts.of("no longer kept") if change.importance == "essential"]
        names = [fact_name(change.article, change.fact, articles, change.unreviewed) for change in lost]
        rows.append((_name_side(comparison, pairwise), *counts, fmt.shorten_list(names, most)))
    heads = ("", *turned.values(), f"essential facts {turned['no longer kept']}")
    return Table.of(heads, rows, left=frozenset({0, len(heads) - 1}))


# Summaries ------------------------------------------------------------------------------------------------------------


def _summaries(comparison: Comparison, medium: Medium) -> Iterator[Block]:
    pairs = [(pairwise, pairwise.summaries) for pairwise in comparison.pairs if pairwise.summaries]
    if not pairs:
        return
    yield Heading("Summaries that changed", anchor="summaries")
    items = []
    for pairwise, found in pairs:
        if found.changes:
            verdicts = f"verdicts changed in {found.verdicts_changed} of {found.compared}"
            items.append(Item(f"{_name_pair(pairwise)}: {verdicts}, the text in {found.texts_changed}"))
    if items:
        yield Listing(tuple(items))
    if same := len(pairs) - len(items):
        noun = "system" if len(comparison.runs) == 2 else "comparison"
        yield Paragraph(f"{fmt.plural(same, noun)}: no verdict or text changed.", "quiet")
    changes = [(_name_side(comparison, pairwise), change) for pairwise, found in pairs for change in found.changes]
    shown = [(name, change) for name, change in changes if change.text_changed or medium is PAGE]
    yield from (_summary(name, change, open_=medium is not COMMENT) for name, change in shown[: medium.texts])
    if len(shown) > medium.texts and medium is PAGE:
        yield Paragraph(f"{fmt.plural(len(shown) - medium.texts, 'more summary')}: see the JSON.", "quiet")


def _summary(name: str, change: SummaryChange, open_: bool) -> Folded:
    """Show a summary in both runs, with removed words struck out and new words underlined."""
    changed: dict[Use, tuple[VerdictChange, ...]] = {"coverage": change.facts, "grounding": change.claims}
    items = []
    for use, verdicts in changed.items():
        for each in verdicts:
            words = [MARKS[label].word(use) if label else fmt.MISSING for label in (each.before, each.after)]
            items.append(Item((Piece(" → ".join(words), "strong"), Piece(f" {each.statement}"))))
    blocks: list[Block] = [Listing(tuple(items))] if items else []
    before, after = change.unsupported
    if before != after:
        blocks.append(Paragraph(f"Unsupported sentences: {before} → {after}", "quiet"))
    if change.before is None or change.after is None:
        gone = "The summary is missing now." if change.after is None else "The summary was missing before."
        blocks.append(Paragraph(gone))
    blocks.append(Paragraph(tuple(diff(change.before or "", change.after or "")), "quote"))
    return Folded(f"{name}, {change.place.article_id}, sample {change.place.sample + 1}", tuple(blocks), open_)


# What else changed ----------------------------------------------------------------------------------------------------


def list_causes(differences: RunDifferences, most: int) -> Iterator[Block]:
    if not differences.causes:
        yield Paragraph("The runs record no other change.")
    shown = differences.causes[:most]
    for group, kinds in _CAUSES.items():
        if changes := [change for change in shown if change.kind in kinds]:
            yield Heading(group, level=3)
            yield Listing(tuple(_entries(changes, differences)))
    if rest := len(differences.causes) - len(shown):
        yield Paragraph(fmt.and_more(rest), "quiet")


def _entries(changes: Sequence[RunDifference], differences: RunDifferences) -> Iterator[Item]:
    """List the changes with their keys; systems with the same change of code share an item."""
    alike: dict[object, list[RunDifference]] = {}
    for change in changes:
        alike.setdefault((change.before, change.after) if change.kind == "systems" else change, []).append(change)
    for change, *others in alike.values():
        subject = fmt.join_words([change.subject, *(other.name.removesuffix(" code") for other in others)])
        key = () if others else (Piece(" "), Piece(f"({change.key})", "code"))
        yield Item((Piece(f"{subject}: "), *_values(change, differences), *key))


def _values(change: RunDifference, differences: RunDifferences) -> list[Piece]:
    """Show short values side by side, and long ones as a word diff."""
    if change.before is None or change.after is None or max(len(change.before), len(change.after)) <= _SHORT:
        return [Piece(fmt.cut_middle(change.show_values(differences.first, differences.run), _SHORT))]
    return [
        piece if piece.mark else Piece(fmt.cut_middle(piece.text, _SHORT))
        for piece in diff(change.before, change.after)
    ]
