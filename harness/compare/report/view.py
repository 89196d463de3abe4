"""All that a comparison shows, in one value that the terminal, Markdown and HTML only have to write down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harness.compare.compared import Comparison, Contrast, Match, Meeting
from harness.compare.report import numbers
from harness.compare.report.words import answer, cautions, known
from harness.document import format as fmt
from harness.records import Metric
from harness.stats.interval import Estimate

_STATUS = {
    "interrupted": "was interrupted, so some of its values are missing",
    "failed": "failed in part, so some of its values are missing",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A mean with its interval and the letters of its groups; ``note`` numbers what is missing and why."""

    form: str
    interval: str
    letters: str
    note: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """A side with a cell a metric."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """The sides of one meeting, best first."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Side by side."""

    metrics: tuple[Metric, ...]
    blocks: tuple[Block, ...]
    notes: tuple[str, ...]
    """Note n stands at index n - 1."""
    caption: str


@dataclass(frozen=True, slots=True)
class Step:
    """One metric of a match, in words: reference, side, difference, interval, p."""

    metric: Metric
    before: str
    after: str
    difference: str
    interval: str
    p: str
    apart: bool
    moved: bool
    """Whether any article has another value."""
    n: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Pairing:
    """A match with its headings."""

    title: str
    """``lead: base → short``, ``lead → oracle``."""
    label: str
    """What it is called where the reference is known: ``lead``, ``oracle``."""
    steps: tuple[Step, ...]
    match: Match


@dataclass(frozen=True, slots=True)
class View:
    title: str
    line: str
    banners: tuple[str, ...]
    answer: tuple[str, ...]
    cautions: tuple[str, ...]
    contrasts: tuple[Contrast, ...]
    board: Board
    pairings: tuple[Pairing, ...]
    reference: str
    """What the others are measured against."""
    measured: str
    """How the differences were measured."""
    notes: tuple[str, ...]


def view(found: Comparison) -> View:
    """What the comparison says, ready to be shown."""
    return View(
        title=_title(found),
        line=_line(found),
        banners=tuple(_banners(found)),
        answer=answer(found),
        cautions=cautions(found),
        contrasts=found.contrasts,
        board=_board(found),
        pairings=tuple(
            Pairing(_heading(meeting, match), _label(found, meeting, match), tuple(_steps(found, match)), match)
            for meeting in found.meetings
            for match in meeting.matches
        ),
        reference=found.meetings[0].reference,
        measured=_measured(found),
        notes=found.notes,
    )


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
            said = "; ".join(map(str, contrast.measures))
            yield f"{contrast.run} was not measured as {next(iter(found.runs))} was: {said}."


def _heading(meeting: Meeting, match: Match) -> str:
    pair = f"{match.reference} → {match.side}"
    return f"{meeting.name}: {pair}" if meeting.name else pair


def _label(found: Comparison, meeting: Meeting, match: Match) -> str:
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


def _board(found: Comparison) -> Board:
    metrics = tuple(metric for metric in found.metrics if known(found, metric))
    notes: list[str] = []
    blocks = []
    for meeting in found.meetings:
        lines = []
        for side in meeting.sides:
            cells = tuple(_cell(meeting, side.name, metric, notes) for metric in metrics)
            lines.append(Line(side.name, cells))
        blocks.append(Block(meeting.name, tuple(lines)))
    return Board(metrics, tuple(blocks), tuple(notes), _caption(found))


def _caption(found: Comparison) -> str:
    said = f"Means over {fmt.plural(len(found.articles), 'article')}"
    said += " with 95% intervals" if any(_intervals(found)) else ""
    said += f"; best first by {found.ranked_by.title}." if found.ranked_by else "."
    if any(ranking.tests for meeting in found.meetings for ranking in meeting.rankings.values()):
        said += " Two that share a letter cannot be told apart."
    return said


def _intervals(found: Comparison) -> Iterator[bool]:
    for meeting in found.meetings:
        for ranking in meeting.rankings.values():
            yield from (place.estimate.low is not None for place in ranking.places)


def _cell(meeting: Meeting, side: str, metric: Metric, notes: list[str]) -> Cell:
    ranking = meeting.rankings[metric.name]
    place = next(place for place in ranking.places if place.system == side)
    estimate = place.estimate
    reasons = meeting.reasons.get((side, metric.name), {})
    return Cell(
        fmt.value(estimate.mean, metric.format),
        fmt.interval(estimate.low, estimate.high, metric.format),
        place.letters if ranking.tests else "",
        _noted(notes, _missing(estimate, reasons)) if estimate.missing else None,
    )


def _missing(estimate: Estimate, reasons: Mapping[str, int]) -> str:
    why = "; ".join(reason if count == 1 else f"{reason} ({count})" for reason, count in reasons.items())
    articles = fmt.plural(estimate.n + estimate.missing, "article")
    return f"n = {estimate.n} of {articles}, {estimate.missing} missing: {why or 'no reason was given'}"


def _noted(notes: list[str], text: str) -> int:
    if text not in notes:
        notes.append(text)
    return notes.index(text) + 1


def _steps(found: Comparison, match: Match) -> Iterator[Step]:
    for metric in found.metrics:
        shift = match.shifts[metric.name]
        yield Step(
            metric=metric,
            before=fmt.value(shift.before, metric.format),
            after=fmt.value(shift.after, metric.format),
            difference=numbers.signed(shift.mean, metric),
            interval=numbers.signed_interval(shift.low, shift.high, metric),
            p=numbers.p_value(shift.p),
            apart=shift.apart,
            moved=shift.changed > 0,
            n=shift.n,
            reason=shift.reason,
        )
