"""Every sentence of a comparison: what it found, and what it cannot show. To change one, change it here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from harness.compare.fact_changes import FactChange, Turn, share
from harness.compare.ranking import RankedSystem
from harness.compare.report import numbers
from harness.compare.result import UNDECIDED, Comparison, Leaderboard, MetricDifference, PairwiseComparison
from harness.compare.summary_changes import SummaryChanges
from harness.document import format as fmt
from harness.document.labels import MARKS, unreviewed
from harness.records import Label, Metric
from harness.stats import caution
from harness.stats.arrays import equal
from harness.stats.multiple_comparisons import share_a_letter

_EACH = 8
"""Up to so many comparisons get a sentence each, and so many names are listed."""
_MOVED = 4
"""Up to so many metrics beside the ranking one are named with what they were and are."""

TURNS: dict[Turn, str] = {
    "lost": "no longer kept",
    "contradicted": "newly contradicted",
    "gained": "gained",
    "no longer contradicted": "no longer contradicted",
}
"""What may become of a fact between two sides, in words, the worst first; one that is lost now, contradicted or
undecided is no longer kept."""

INTERRUPTED = "was interrupted, so some of its values are missing"
LEFT_OUT = "What was left out, and what is not known"
SHARED_LETTER = "Two that share a letter cannot be told apart."
COULD_HAVE_SHOWN = "What these articles could have shown"
FACTS = "Facts gained and no longer kept"
FACTS_OF_SIDES = "Facts that one keeps and the other does not"
SUMMARY_GONE = "The summary is no longer there."
SUMMARY_NEW = "There was no summary before."
NOTHING_RECORDED = "Nothing else that the runs record."
CAUSES: dict[str, tuple[str, ...]] = {
    "Models": ("models", "systems"),
    "Prompts": ("prompts",),
    "Seed": ("seed",),
    "Versions and machine": ("packages", "git", "machine"),
}
"""What may be why the numbers differ: heading → the kinds of change under it."""


def turns(pairwise: PairwiseComparison, side: str = "") -> dict[Turn, str]:
    """What may become of a fact: between two runs of a system in time, between two systems by their names.

    ``side``: what the second is called; its name, where that is empty.
    """
    if pairwise.is_in_time:
        return TURNS
    several = any(change.before.total() > 1 or change.after.total() > 1 for change in pairwise.facts.changes)
    one, other, less = pairwise.reference, side or pairwise.side, "less by" if several else "not by"
    return {
        "lost": f"kept by {one}, {less} {other}",
        "contradicted": f"contradicted by {other}, {less} {one}",
        "gained": f"kept by {other}, {less} {one}",
        "no longer contradicted": f"contradicted by {one}, {less} {other}",
    }


def between(pairwise: PairwiseComparison) -> str:
    """What stands between the two sides and between their values: an arrow, where one comes after the other."""
    return "→" if pairwise.is_in_time else "/"


def measured_differently(run: str, first: str, differences: str) -> str:
    """``short was measured differently from base: …``: a banner above runs that are compared all the same."""
    return f"{run} was measured differently from {first}: {differences}."


def means_over(articles: int, intervals: bool, ranked_by: str) -> str:
    """``Means over 12 articles with 95% intervals; best first by Fact recall.``; ``ranked_by`` may be empty."""
    order = f"; best first by {ranked_by}" if ranked_by else ""
    return f"Means over {fmt.plural(articles, 'article')}{' with 95% intervals' if intervals else ''}{order}."


def differences_from(references: Sequence[str]) -> str:
    """``Differences from lead``: the heading above the differences of each side from its reference."""
    return f"Differences from {references[0]}" if len(references) == 1 else "Differences"


def no_metric_differs(sides: Sequence[tuple[str, PairwiseComparison]]) -> Iterator[str]:
    """``No metric differs on any article: lead and oracle.``: these have the reference's value on each.

    Apart from them those that have it wherever both sides have a value, and those that share none.
    """
    named: dict[str, list[str]] = {}
    for name, pairwise in sides:
        shifts = pairwise.differences.values()
        if not any(shift.n for shift in shifts):
            what = "No article has a value on both sides"
        elif any(any(shift.missing) for shift in shifts):
            what = "No metric differs on any article that has a value on both sides"
        else:
            what = "No metric differs on any article"
        named.setdefault(what, []).append(name)
    return (f"{what}: {fmt.listed(names)}." for what, names in named.items())


def no_interval(reason: str) -> str:
    """``No interval: …``: where all differences lack one for the same reason."""
    return f"No interval: {reason}."


def how_tested(tests: int) -> str:
    """What intervals and p are."""
    return (
        "Intervals are 95% each (bootstrap-t over shared articles). p comes from the paired permutation test, "
        f"corrected for the {fmt.plural(tests, 'comparison')} of its metric (Holm)."
    )


def nothing_changed(comparisons: int) -> str:
    """``In 3 comparisons no verdict and no text changed.``"""
    return f"In {fmt.plural(comparisons, 'comparison')} no verdict and no text changed."


def changed(pair: str, summaries: SummaryChanges) -> str:
    """``lead: verdicts changed in 2 of 12, the text in 1``: of the compared summaries."""
    verdicts, texts = summaries.verdicts_changed, summaries.texts_changed
    return f"{pair}: verdicts changed in {verdicts} of {summaries.compared}, the text in {texts}"


def unsupported(before: int, after: int) -> str:
    """``Sentences that are not supported: 1 → 0``: of one summary, before and after."""
    return f"Sentences that are not supported: {before} → {after}"


def in_the_json(summaries: int) -> str:
    """``3 more summaries: see the JSON.``: changed ones that are not shown."""
    return f"{fmt.plural(summaries, 'more summary')}: see the JSON."


def answer(comparison: Comparison) -> tuple[str, ...]:
    """The result, with no more said than it shows."""
    if comparison.ranked_by is None:
        return ("No metric here is better in one direction, so nothing comes first.",)
    if comparison.by == "run":
        return tuple(_of_runs(comparison, comparison.ranked_by))
    return tuple(_of_sides(comparison.leaderboards[0], comparison.ranked_by))


def cautions(comparison: Comparison) -> tuple[str, ...]:
    """What cannot be concluded, by the sides that share the most values; and which shares are too small."""
    rankings = [board.rankings[metric.name] for board in comparison.leaderboards for metric in comparison.metrics]
    pair_tests = [pair_test for ranking in rankings for pair_test in ranking.pair_tests]
    shared = max((pair_test.difference.n for pair_test in pair_tests), default=0)
    tests = max((ranking.tests for ranking in rankings), default=0)
    cautions = [caution.for_comparison(shared, max(1, tests)), caution.for_resamples(comparison.resamples, tests)]
    if shared > 1:
        cautions.insert(0, caution.for_one_system(shared))
    sentences = [entry for entry in cautions if entry]
    sentences += filter(None, [unreviewed(*comparison.unreviewed), comparison.people])
    shown = [metric for metric in comparison.metrics if metric.name not in UNDECIDED]
    if without_value := [metric.title for metric in shown if not has_value(comparison, metric)]:
        they_are = "they are" if len(without_value) > 1 else "it is"
        sentences.append(f"No article has a value of {fmt.listed(without_value)}, so {they_are} left out.")
    if any(0 < place.estimate.n < len(comparison.articles) for ranking in rankings for place in ranking.places):
        sentences.append("Some values are missing: the notes say which and why.")
    return tuple(sentences)


def has_value(comparison: Comparison, metric: Metric) -> bool:
    """Whether any side has a value of a metric; of what is undecided, a value that is not 0."""
    places = (place for board in comparison.leaderboards for place in board.rankings[metric.name].places)
    return any(place.estimate.mean or metric.name not in UNDECIDED for place in places if place.estimate.n)


def facts_in_words(pairwise: PairwiseComparison) -> str:
    """How many facts changed hands, and whether chance could have done it."""
    changes = pairwise.facts
    if not changes.compared:
        return "No fact has a verdict on both sides."
    lost, gained = len(changes.of("lost")), len(changes.of("gained"))
    facts, turned = fmt.plural(changes.compared, "fact"), turns(pairwise)
    if not (lost or gained):
        if not pairwise.is_in_time:
            return f"Of {facts}, both keep the same."
        return f"Of {facts}, none is gained, and all that were kept still are."
    joint = " and " if pairwise.is_in_time else "; "
    sentence = f"Of {facts}, {gained} {turned['gained']}{joint}{lost} {turned['lost']}"
    test = changes.test
    if test is None or test.difference is None:
        return f"{sentence}."
    points = _points(test.difference)
    if test.low is None or test.high is None:
        return f"{sentence}: {points} percentage points, without an interval ({test.reason})."
    p = f", p {_equal(fmt.p_value(test.p))}" if test.p is not None else ""
    interval = f"[{_points(test.low)}, {_points(test.high)}]"
    return (
        f"{sentence}: {points} percentage points {interval}{p} (facts clustered by article; this p is not corrected)."
    )


def became(change: FactChange, between: str) -> str:
    """``kept → lost``, or ``3/3 → 1/3 kept`` where there are several samples."""
    if change.before.total() == change.after.total() == 1:
        return f"{_only(change.before)} {between} {_only(change.after)}"
    label: Label = "supported" if "contradicted" not in change.turn else "contradicted"
    before, after = (f"{side[label]}/{side.total()}" for side in (change.before, change.after))
    return f"{before} {between if between == '→' else 'and'} {after} {MARKS[label].fact}"


def plan_in_words(pairwise: PairwiseComparison, metric: Metric | None) -> str | None:
    """What difference these articles could have shown."""
    if pairwise.plan is None or pairwise.plan.detectable is None or metric is None:
        return None
    size = fmt.value(pairwise.plan.detectable, metric.format)
    sentence = f"On so many articles, a true difference of {size} in {metric.title} is found 8 times in 10."
    if pairwise.differences[metric.name].apart or pairwise.plan.needed is None:
        return sentence
    return f"{sentence} To find one as small as the one observed here, {pairwise.plan.needed:,} articles are needed."


def _of_runs(comparison: Comparison, by: Metric) -> Iterator[str]:
    pairs = [
        (board, pairwise, _change(comparison.metrics, pairwise, by))
        for board in comparison.leaderboards
        for pairwise in board.comparisons
    ]
    changed = [(board, pairwise, change) for board, pairwise, change in pairs if change]
    for board, pairwise, change in changed[:_EACH]:
        yield f"{board.name}, {pairwise.reference} → {pairwise.side}: {change}."
    if len(changed) > _EACH:
        yield f"{fmt.plural(len(changed) - _EACH, 'more comparison')} with a difference: see below."
    alone = len(comparison.runs) == 2
    same = [
        board.name if alone else f"{board.name} ({pairwise.side})" for board, pairwise, change in pairs if not change
    ]
    if same:
        names = fmt.listed(same) if len(same) <= _EACH else f"{len(same)} of {len(pairs)} comparisons"
        yield f"Unchanged: {names}."


def _of_sides(board: Leaderboard, by: Metric) -> Iterator[str]:
    """Who comes first of the systems under test; of floor and ceiling what they reach."""
    under_test = [side.name for side in board.sides if board.roles[side.name] == "system"]
    every = board.rankings[by.name].places
    places = [place for place in every if place.system in under_test or not under_test]
    if places[0].estimate.mean is None:
        yield f"No system has a value of {by.title}, so none comes first."
        return
    most = max(place.estimate.n for place in every)
    few = [place for place in every if not caution.is_ranked(place.estimate.n, most)]
    ranked = [place for place in places if place not in few]
    left = _of_fewer(few, most)
    if not ranked:
        yield f"No system has a value of {by.title} on enough articles to come first: {left}."
        return
    first, *others = ranked
    best = first.estimate.mean or 0.0  # a value on some article, or it is not ranked
    level = [place.system for place in ranked if place.estimate.mean is not None and equal(place.estimate.mean, best)]
    mean = fmt.value(best, by.format)
    interval = fmt.interval(first.estimate.low, first.estimate.high, by.format)
    if len(level) > 1:
        names = fmt.listed(level) if len(level) <= _EACH else f"{len(level)} of {len(ranked)}"
        yield f"By {by.title}, {names} come first with {mean} each."
    else:
        yield f"By {by.title}, {first.system} comes first with {f'{mean} {interval}'.strip()}."
    if board.rankings[by.name].tests and others:
        yield _told_apart(first, others, len(level))
    if left:
        yield f"Not ranked, as values are missing: {left}."
    if under_test:
        yield from _bounds(board, by, best)


def _of_fewer(places: Sequence[RankedSystem], most: int) -> str:
    """``sparse (on 1 of 12 articles)``: those that have too few values to be ranked; empty for none."""
    named = [f"{place.system} (on {place.estimate.n:,} of {most:,} articles)" for place in places]
    return fmt.listed(named) if len(named) <= _EACH else f"{len(named)} systems"


def _told_apart(first: RankedSystem, others: Sequence[RankedSystem], level: int) -> str:
    """From which systems chance could not part the first one; ``level`` counts those that come first with it."""
    near = [place.system for place in others if share_a_letter(place.letters, first.letters)]
    it = "It" if level == 1 else first.system
    if near:
        return f"{it} cannot be told apart from {fmt.listed(near) if len(near) <= _EACH else f'{len(near)} others'}."
    return f"{it} can be told apart from {others[0].system if len(others) == 1 else f'all {len(others)} others'}."


def _bounds(board: Leaderboard, by: Metric, best: float) -> Iterator[str]:
    """``No system does better than the floor: textrank has 0.22. The ceiling has 0.63 (oracle).``"""
    sign = -1 if by.better == "lower" else 1
    places = board.rankings[by.name].places
    most = max(place.estimate.n for place in places)
    ranked = {place.system: place.estimate.mean for place in places if caution.is_ranked(place.estimate.n, most)}
    for role in ("floor", "ceiling"):
        means = {name: mean for name, mean in ranked.items() if board.roles[name] == role and mean is not None}
        each = [f"{fmt.value(mean, by.format)} ({name})" for name, mean in means.items()]
        above = role == "floor" and any(sign * mean > sign * best or equal(mean, best) for mean in means.values())
        if means:
            yield f"{'No system does better than the floor. ' if above else ''}The {role} has {fmt.listed(each)}."


def _change(metrics: Sequence[Metric], pairwise: PairwiseComparison, by: Metric) -> str:
    """How the ranking metric moved, and what else did; empty where nothing changed."""
    others = [metric for metric in metrics if metric != by]
    parts = [*_moved(others, pairwise), *_missing([by, *others], pairwise), *_facts_and_claims(pairwise)]
    if not pairwise.differences[by.name].changed:
        parts = parts or list(_changed_in_part(pairwise))
        if not parts:
            return ""
    return "; ".join(filter(None, [_shift(pairwise.differences[by.name], by), ", ".join(parts)]))


def _shift(shift: MetricDifference, by: Metric) -> str:
    if shift.mean is None:
        return f"no article has {by.title} on both sides"
    if not shift.changed:
        return f"{by.title} stays at {fmt.value(shift.after, by.format)}"
    written = numbers.difference(shift, by)
    size = f"{written.size} {written.interval}".strip()
    p_value = "" if shift.p is None else f", p {_equal(fmt.p_value(shift.p))}"
    return f"{by.title} {written.before} → {written.after} ({size}{p_value})"


def _moved(metrics: Sequence[Metric], pairwise: PairwiseComparison) -> Iterator[str]:
    """``Faithfulness 1.00 → 0.10``, of the first metrics that moved; time does with every run, and is not named."""
    moved = [each for each in metrics if each.format != "seconds" and pairwise.differences[each.name].changed]
    for metric in moved[:_MOVED]:
        shift = pairwise.differences[metric.name]
        written = numbers.difference(shift, metric)
        if written.before == written.after:
            yield f"{metric.title} differs on {fmt.plural(shift.changed, 'article')}"
        else:
            yield f"{metric.title} {written.before} → {written.after}"
    if len(moved) > _MOVED:
        yield fmt.plural(len(moved) - _MOVED, "more metric")


def _missing(metrics: Sequence[Metric], pairwise: PairwiseComparison) -> Iterator[str]:
    """``6 summaries missing now``; of values that lack for another reason, on how many articles."""
    for side, when in ((1, "now"), (0, "before")):
        summaries = pairwise.summaries.missing[side] if pairwise.summaries else 0
        if summaries:
            yield f"{fmt.plural(summaries, 'summary')} missing {when}"
        values = {each.title: pairwise.differences[each.name].missing[side] for each in metrics}
        lacking = {title: articles for title, articles in values.items() if articles > summaries}
        if lacking:
            up_to = "up to " if len(set(lacking.values())) > 1 else ""
            articles = fmt.plural(max(lacking.values()), "article")
            yield f"no value of {fmt.listed(list(lacking))} on {up_to}{articles} {when}"


def _facts_and_claims(pairwise: PairwiseComparison) -> Iterator[str]:
    essential = [change for change in pairwise.facts.of("lost") if change.importance == "essential"]
    gained = [change for change in pairwise.facts.of("gained") if change.importance == "essential"]
    changes = pairwise.facts.changes
    wrong = [change for change in changes if share(change.after, "contradicted") > share(change.before, "contradicted")]
    counts = [
        (len(essential), "essential fact", "no longer kept"),
        (len(gained), "essential fact", "gained"),
        (len(wrong), "fact", "now contradicted"),
    ]
    yield from (f"{fmt.plural(number, noun)} {what}" for number, noun, what in counts if number)
    before, after = pairwise.summaries.wrong if pairwise.summaries else (0, 0)
    if before != after:
        yield f"wrong claims {before} → {after}"


def _changed_in_part(pairwise: PairwiseComparison) -> Iterator[str]:
    """``verdicts changed in 2 of 12 summaries``: where no metric and nothing that is counted by name tells of it."""
    summaries = pairwise.summaries
    if summaries and summaries.verdicts_changed:
        yield f"verdicts changed in {summaries.verdicts_changed} of {fmt.plural(summaries.compared, 'summary')}"
    if summaries and summaries.texts_changed:
        yield f"the text changed in {summaries.texts_changed} of {fmt.plural(summaries.compared, 'summary')}"


def _only(labels: Counter[Label]) -> str:
    return next(MARKS[label].fact for label, count in labels.items() if count)


def _points(share: float) -> str:
    return f"{100 * share:+.1f}".replace("-", "−") if round(100 * share, 1) else "0.0"


def _equal(p: str) -> str:
    return p if p.startswith("<") else f"= {p}"
