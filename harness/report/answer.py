"""The report's answer: which system to use, why, and how certain that is; and the picture next to it.

The report recommends a system if

- it was checked on about as many articles as the others, and most of its summaries are shorter than their articles,
- its share of wrong or invented claims is not above the floors' share, and
- it is not beaten by a floor, or by another system that passes these first tests. One system beats another if it is
  clearly better on facts or on claims, and not clearly worse on the other.

Floors copy sentences, which are always supported. A system with more wrong claims than the floors, but so few that they
may be the verifier's false alarms, passes the test too; the report recommends it only after a check.

With enough articles for significance tests, "clearly better" means a significant difference and, on claims, also a
smaller share of wrong or invented ones. With fewer articles, it means that the system is better however the undecided
verdicts turn out, and, on facts, that it does not keep fewer of all facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from harness.document import format as fmt
from harness.document.labels import describe_unreviewed
from harness.document.plot import SIGNS, Plot, Point, Range
from harness.records import Role
from harness.report.index import Index
from harness.report.scores import FACT_RECALL, FAITHFULNESS, build_leaderboard, collect_scores, rank_systems
from harness.report.tally import Counts, Split, Tally, count_verdicts
from harness.stats.caution import MIN_FOR_INTERVAL, MIN_RELIABLE, is_ranked
from harness.stats.interval import Estimate

Advice = Literal[
    "use", "second best", "more wrong", "to check", "mostly wrong", "too long", "incomplete", "unchecked", "none"
]  # fmt: skip  # more compact
"""more wrong: a larger share of wrong or invented claims than the floors. to check: some such claims, but there is no
floor, or they may be false alarms. too long: summaries as long as the articles. incomplete: too few verdicts.
unchecked: no system's claims were checked. none: the system is not under test."""

