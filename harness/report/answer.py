"""The result of a run in a few sentences, with no more said than the run shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.document import format as fmt
from harness.report.index import Index
from harness.report.leaderboard import Table
from harness.report.tally import Counts, Tally, counts

_NEAR = 1e-9
"""Two shares that differ by less are one."""


def answer(index: Index, board: Table) -> tuple[str, ...]:
    """The sentences in order; the rows of ``board`` give the systems' order."""
    found = counts(index)
    tallies = {group.role: [found.tallies[row.system.name] for row in group.rows] for group in board.groups}
    judged = {role: [each for each in members if each.facts.total] for role, members in tallies.items()}
    if any(judged.values()):
        said = list(_by_facts(judged.get("system", []), judged.get("floor", []), judged.get("ceiling", []), found.noun))
    else:
        said = _without_facts(board, found.facts)
    return (*said, *_people(found), *filter(None, [found.caution]), _caveat(board))


def _people(found: Counts) -> list[str]:
    """How many verdicts people gave; nothing where they gave none."""
    if not found.people:
        return []
    judged = f"{found.people:,} of {found.judged:,}" if found.marked else f"all {found.judged:,}"
    return [f"People judged {judged} verdicts; there their labels count, not the verifier's."]


def _by_facts(systems: Sequence[Tally], floor: Sequence[Tally], ceiling: Sequence[Tally], noun: str) -> Iterator[str]:
    best = _best(systems)
    if not best:
        yield f"No summary of a system under test was checked. {_bounds(floor, ceiling)}".strip()
        return
    above = [each for each in _best(floor) if each.facts.share > best[0].facts.share - _NEAR]
    if above:
        yield f"No system keeps more {noun}s than {_bound(above)}. {_most(best, noun, 'of the systems, ')}."
        yield from filter(None, [_bounds((), ceiling)])
    else:
        yield f"{_most(best, noun) if len(systems) > 1 else _alone(best[0], noun)}."
        yield from filter(None, [_bounds(floor, ceiling)])
    yield from filter(None, [_undecided(systems, best, above)])


def _best(tallies: Sequence[Tally]) -> list[Tally]:
    """The ones that keep the largest share; all of them where several do."""
    most = max((each.facts.share for each in tallies), default=0.0)
    return [each for each in tallies if each.facts.share > most - _NEAR]


def _most(best: Sequence[Tally], noun: str, among: str = "") -> str:
    """``a and b keep the most essential facts: 2 of 14 each``."""
    names, keep = fmt.listed([each.system.name for each in best]), "keep" if len(best) > 1 else "keeps"
    shares = dict.fromkeys(map(_kept, best))
    each = " each" if len(best) > 1 and len(shares) == 1 else ""
    said = f"{among}{names} {keep} the most {noun}s: {fmt.listed(list(shares))}{each}"
    return said[0].upper() + said[1:] if among else said


def _alone(found: Tally, noun: str) -> str:
    average = "on average " if found.several else ""
    return f"{found.system.name} keeps {average}{fmt.count(found.facts.supported)} of {_total(found)} {noun}s"


def _bound(above: Sequence[Tally]) -> str:
    """``the floor does: textrank keeps 4 of 14``."""
    each = [f"{each.system.name} keeps {_kept(each)}" for each in above]
    return f"the floor does: {fmt.listed(each)}"


def _bounds(floor: Sequence[Tally], ceiling: Sequence[Tally]) -> str:
    named = [(name, tallies) for name, tallies in (("floor", floor), ("ceiling", ceiling)) if tallies]
    each = [
        f"the {name} keeps {fmt.listed([f'{_kept(found)} ({found.system.name})' for found in tallies])}"
        for name, tallies in named
    ]
    said = "; ".join(each)
    return f"{said[0].upper()}{said[1:]}." if said else ""


def _kept(found: Tally) -> str:
    return f"{fmt.count(found.facts.supported)} of {_total(found)}"


def _total(found: Tally) -> str:
    return fmt.count(found.facts.total)


def _undecided(systems: Sequence[Tally], best: Sequence[Tally], above: Sequence[Tally]) -> str:
    """Whether what is undecided could change the first sentence; empty where nothing is undecided."""
    if not any(each.facts.uncertain for each in systems) or (len(systems) == 1 and not above):
        return ""
    bar = (above or best)[0].facts.share
    rivals = [each for each in systems if above or len(best) > 1 or each not in best]
    could = [
        f"{each.system.name} up to {fmt.count(each.facts.supported + each.facts.uncertain)} of {_total(each)}"
        for each in rivals
        if each.facts.at_most > bar + _NEAR
    ]
    if not could:
        return "Undecided facts count as not kept; if they were kept, this would not change."
    return f"Undecided facts count as not kept. If they were kept, this could change: {fmt.listed(could)}."


def _without_facts(board: Table, facts: int) -> list[str]:
    why = "No fact was checked" if facts else "No facts are written for these articles"
    said = [f"{why}, so this report cannot say what was kept or lost."]
    by = board.ranked_by
    if by and board.groups and board.groups[0].role == "system":
        place = board.metrics.index(by)
        rows = [row for row in board.groups[0].rows if row.cells[place].value is not None]
        first = [row for row in rows if row.cells[place].value == rows[0].cells[place].value]
        if first:
            names = fmt.listed([row.system.name for row in first])
            said.append(
                f"By {by.title}, {names} come{'' if len(first) > 1 else 's'} first with {first[0].cells[place].form}."
            )
    return said


def _caveat(board: Table) -> str:
    if board.articles == 1:
        return "With one article this ranks these summaries, not the models."
    told = "The letters in the leaderboard say which systems cannot be told apart."
    letters = any(cell.letters for row in board.rows for cell in row.cells)
    return " ".join([*board.cautions, *([told] if letters else [])]) or "No two systems were tested against each other."
