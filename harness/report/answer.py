"""The result of a run in a few sentences, with no more said than the run shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from harness.document import format as fmt
from harness.records import Role
from harness.report import words
from harness.report.index import Index
from harness.report.leaderboard import MetricTable
from harness.report.tally import NEAR, Counts, Tally, counts
from harness.stats.arrays import equal
from harness.stats.caution import is_ranked

_ROLES: tuple[Role, ...] = ("system", "floor", "ceiling")
_NAMED = 5
"""Up to so many systems have their wrong claims counted, of more the worst ones."""
_HARDLY = 0.9
"""From this share of undecided facts on, the numbers say little."""
_LONGER = 2
"""So many times as long as the shortest summaries, the longest have room for much more."""


def answer(index: Index, board: MetricTable) -> tuple[str, ...]:
    """The sentences in order; the rows of ``board`` give the systems' order."""
    run = counts(index)
    tallies = {group.role: [run.tallies[row.system.name] for row in group.rows] for group in board.groups}
    judged, below, ceiling = ([each for each in tallies.get(role, ()) if each.facts.total] for role in _ROLES)
    most = run.articles
    systems, floor, top = ([each for each in of if is_ranked(each.articles, most)] for of in (judged, below, ceiling))
    left = [each for each in (*judged, *below, *ceiling) if not is_ranked(each.articles, most)]
    sentences: Iterable[str]
    if not (judged or below or ceiling):
        sentences = _without_facts(board, run.facts)
    elif "system" not in tallies:
        sentences = _without_systems(floor, top, run.noun)
    elif judged and not systems:
        sentences = (words.none_ranked(_of_fewer(judged, most), run.noun), *_for_comparison(floor, top))
        left = [each for each in left if each not in judged]
    else:
        sentences = _by_facts(systems, floor, top, run.noun)
    undecided = _mostly_undecided([*judged, *below, *ceiling], run.noun)
    not_ranked = [words.not_ranked(_of_fewer(left, most))] if left else []
    return (
        *undecided,
        *sentences,
        *not_ranked,
        *_contradicted(tallies.get("system", ()), run.noun),
        *_wrong_claims(tallies.get("system", ()), _level_floor(systems, floor)),
        *_people(run),
    )


def cautions(index: Index, board: MetricTable) -> tuple[str, ...]:
    """What cannot be concluded."""
    run = counts(index)
    return (*filter(None, [run.caution, *_short_of_text(run, board), _lengths(board)]), _caveat(board))


def _mostly_undecided(tallies: Sequence[Tally], noun: str) -> Iterator[str]:
    """That hardly a fact was decided, as of articles in a language that the verifier does not read."""
    total, undecided = (sum(getattr(each.facts, what) for each in tallies) for what in ("total", "uncertain"))
    if total and undecided >= _HARDLY * total:
        yield words.mostly_undecided(fmt.count(undecided), fmt.count(total), noun)


def _contradicted(systems: Sequence[Tally], noun: str) -> Iterator[str]:
    """Which systems under test contradict facts, those that contradict the most first."""
    wrong = sorted((each for each in systems if each.facts.contradicted), key=lambda each: -each.facts.contradicted)
    if wrong:
        named = [f"{each.system.name} {_of(each.facts.contradicted, each.facts.total)}" for each in wrong[:_NAMED]]
        yield words.facts_contradicted(named, len(wrong) - len(named), noun)


def _by_facts(systems: Sequence[Tally], floor: Sequence[Tally], ceiling: Sequence[Tally], noun: str) -> Iterator[str]:
    best = _best(systems)
    if not best:
        yield words.NO_SYSTEM_CHECKED
        yield from _for_comparison(floor, ceiling)
        return
    names, kept = [each.system.name for each in best], [_kept(each) for each in best]
    above, keeps_none = _level_floor(systems, floor), best[0].facts.share < NEAR
    if keeps_none and not any(each.facts.share > NEAR for each in above):
        yield words.none_kept(noun)
        yield from _for_comparison(floor, ceiling)
    elif above:
        as_good = [words.floor_keeps(each.system.name, _kept(each)) for each in above]
        yield words.none_beats_the_floor(as_good, noun, _same_facts((*systems, *above)))
        own = words.none_kept(noun) if keeps_none else words.best_systems(names, kept)
        yield " ".join((own, *_for_comparison((), ceiling)))
    else:
        alone = len(systems) == 1
        most = words.keep_most(names, kept, noun, _same_facts(systems))
        yield words.keeps(names[0], kept[0], noun, best[0].several) if alone else most
        yield from _for_comparison(floor, ceiling)
    yield from _tie(best, noun)
    yield from _undecided(systems, floor, above)