MISSING_SHARE = 0.1
"""If at least this share of verdicts is missing, the report warns before anything else."""
_MOSTLY = 0.5
"""Share of wrong claims, or of missing verdicts, that rules a system out whatever the others do."""
_FALSE_ALARMS = 0.1
"""Share of sound claims that the default verifier calls wrong or invented (.10 and .11 in the calibration data)."""
_NAMED = 3
"""Maximum number of systems named in a sentence."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    tally: Tally
    advice: Advice
    words: str
    """The advice as shown in a table."""

    @property
    def name(self) -> str:
        return self.tally.system.name


@lru_cache(maxsize=4)
def advise(index: Index) -> tuple[Recommendation, ...]:
    """Advise on every system, in the order of the leaderboard."""
    counts = count_verdicts(index)
    tallies = [counts.tallies[row.system.name] for row in build_leaderboard(index).rows]
    against = {tally.system.name: _rule_out(tally, tallies, counts) for tally in tallies}
    rivals = [each for each in tallies if each.system.role != "ceiling" and not against[each.system.name]]
    return tuple(_advise(index, tally, rivals, against[tally.system.name]) for tally in tallies)


def answer(index: Index) -> tuple[str, ...]:
    """Say which system to use, why, and how certain that is."""
    counts = count_verdicts(index)
    tested = [each for each in advise(index) if each.tally.system.role == "system"]
    if not any(tally.facts.total or tally.claims.total for tally in counts.tallies.values()):
        if all(tally.without_text.total() == tally.summaries for tally in counts.tallies.values()):
            return ("No system wrote a summary, so this report cannot say what summaries keep or get wrong.",)
        if counts.missing or index.results.manifest.problems:
            return ("No verdict could be given, so this report cannot say which summaries to use.",)
        nothing = "Nothing was checked, so this report cannot say what the summaries keep or get wrong."
        return (nothing if counts.facts else f"{nothing} Add facts to the articles: harness facts add ARTICLE.",)
    if not tested:
        return ("This run has only floors and ceilings, so there is no system to recommend.",)
    certainty = _describe_certainty(counts, len(index.results.items)) if counts.articles else ()
    return (*_recommend(tested, counts), *_list_rejected(tested), *certainty)


def warn_of_missing_verdicts(index: Index) -> str:
    """Warn of missing verdicts, with the main reason; return '' if fewer than ``MISSING_SHARE`` are missing."""
    counts = count_verdicts(index)
    missing = counts.missing.total()
    if not missing or missing < MISSING_SHARE * counts.verdicts:
        return ""
    reason, number = counts.missing.most_common(1)[0]
    why = reason if number == missing else f"{reason} ({number:,}), and other reasons"
    what = f"{missing:,} of {fmt.plural(counts.verdicts, 'verdict')} {fmt.are(missing)} missing: {why}."
    if missing == counts.verdicts:
        return f"{what} This run says nothing about its summaries."
    return f"{what} All numbers cover only the rest, which may not be typical."


def describe(tally: Tally, noun: str) -> str:
    """Describe what was checked: ``7 of 8 essential facts kept, 0 of 10 claims wrong or invented``.

    ``noun`` is ``Counts.noun``.
    """
    parts = []
    if tally.facts.total:
        parts.append(f"{_format_ratio(tally.facts, tally.facts.supported)} {noun}s kept")
    if tally.claims.total:
        parts.append(f"{_format_ratio(tally.claims, tally.claims.rejected)} claims wrong or invented")
    return ", ".join(parts) + (" (averaged over its samples)" if tally.several else "")


def list_incomplete_summaries(tallies: Sequence[Tally]) -> Iterator[str]:
    """Name the systems with missing summaries, and those with summaries that seem to end mid-sentence."""
    if missing := _name_systems([(each, each.without_text.total()) for each in tallies]):
        yield f"Missing summaries, not counted against the system: {missing}."
    if cut_off := _name_systems([(each, each.cut_off) for each in tallies]):
        yield f"Summaries that seem to end mid-sentence: {cut_off}. If the token limit ended them, raise it."


def _name_systems(counts: Sequence[tuple[Tally, int]]) -> str:
    """Name the systems with a count above 0: ``lead 2 of 8``."""
    named = [f"{each.system.name} {number:,} of {each.summaries:,}" for each, number in counts if number]
    return fmt.shorten_list(named, 5)


def _format_ratio(split: Split, count: float) -> str:
    return f"{split.format(count)} of {fmt.count(split.total)}"


# Advice ---------------------------------------------------------------------------------------------------------------


def _advise(index: Index, tally: Tally, rivals: Sequence[Tally], against: tuple[Advice, str] | None) -> Recommendation:
    if tally.system.role != "system":
        return Recommendation(tally, "none", "")
    if against:
        return Recommendation(tally, *against)
    if better := next((each for each in rivals if each is not tally and _beats(index, each, tally)), None):
        return Recommendation(tally, "second best", f"{better.system.name} is better")
    if _is_above_floors(tally, count_verdicts(index).tallies.values()):
        return Recommendation(tally, "to check", "check first")
    return Recommendation(tally, "use", "yes")


def _rule_out(tally: Tally, tallies: Sequence[Tally], counts: Counts) -> tuple[Advice, str] | None:
    """Return the advice against a system that fails one of the first tests, and its words; None if it passes."""
    if not any(each.claims.total for each in tallies):
        return "unchecked", "claims not checked" if tally.facts.total else "not checked"
    missing = tally.missing.total()
    if not tally.claims.total and (tally.articles or not missing):
        return "incomplete", "no claim checked"
    if missing > _MOSTLY * tally.verdicts:
        return "incomplete", f"{missing:,} of {fmt.plural(tally.verdicts, 'verdict')} missing"
    if _share_wrong(tally.claims) >= _MOSTLY:
        return "mostly wrong", "no"
    if not is_ranked(tally.articles, counts.articles):
        return "incomplete", f"{tally.articles:,} of {fmt.plural(counts.articles, 'article')} checked"
    if tally.is_long:
        return "too long", "as long as the articles"
    if not _is_above_floors(tally, tallies):
        return None
    if not _add_floors(tallies).total:
        return "to check", "check first"
    return None if _may_be_false_alarms(tally) else ("more wrong", "edit first")


def _may_be_false_alarms(tally: Tally) -> bool:
    """True if few claims are wrong or invented, and only by the verifier's word."""
    return not tally.confirmed and _share_wrong(tally.claims) <= _FALSE_ALARMS


