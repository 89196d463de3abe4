"""The result of a run in a few sentences, with no more said than the run shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from harness.document import format as fmt
from harness.document.roles import Role
from harness.records import System
from harness.report.index import Index
from harness.report.leaderboard import Table
from harness.report.tally import Tally, counts

_EACH = 3
"""Up to so many systems get a sentence each; of more, the first and the last do."""

_BOUNDS: tuple[Role, ...] = ("floor", "ceiling")


def answer(index: Index, board: Table) -> tuple[str, ...]:
    """The sentences in order; the rows of ``board`` give the systems' order."""
    found = counts(index)
    noun = found.noun
    tallies = {group.role: [found.tallies[row.system.name] for row in group.rows] for group in board.groups}
    if any(each.facts for members in tallies.values() for each in members):
        said = _on_systems(index, tallies.get("system", []), noun)
        bounds = [_bound(name, judged) for name in _BOUNDS if (judged := _judged(tallies.get(name, [])))]
        said += [f"The {'; the '.join(bounds)}."] if bounds else []
    else:
        said = _without_facts(board, found.facts)
    return (*said, _caveat(board))


def _judged(tallies: Sequence[Tally]) -> list[Tally]:
    return [found for found in tallies if found.facts]


def _on_systems(index: Index, tallies: Sequence[Tally], noun: str) -> list[str]:
    judged = sorted(_judged(tallies), key=lambda found: (-found.kept / found.facts, found.contradicted / found.facts))
    silent = [_silent(index, found.system) for found in tallies if not found.facts]
    if len(judged) <= _EACH:
        return [f"{_on(found, noun)}." for found in judged] + silent
    first, last = judged[0], judged[-1]
    most = f"{first.system.name} keeps the largest share, {_kept(first, noun)}, and {_contradicts(first)}"
    return [
        f"Of {len(judged)} systems, {most}.",
        f"{last.system.name} keeps the smallest, {_kept(last, noun)}, and {_contradicts(last)}.",
        *_invents(judged),
        *silent,
    ]


def _on(found: Tally, noun: str) -> str:
    said = f"{found.system.name} keeps {_kept(found, noun)} and {_contradicts(found)}"
    if not found.claims:
        return said
    if found.claims == 1:
        return f"{said}; the article is {'' if found.supported else 'not '}found to support its one claim"
    return f"{said}; the article is found to support {_number(found.supported)} of its {fmt.count(found.claims)} claims"


def _kept(found: Tally, noun: str) -> str:
    average = "on average " if found.several else ""
    return f"{average}{_number(found.kept)} of {fmt.plural(found.facts, noun)}"


def _contradicts(found: Tally) -> str:
    return f"contradicts {_number(found.contradicted)} of them"


def _invents(tallies: Sequence[Tally]) -> list[str]:
    """Whose claims the article supports least; nothing where it supports all."""
    claiming = [found for found in tallies if found.supported < found.claims]
    if not claiming:
        return []
    worst = min(claiming, key=lambda found: found.supported / found.claims)
    missed = f"{fmt.count(worst.claims - worst.supported)} of {fmt.count(worst.claims)}"
    return [
        f"{worst.system.name} makes the largest share of claims that the article is not found to support, {missed}."
    ]


def _number(number: float) -> str:
    return fmt.count(number) if number else "none"


def _silent(index: Index, system: System) -> str:
    without = Counter(counts(index).without[system.name])
    if not without:
        return f"{system.name} has no summary."
    if not without.pop("", 0):
        return f"{system.name} has no summary: {without.most_common(1)[0][0]}."
    return f"The summaries of {system.name} were not verified."


def _bound(name: Role, tallies: Sequence[Tally]) -> str:
    each = [f"{_number(found.kept)} of {found.facts} ({found.system.name})" for found in tallies]
    return f"{name} keeps {fmt.listed(each)}"


def _without_facts(board: Table, facts: bool) -> list[str]:
    why = "No fact was checked" if facts else "No facts are written for these articles"
    said = [f"{why}, so this report cannot say what was kept or lost."]
    by = board.ranked_by
    if by and board.groups and board.groups[0].role == "system":
        first = board.groups[0].rows[0]
        cell = first.cells[board.metrics.index(by)]
        if cell.value is not None:
            said.append(f"By {by.title}, {first.system.name} comes first with {cell.form}.")
    return said


def _caveat(board: Table) -> str:
    if board.articles == 1:
        return "With one article this ranks these summaries, not the models."
    told = "The letters in the leaderboard say which systems cannot be told apart."
    letters = any(cell.letters for row in board.rows for cell in row.cells)
    return " ".join([*board.cautions, *([told] if letters else [])]) or "Nothing was tested."