def _without_systems(floor: Sequence[Tally], ceiling: Sequence[Tally], noun: str) -> Iterator[str]:
    yield words.NO_SYSTEM_TESTED
    yield words.bounds_keep(_kept_by_each(floor), _kept_by_each(ceiling), noun)
    if any(each.facts.uncertain for each in (*floor, *ceiling)):
        yield words.BOUNDS_UNDECIDED


def _same_facts(tallies: Sequence[Tally]) -> bool:
    """Whether all were asked for as many facts."""
    return max(each.facts.total for each in tallies) - min(each.facts.total for each in tallies) < NEAR


def _best(tallies: Sequence[Tally]) -> list[Tally]:
    """The ones that keep the largest share; all of them where several do."""
    most = max((each.facts.share for each in tallies), default=0.0)
    return [each for each in tallies if each.facts.share > most - NEAR]


def _level_floor(systems: Sequence[Tally], floor: Sequence[Tally]) -> list[Tally]:
    """The best of the floor, where no system is better."""
    best = _best(systems)
    return [each for each in _best(floor) if best and each.facts.share > best[0].facts.share - NEAR]


def _tie(best: Sequence[Tally], noun: str) -> Iterator[str]:
    """For tied systems: the errors of each, fewest first; nothing if those tie as well."""
    ordered = sorted(best, key=_errors)
    if _errors(ordered[0]) != _errors(ordered[-1]):
        named = ordered if len(ordered) <= _NAMED else [*ordered[: _NAMED - 1], ordered[-1]]
        systems = [
            (each.system.name, each.facts.contradicted, _wrong(each) if each.claims.total else "") for each in named
        ]
        yield words.tie(systems, noun, len(ordered) - len(named))


def _errors(tally: Tally) -> tuple[float, float]:
    """How many facts a system contradicts, and which share of its claims is wrong or not in the article; more than all
    where it has no claim."""
    share = _wrong_or_absent(tally) / tally.claims.total if tally.claims.total else 2.0
    return round(tally.facts.contradicted, 6), round(share, 6)


def _wrong_or_absent(tally: Tally) -> float:
    """Claims that are wrong or not in the article."""
    return tally.claims.contradicted + tally.claims.absent


def _wrong(tally: Tally) -> str:
    return _of(_wrong_or_absent(tally), tally.claims.total)


def _kept(tally: Tally) -> str:
    return _of(tally.facts.supported, tally.facts.total)


def _of(number: float, total: float) -> str:
    """``3 of 14``."""
    return f"{fmt.count(number)} of {fmt.count(total)}"


def _kept_by_each(tallies: Sequence[Tally]) -> list[tuple[str, str]]:
    return [(each.system.name, _kept(each)) for each in tallies]


def _of_fewer(tallies: Sequence[Tally], articles: int) -> list[str]:
    """The first systems that lack summaries, each with what it keeps of those that it has."""
    keep = ((each.system.name, f"keeps {_kept(each)}", each.articles) for each in tallies)
    return _first_on_articles([words.on_articles(*each, articles) for each in keep])


def _first_on_articles(named: Sequence[str]) -> list[str]:
    """The first of those that lack summaries, and how many more there are."""
    return [*named[:_NAMED], words.more(len(named) - _NAMED)] if len(named) > _NAMED else list(named)


def _for_comparison(floor: Sequence[Tally], ceiling: Sequence[Tally]) -> Iterator[str]:
    if floor or ceiling:
        yield words.for_comparison(_kept_by_each(floor), _kept_by_each(ceiling))


def _undecided(systems: Sequence[Tally], floor: Sequence[Tally], above: Sequence[Tally]) -> Iterator[str]:
    """Whether what is undecided could change the first sentences; nothing where nothing is undecided.

    ``above``: the best of the floor, where no system is better.
    """
    if not any(each.facts.uncertain for each in (*systems, *floor)):
        return
    best = _best(systems)
    rising = [each for each in systems if each.facts.uncertain and _could_change(each, systems, above)]
    others = [each for each in floor if each not in above or len(above) > 1]
    reaching = [each for each in others if each.facts.uncertain and _could_reach(each, above or best)]
    if rising or reaching:
        yield words.undecided_could_change(_could_keep(rising), _could_keep(reaching))
    else:
        yield words.UNDECIDED_CHANGES_NOTHING


def _could_change(system: Tally, systems: Sequence[Tally], above: Sequence[Tally]) -> bool:
    """Whether a system would beat the floor, or be first or no longer level with others, if all was kept that is
    undecided; of the only system the number is said, which would be another."""
    best = _best(systems)
    if above and system.facts.at_most > above[0].facts.share + NEAR:
        return True
    if len(systems) == 1:
        return not above
    return _could_reach(system, best) and (system not in best or len(best) > 1)