def _is_above_floors(tally: Tally, tallies: Iterable[Tally]) -> bool:
    """True if a larger share of the claims is wrong or invented than of the floors' claims; without a floor, than 0."""
    return _share_wrong(tally.claims) > _share_wrong(_add_floors(tallies)) + 1e-9


def _share_wrong(claims: Split) -> float:
    return claims.rejected / claims.total if claims.total else 0.0


def _add_floors(tallies: Iterable[Tally]) -> Split:
    """Add up the claims of all floors; without a floor, the sum is empty."""
    return sum((each.claims for each in tallies if each.system.role == "floor"), Split())


def _beats(index: Index, one: Tally, other: Tally) -> bool:
    """True if ``one`` is clearly better than ``other`` on facts or claims, and not clearly worse on either."""
    facts = _compare_by_tests(index, one, other, FACT_RECALL)
    if facts is None:
        facts = _compare(one.facts, other.facts, lambda split: split.supported)
        recall = rank_systems(index).get(FACT_RECALL)
        if recall and facts * (recall.difference(other.system.name, one.system.name).mean or 0.0) < 0:
            facts = 0  # more of the essential facts, but fewer of all
    if one.system.role == "floor" and count_verdicts(index).mostly_suggested:
        facts = min(facts, 0)
    claims = _compare_by_tests(index, one, other, FAITHFULNESS)
    if claims is None:
        claims = -_compare(one.claims, other.claims, lambda split: split.rejected)
    elif claims * (_share_wrong(other.claims) - _share_wrong(one.claims)) < 1e-9:
        claims = 0  # copied sentences get probability 1, correct paraphrases less; that alone must not make a floor win
    if one.system.role == "floor" and _may_be_false_alarms(other):
        claims = min(claims, 0)
    return facts + claims > 0 and min(facts, claims) >= 0


def _compare_by_tests(index: Index, one: Tally, other: Tally, metric: str) -> int | None:
    """Return 1 if ``one`` is significantly better, -1 if worse, 0 if neither; None if nothing was tested."""
    means = [build_leaderboard(index).mean(each.system.name, metric) for each in (one, other)]
    if not all(mean and mean.cell.letters for mean in means):
        return None
    difference = rank_systems(index)[metric].difference(other.system.name, one.system.name)
    return 0 if not difference.is_significant else 1 if (difference.mean or 0.0) > 0 else -1


def _compare(one: Split, other: Split, count: Callable[[Split], float]) -> int:
    """Return 1 if ``one`` has the higher share whichever way undecided verdicts go, -1 if the lower share, else 0."""
    if not one.total or not other.total:
        return 0
    (low, high), (other_low, other_high) = (
        (count(each) / each.total, (count(each) + each.uncertain) / each.total) for each in (one, other)
    )
    return (low > other_high + 1e-9) - (high < other_low - 1e-9)


# Sentences ------------------------------------------------------------------------------------------------------------


