"""Sum up a comparison in a few sentences, and list the conclusions that it cannot support."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import isclose
from typing import NamedTuple

from harness.compare.changes import share
from harness.compare.comparison import UNDECIDED, Comparison, Leaderboard, PairwiseComparison
from harness.compare.ranking import MetricDifference, RankedSystem
from harness.document import format as fmt
from harness.document.labels import MADE_OF, describe_unreviewed
from harness.records import Metric
from harness.stats import caution

_NAMED = 8  # maximum number of comparisons with their own sentence, and of names in a list
_MOVED = 4  # maximum number of other metrics to list with their values
_FAITHFULNESS = "faithfulness"


def answer(comparison: Comparison) -> tuple[str, ...]:
    by = comparison.ranked_by
    if by is None:
        return ("These metrics do not say whether higher or lower is better, so nothing is ranked.",)
    if comparison.by == "run":
        return tuple(_answer_runs(comparison, by))
    return tuple(_answer_sides(comparison.leaderboards[0], by))


def list_cautions(comparison: Comparison) -> tuple[str, ...]:
    """List what the comparison cannot show. The warnings use the largest number of articles that two sides share."""
    rankings = [board.rankings[metric.name] for board in comparison.leaderboards for metric in comparison.metrics]
    shared = max((each.n for ranking in rankings for each in ranking.differences), default=0)
    tests = max((ranking.tests for ranking in rankings), default=0)
    sentences = [
        caution.warn_about_one_system(shared) if shared > 1 else None,
        caution.warn_about_comparison(shared, max(1, tests)),
        describe_unreviewed(*comparison.unreviewed),
        comparison.verdict_note,
    ]
    shown = [metric for metric in comparison.metrics if metric.name not in UNDECIDED]
    if without_value := [metric.title for metric in shown if not comparison.has_value(metric)]:
        sentences.append(f"Left out because no article has a value: {fmt.join_words(without_value)}.")
    if any(
        place.estimate.n and board.reasons[place.system][metric]
        for board in comparison.leaderboards
        for metric, ranking in board.rankings.items()
        for place in ranking.places
    ):
        sentences.append("Some values are missing: the notes say which and why.")
    return tuple(filter(None, sentences))


# Systems, prompts or models -------------------------------------------------------------------------------------------


def _answer_sides(board: Leaderboard, by: Metric) -> Iterator[str]:
    """Say which system under test ranks first, how it compares with the others, and whether it beats the floor."""
    ranking = board.rankings[by.name]
    under_test = [side.name for side in board.sides if side.role == "system"]
    places = [place for place in ranking.places if place.system in under_test or not under_test]
    if places[0].estimate.mean is None:
        yield f"No system has a value for {by.title}, so nothing is ranked."
        return
    most = max(place.estimate.n for place in places)
    unranked = [place for place in ranking.places if not caution.is_ranked(place.estimate.n, most)]
    ranked = [place for place in places if place not in unranked]
    first, *others = ranked
    best = first.estimate.mean or 0.0  # a ranked system has a value
    tied = [place.system for place in ranked if isclose(place.estimate.mean or 0.0, best)]
    value = fmt.value(best, by.format)
    if len(tied) > 1:
        names = fmt.join_words(tied) if len(tied) <= _NAMED else f"{len(tied)} of {len(ranked)}"
        yield f"{names} rank first by {by.title}, with {value} each."
    else:
        interval = fmt.interval(first.estimate.low, first.estimate.high, by.format)
        yield f"{first.system} ranks first by {by.title}: {f'{value} {interval}'.strip()}."
    if ranking.tests and others:
        sign = -1 if by.better == "lower" else 1
        found = {each.system: ranking.difference(first.system, each.system) for each in others}
        similar = [name for name, each in found.items() if not each.is_significant]
        better = [name for name, each in found.items() if each.is_significant and sign * (each.mean or 0.0) > 0]
        if better:  # possible, because the means are over different articles
            yield f"But on shared articles, {_name_or_count(better, 'others')} did significantly better."
        it = first.system if better or len(tied) > 1 else "It"
        if similar:
            yield f"{it} does not differ significantly from {_name_or_count(similar, 'others')}."
        elif not better:
            every = others[0].system if len(others) == 1 else f"all {len(others)} others"
            yield f"{it} differs significantly from {every}."
    yield from _name_more_faithful(board, by, ranked)
    if unranked:
        left_out = [f"{place.system} (on {place.estimate.n:,} of {most:,} articles)" for place in unranked]
        yield f"Not ranked because values are missing: {_name_or_count(left_out, 'systems')}."
    if under_test:
        yield from _name_better_floor(board, by, best, [place for place in ranking.places if place not in unranked])


def _name_more_faithful(board: Leaderboard, by: Metric, ranked: Sequence[RankedSystem]) -> Iterator[str]:
    """Name the most faithful of the ranked systems if it is significantly more faithful than the first."""
    if by.name == _FAITHFULNESS or _FAITHFULNESS not in board.rankings:
        return
    first, names = ranked[0].system, [place.system for place in ranked]
    ranking = board.rankings[_FAITHFULNESS]
    top = next(place.system for place in ranking.places if place.system in names)
    if top != first and (found := ranking.difference(first, top)).is_significant and (found.mean or 0.0) > 0:
        means = [fmt.share(mean) for mean in (found.after, found.before)]
        yield f"But {top} is more faithful: Faithfulness {means[0]}, against {means[1]} for {first}."


def _name_better_floor(board: Leaderboard, by: Metric, best: float, places: Sequence[RankedSystem]) -> Iterator[str]:
    """Name the floors that the best system does not beat, with their means."""
    sign = -1 if by.better == "lower" else 1
    floor = [side.name for side in board.sides if side.role == "floor"]
    means = {place.system: place.estimate.mean or 0.0 for place in places if place.system in floor and place.estimate.n}
    unbeaten = {name: mean for name, mean in means.items() if sign * mean > sign * best or isclose(mean, best)}
    if unbeaten:
        each = [f"{fmt.value(mean, by.format)} ({name})" for name, mean in unbeaten.items()]
        yield f"No system beats the floor ({MADE_OF['floor']}): {fmt.join_words(each)}."


def _name_or_count(names: Sequence[str], noun: str) -> str:
    return fmt.join_words(names) if len(names) <= _NAMED else f"{len(names)} {noun}"


# Runs -----------------------------------------------------------------------------------------------------------------


def _answer_runs(comparison: Comparison, by: Metric) -> Iterator[str]:
    pairs = [(pairwise, _describe(comparison.metrics, pairwise, by)) for pairwise in comparison.pairs]
    changed = [f"{each.system}, {each.reference} → {each.side}: {change}." for each, change in pairs if change]
    several = len(comparison.runs) > 2
    yield from changed[:_NAMED]
    if len(changed) > _NAMED:
        noun = "more comparison" if several else "more system"
        yield f"Changes in {fmt.plural(len(changed) - _NAMED, noun)}: see below."
    if same := [f"{each.system} ({each.side})" if several else each.system for each, change in pairs if not change]:
        yield f"Unchanged: {fmt.shorten_list(same, _NAMED)}."


def _describe(metrics: Sequence[Metric], pairwise: PairwiseComparison, by: Metric) -> str:
    """Describe what changed in one system, or return '' if nothing did."""
    others = [metric for metric in metrics if metric != by]
    difference, summaries = pairwise.differences[by.name], pairwise.summaries
    parts = [
        *_describe_facts_and_claims(pairwise),
        *_describe_changed(others, pairwise),
        *_describe_missing([by, *others], pairwise),
    ]
    if summaries and not difference.changed and not parts:
        changed = {"verdicts": summaries.verdicts_changed, "the text": summaries.texts_changed}
        every = fmt.plural(summaries.compared, "summary")
        parts = [f"{what} changed in {number} of {every}" for what, number in changed.items() if number]
    if not difference.changed and not parts:
        return ""
    if difference.mean is None:
        moved = f"no article has a value for {by.title} on both sides"
    elif not difference.changed:
        moved = f"{by.title} stays at {fmt.value(difference.after, by.format)}"
    else:
        written = write_difference(difference, by)
        size = f"{written.size} {written.interval}".strip()
        p = "" if difference.p is None else f", p = {fmt.p_value(difference.p)}".replace("= <", "<")
        moved = f"{by.title} {written.before} → {written.after} ({size}{p})"
    return "; ".join(filter(None, [moved, ", ".join(parts)]))


def _describe_changed(metrics: Sequence[Metric], pairwise: PairwiseComparison) -> Iterator[str]:
    """``Faithfulness 1.00 → 0.10`` for the first metrics that changed, except seconds, which always change."""
    moved = [each for each in metrics if each.format != "seconds" and pairwise.differences[each.name].changed]
    for metric in moved[:_MOVED]:
        difference = pairwise.differences[metric.name]
        before, after = (fmt.value(mean, metric.format) for mean in (difference.before, difference.after))
        if before == after:
            yield f"{metric.title} differs on {fmt.plural(difference.changed, 'article')}"
        else:
            yield f"{metric.title} {before} → {after}"
    if len(moved) > _MOVED:
        yield f"{fmt.plural(len(moved) - _MOVED, 'more metric')} changed"


def _describe_missing(metrics: Sequence[Metric], pairwise: PairwiseComparison) -> Iterator[str]:
    """Count missing summaries, as in ``6 summaries missing now``, and other missing values."""
    for position, when in ((1, "now"), (0, "before")):
        summaries = pairwise.summaries.missing[position] if pairwise.summaries else 0
        if summaries:
            yield f"{fmt.plural(summaries, 'summary')} missing {when}"
        values = {each.title: pairwise.differences[each.name].missing[position] for each in metrics}
        lacking = {title: articles for title, articles in values.items() if articles > summaries}
        if lacking:
            up_to = "up to " if len(set(lacking.values())) > 1 else ""
            articles = fmt.plural(max(lacking.values()), "article")
            yield f"no value for {fmt.join_words(list(lacking))} on {up_to}{articles} {when}"


def _describe_facts_and_claims(pairwise: PairwiseComparison) -> Iterator[str]:
    changes = pairwise.facts.changes
    essential = Counter(change.turn for change in changes if change.importance == "essential")
    wrong = sum(share(change.after, "contradicted") > share(change.before, "contradicted") for change in changes)
    counts = [
        (essential["no longer kept"], "essential fact", "no longer kept"),
        (essential["gained"], "essential fact", "gained"),
        (wrong, "fact", "now contradicted"),
    ]
    yield from (f"{fmt.plural(number, noun)} {what}" for number, noun, what in counts if number)
    before, after = pairwise.summaries.wrong if pairwise.summaries else (0, 0)
    if before != after:
        yield f"wrong claims {before} → {after}"


# Numbers --------------------------------------------------------------------------------------------------------------


class WrittenDifference(NamedTuple):
    """``0.264``, ``0.196``, ``−0.068`` and ``[−0.071, −0.065]``; the interval may be empty."""

    before: str
    after: str
    size: str
    interval: str


def write_difference(difference: MetricDifference, metric: Metric) -> WrittenDifference:
    """Format a difference over at least one article, with enough decimals for the printed numbers to add up."""
    before, after, mean = (number or 0.0 for number in (difference.before, difference.after, difference.mean))
    fewest = 1 if metric.format == "count" else 2
    for decimals in range(fewest, fewest + 3):
        printed = [Decimal(f"{number:.{decimals}f}") for number in (before, after, mean)]
        if printed[1] - printed[0] == printed[2]:
            break

    def write(number: float, signed: bool = False) -> str:
        text = fmt.decimal(number, decimals, signed)
        if metric.format == "count":
            return text.removesuffix(f".{'0' * decimals}")
        return f"{text} s" if metric.format == "seconds" else text

    ends = [write(end, signed=True) for end in (difference.low, difference.high) if end is not None]
    return WrittenDifference(
        write(before), write(after), write(mean, signed=True), f"[{', '.join(ends)}]" if ends else ""
    )