def _could_reach(tally: Tally, best: Sequence[Tally]) -> bool:
    return tally.facts.at_most > best[0].facts.share - NEAR


def _could_keep(tallies: Sequence[Tally]) -> list[tuple[str, str]]:
    return [(each.system.name, _of(each.facts.supported + each.facts.uncertain, each.facts.total)) for each in tallies]


def _wrong_claims(systems: Sequence[Tally], level_floor: Sequence[Tally]) -> Iterator[str]:
    """How many claims are wrong or not in the article, of how many: of each system under test, and of a floor that no
    system beats."""
    judged = [each for each in systems if each.claims.total]
    wrong = {each.system.name: _wrong_or_absent(each) for each in judged}
    if not judged:
        return
    if not any(wrong.values()):
        undecided = sum(each.claims.uncertain for each in judged)
        yield words.undecided_claims(fmt.count(undecided)) if undecided else words.NO_WRONG_CLAIM
        return
    if len(judged) > _NAMED:
        judged = sorted(judged, key=lambda each: -wrong[each.system.name] / each.claims.total)[:_NAMED]
    shown = [*((each, True) for each in level_floor if each.claims.total), *((each, False) for each in judged)]
    counted = [
        words.wrong_claims_of(each.system.name, _wrong(each), each.claims.uncertain, floor) for each, floor in shown
    ]
    yield words.wrong_claims(counted, left_out=len(wrong) - len(judged))


def _without_facts(board: MetricTable, facts: int) -> Iterator[str]:
    yield words.cannot_say_what_was_kept(bool(facts))
    by = board.ranked_by
    if by and board.groups and board.groups[0].role == "system":
        place = board.metrics.index(by)
        most = max(row.cells[place].articles for row in board.rows)
        cells = [
            (row.system.name, cell) for row in board.groups[0].rows if (cell := row.cells[place]).value is not None
        ]
        ranked = [each for each in cells if is_ranked(each[1].articles, most)]
        left = [each for each in cells if each not in ranked]
        level = [name for name, cell in ranked if equal(cell.value or 0.0, ranked[0][1].value or 0.0)]
        if level:
            yield words.first_by(by.title, level, ranked[0][1].form)
        if left:
            named = [words.on_articles(name, f"has {cell.form}", cell.articles, most) for name, cell in left]
            yield words.not_ranked(_first_on_articles(named))


def _people(run: Counts) -> Iterator[str]:
    """How many verdicts people gave; nothing where they gave none, or all, which is said with how far these hold."""
    if run.marked:
        yield words.people_judged(run.people, run.judged_of("coverage"), run.judged_of("grounding"))


def _short_of_text(run: Counts, board: MetricTable) -> Iterator[str]:
    """Which systems under test lack summaries, or have some that the token limit cut off or stopped, and how many."""
    tested = [run.tallies[row.system.name] for group in board.groups if group.role == "system" for row in group.rows]
    counted: tuple[tuple[Callable[[Sequence[str], int], str], Callable[[Tally], int]], ...] = (
        (words.summaries_missing, lambda tally: tally.without.total() - tally.without[""]),
        (words.cut_off, lambda tally: tally.cut_off),
        (words.stopped, lambda tally: tally.stopped),
    )
    for sentence, number in counted:
        systems = [
            f"{each.system.name} {number(each):,} of {each.without.total():,}" for each in tested if number(each)
        ]
        if systems:
            yield sentence(systems[:_NAMED], len(systems[_NAMED:]))


def _lengths(board: MetricTable) -> str:
    """The shortest and the longest summaries, where the one has room for as much again as the other; else empty."""
    place = next((at for at, metric in enumerate(board.metrics) if metric.name == "words"), None)
    if place is None:
        return ""
    cells = [(row.cells[place], row.system.name) for row in board.rows if row.cells[place].value]
    lengths = sorted((cell.value or 0.0, cell.form, name) for cell, name in cells)
    if not lengths or lengths[-1][0] < _LONGER * lengths[0][0]:
        return ""
    (_, least, shortest), (_, most, longest) = lengths[0], lengths[-1]
    return words.lengths_differ(least, shortest, most, longest)


def _caveat(board: MetricTable) -> str:
    if board.articles == 1:
        return words.ONE_ARTICLE
    letters = any(cell.letters for row in board.rows for cell in row.cells)
    return " ".join([*board.cautions, *([words.LETTERS] if letters else [])]) or words.NOTHING_TESTED