def _recommend(tested: Sequence[Recommendation], counts: Counts) -> Iterator[str]:
    noun = counts.noun
    use = [each for each in tested if each.advice == "use"]
    if len(use) == 1:
        yield f"Use {use[0].name}: {describe(use[0].tally, noun)}."
    elif use:
        names = ", ".join(each.name for each in use[:_NAMED][:-1])
        last = f"{len(use) - _NAMED + 1} others" if len(use) > _NAMED else use[-1].name
        none = "neither is clearly better" if len(use) == 2 else "none is clearly better than another"
        yield f"Use {names} or {last}: {none}."
        yield f"{'; '.join(f'{each.name}: {describe(each.tally, noun)}' for each in use[:_NAMED])}."
    elif all(each.advice == "unchecked" for each in tested):
        yield "No claim was checked against its article, so this report cannot say which summaries are true."
        ranked = [each for each in tested if each.tally.facts.total and is_ranked(each.tally.articles, counts.articles)]
        kept = {each.name: each.tally.facts.supported / each.tally.facts.total for each in ranked}
        if best := [each for each in ranked if kept[each.name] >= max(kept.values()) - 1e-9]:
            keep = "keeps" if len(best) == 1 else "keep"
            named = fmt.join_words([each.name for each in best[:_NAMED]] + ["others"] * (len(best) > _NAMED))
            yield f"{named} {keep} the most: {describe(best[0].tally, noun)}."
    elif to_check := next((each for each in tested if each.advice == "to check"), None):
        yield f"Use {to_check.name} only after a check: {describe(to_check.tally, noun)}."
        yield (
            "Read these claims first: nobody has judged them yet, and they may be false alarms of the verifier."
            if _add_floors(counts.tallies.values()).total
            else "No floor (lead or textrank) was checked, so this report cannot say how many such claims are too many."
        )
    else:
        yield f"Publish none of these summaries unedited: {_explain_none(tested, counts)}."
        if usable := [each.tally for each in tested if each.advice in ("second best", "more wrong")]:
            # the fewest claims to correct and facts to add
            closest = min(usable, key=lambda each: each.claims.rejected + each.facts.total - each.facts.supported)
            yield f"If you edit, start from {closest.system.name}: {describe(closest, noun)}."
    if undecided := sum(each.tally.claims.uncertain for each in use):
        whose, them = ("its" if len(use) == 1 else "their"), ("it" if undecided == 1 else "them")
        yield f"{fmt.count(undecided)} of {whose} claims {fmt.are(undecided)} undecided: read {them} first."
    yield from list_incomplete_summaries([each.tally for each in use])
    if not any(each.tally.facts.total for each in tested):
        why = "no fact was checked against them" if counts.facts else "these articles have no facts"
        yield f"What the summaries leave out is unknown, because {why}."


def _explain_none(tested: Sequence[Recommendation], counts: Counts) -> str:
    long = [each.name for each in tested if each.advice == "too long"]
    checked = [each for each in tested if each.advice not in ("incomplete", "too long")]
    if not checked:
        return "those that were checked are as long as the articles" if long else "too few of them were checked"
    if any(each.advice == "second best" for each in tested):
        better = "copying sentences from the article does better"
        if counts.unreviewed and not counts.mostly_suggested:
            return f"{better}, but automatically suggested facts favour copying"
        return better
    have = "they have" if len(tested) == 1 else "each system has"
    have = have if checked == list(tested) else "each system with enough verdicts has"
    if long:
        have = f"those of {fmt.join_words(long)} are as long as the articles, and {have.replace('each', 'each other')}"
    floors = [each for each in counts.tallies.values() if each.system.role == "floor" and each.claims.total]
    floor = _add_floors(floors)
    if floors and all(_is_above_floors(each.tally, floors) for each in checked):
        names = fmt.join_words([each.system.name for each in floors])
        copied = _format_ratio(floor, floor.rejected)
        than = "than the baseline that copies" if len(floors) == 1 else "than the baselines that copy"
        return (
            f"{have} a larger share of wrong or invented claims {than} sentences from the article ({names}: {copied})"
        )
    return f"{have} wrong or invented claims"


def _list_rejected(tested: Sequence[Recommendation]) -> Iterator[str]:
    if bad := [each for each in reversed(tested) if each.advice == "mostly wrong"]:
        ratios = [_format_ratio(each.tally.claims, each.tally.claims.rejected) for each in bad[:_NAMED]]
        ratios[0] += " claims wrong or invented"
        names = [f"{each.name} ({ratio})" for each, ratio in zip(bad, ratios, strict=False)]
        more = f", and {len(bad) - _NAMED} more" if len(bad) > _NAMED else ""
        yield f"Avoid {fmt.join_words(names)}{more}."
    if unknown := [f"{each.name} ({each.words})" for each in tested if each.advice == "incomplete"]:
        yield f"Too few verdicts on {fmt.shorten_list(unknown, _NAMED)}."


def _describe_certainty(counts: Counts, articles: int) -> Iterator[str]:
    """Say how far the answer holds beyond the articles with verdicts, and how many verdicts are undecided.

    ``articles``: number of articles in the run.
    """
    if counts.articles == 1:
        sure = "One article shows which of these summaries to use, not which system is better."
    elif counts.articles < MIN_FOR_INTERVAL:
        few = f"{counts.articles} articles show which of these summaries to use, not which system is better"
        sure = f"{few}. With {MIN_FOR_INTERVAL} or more, this report gives intervals."
    elif counts.articles < MIN_RELIABLE:
        sure = f"{counts.articles} articles give rough intervals; {MIN_RELIABLE} or more give reliable ones."
    else:
        sure = f"{counts.articles:,} articles are enough for reliable 95% intervals; see the leaderboard."
    parts = [f"How sure? {sure}"]
    if counts.articles < articles:
        parts.append(f"No system under test has verdicts on more than {counts.articles:,} of {articles:,} articles.")
    every = counts.tallies.values()
    claims, facts = sum((each.claims for each in every), Split()), sum((each.facts for each in every), Split())
    splits = [(split, noun) for split, noun in ((claims, "claim"), (facts, counts.noun)) if split.uncertain]
    undecided = [f"{fmt.count(split.uncertain)} of {fmt.count(split.total)} {noun}s" for split, noun in splits]
    parts += [f"Undecided: {fmt.join_words(undecided)}."] if undecided else []
    yield " ".join(filter(None, (*parts, describe_unreviewed(counts.unreviewed, counts.facts))))


# The picture ----------------------------------------------------------------------------------------------------------

_SHAPES: dict[Role, str] = {"system": "system", "floor": "floor (copied sentences)", "ceiling": "ceiling"}


def draw_overview(index: Index) -> Plot | None:
    """Plot each system's facts kept and claims supported, or return None unless both were scored.

    Lines are 95% intervals or, without intervals, the range that undecided verdicts leave open.
    """
    board, points = build_leaderboard(index), list[Point]()
    shown = [[board.mean(each.name, name) for name in (FACT_RECALL, FAITHFULNESS)] for each in advise(index)]
    intervals = any(mean and mean.cell.interval for means in shown for mean in means)
    for recommendation, (kept, sound) in zip(advise(index), shown, strict=True):
        if kept and sound:
            across = _range(index, recommendation.name, FACT_RECALL, kept.estimate, intervals)
            up = _range(index, recommendation.name, FAITHFULNESS, sound.estimate, intervals)
            forms = tuple(
                f"{mean.cell.text} {_format_range(span)}".strip() for mean, span in ((kept, across), (sound, up))
            )
            place = (kept.estimate.mean or 0.0, sound.estimate.mean or 0.0, across, up)
            role, is_recommended = recommendation.tally.system.role, recommendation.advice == "use"
            points.append(Point(recommendation.name, *place, forms, role, is_recommended))
    if not points:
        return None
    whiskers = ""
    if intervals:
        whiskers = " Lines: 95% intervals over articles."
    elif any(_format_range(span) for point in points for span in (point.across_range, point.up_range)):
        whiskers = " Points are mean probabilities. Lines show the range that undecided verdicts leave open."
    titles = {metric.name: metric.title for metric in board.metrics}
    across_title, up_title = titles[FACT_RECALL], titles[FAITHFULNESS]
    shapes = {point.shape for point in points}
    signs = ", ".join(f"{SIGNS[role]} {what}" for role, what in _SHAPES.items() if role in shapes)
    recommended = "; filled: recommended" if any(point.strong for point in points) else ""
    return Plot(
        f"{across_title} and {up_title.lower()}",
        f"Top right is best. {signs}{recommended}.{whiskers}",
        ("System", across_title, up_title),
        tuple(points),
        f"{across_title}: facts kept",
        f"{up_title}: claims supported",
    )


def _range(index: Index, system: str, metric: str, mean: Estimate, intervals: bool) -> Range | None:
    """Return the interval or, if no system has ``intervals``, the range that undecided verdicts leave open."""
    if intervals:
        return None if mean.low is None or mean.high is None else (mean.low, mean.high)
    scores, value = collect_scores(index), mean.mean or 0.0
    known = {each.name for each in scores.metrics} & {f"{metric}.at_least", f"{metric}.at_most"}
    ends = [end for name in known if (end := scores.mean(system, name)) is not None]
    return (min(value, *ends), max(value, *ends)) if ends else None


def _format_range(span: Range | None) -> str:
    return fmt.interval(*span, "share") if span and span[0] < span[1] else ""
