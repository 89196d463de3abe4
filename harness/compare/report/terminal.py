"""A comparison in a terminal, within the width there is."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from itertools import islice

from rich.console import Console
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from harness.compare.changed import SummaryChange
from harness.compare.compared import Comparison, Contrast
from harness.compare.report.diff import diff
from harness.compare.report.view import Board, Pairing, Step, View, view
from harness.compare.report.words import TURNS, became, facts_in_words, named, plan_in_words
from harness.compare.standing import FactChange, Turn
from harness.document import format as fmt
from harness.document.columns import GAP, kept, packed, padded
from harness.document.plain import plain

_ROWS = 40
"""Up to so many differences are shown of all metrics; of more, those of the metric that ranks."""
_NAMED = 6
"""Up to so many matches have their facts named; of more, they are counted, and the essential facts lost are named."""
_FACTS = 12
"""Up to so many facts of a kind are named in a match."""
_TEXTS = 3
"""So many changed summaries are shown word by word."""
_CAUSES = 20
"""So many other changes are listed."""
_NAMES = 20

_COUNTED: tuple[Turn, ...] = ("gained", "lost", "contradicted")


def show(found: Comparison, console: Console) -> None:
    """Print the comparison. Text from outside is shown without its control characters."""
    shown = view(found)
    _print(console, shown.title, "bold")
    _print(console, shown.line, "dim")
    for banner in shown.banners:
        _print(console, f"! {banner}", "bold yellow")
    console.print()
    for sentence in shown.answer:
        _print(console, sentence)
    for sentence in shown.cautions:
        _print(console, sentence, "yellow")
    _boards(console, shown.board)
    _differences(console, found, shown)
    _all_facts(console, shown, len(found.articles))
    _summaries(console, shown.pairings)
    for contrast in shown.contrasts:
        _causes(console, contrast, next(iter(found.runs)))
    if shown.notes:
        console.print()
    for note in shown.notes:
        _print(console, f"left out: {note}" if ":" not in note else note, "dim")


def _print(console: Console, text: str, style: str = "") -> None:
    console.print(Text(plain(text), style))


def _boards(console: Console, board: Board) -> None:
    for places in _tables(board, console.width):
        console.print()
        console.print(_grid(board, places))
    for number, note in enumerate(board.notes, start=1):
        _print(console, f"{fmt.superscript(number)} {note}", "dim")
    _print(console, board.caption, "dim")


def _tables(board: Board, width: int) -> list[list[int]]:
    names = max((len(line.name) for block in board.blocks for line in block.lines), default=0) + GAP
    widths = [max(map(len, (_title(board, place), *_cells(board, place)))) for place in range(len(board.metrics))]
    return packed(widths, width - min(max(names, _NAMES), width // 2))


def _cells(board: Board, place: int) -> list[str]:
    cells = [line.cells[place] for block in board.blocks for line in block.lines]
    return padded([(f"{cell.form}{fmt.superscript(cell.note)}", cell.interval, cell.letters) for cell in cells])


def _grid(board: Board, places: Sequence[int]) -> Grid:
    grid = Grid(box=None, padding=(0, GAP, 0, 0), pad_edge=False, header_style="bold")
    grid.add_column("", overflow="fold")
    columns = []
    for place in places:
        title = _title(board, place)
        grid.add_column(Text(title), justify="right")
        columns.append([kept(cell, len(title)) for cell in _cells(board, place)])
    rows = zip(*columns, strict=True)
    for block in board.blocks:
        if block.name:
            grid.add_row(Text(plain(block.name), "italic"))
        for line in block.lines:
            indent = "  " if block.name else ""
            grid.add_row(Text(indent + plain(line.name)), *next(rows))
    return grid


def _title(board: Board, place: int) -> str:
    metric = board.metrics[place]
    return plain(f"{metric.title} {fmt.ARROWS[metric.better]}")


def _differences(console: Console, found: Comparison, shown: View) -> None:
    rows = [(pairing.label, step) for pairing in shown.pairings for step in pairing.steps if step.moved]
    few = len(rows) <= _ROWS
    if not few:
        rows = [(title, step) for title, step in rows if step.metric == found.ranked_by]
    console.print()
    _print(console, f"Differences from {shown.reference}", "bold")
    if rows:
        console.print(_steps(rows))
        if shown.measured:
            _print(console, shown.measured, "dim")
    same = [pairing.label for pairing in shown.pairings if not any(step.moved for step in pairing.steps)]
    if same:
        _print(console, f"No metric differs on any article: {fmt.listed(same)}.", "dim")
    if not few:
        _print(console, "The other metrics: -o FILE.html, .md, .csv or .json.", "dim")
    planned = [said for pairing in shown.pairings if (said := plan_in_words(pairing.match, found.ranked_by))]
    if len(planned) == 1:
        _print(console, planned[0], "dim")


def _steps(rows: Sequence[tuple[str, Step]]) -> Grid:
    grid = Grid(box=None, padding=(0, GAP, 0, 0), pad_edge=False, header_style="bold")
    for heading in ("", "metric", "before", "after", "difference", "95% interval", "p"):
        grid.add_column(heading, overflow="fold", justify="left" if heading in ("", "metric") else "right")
    last = ""
    for title, step in rows:
        label = "" if title == last else title
        cells = (label, step.metric.title, step.before, step.after, step.difference, step.interval, step.p)
        grid.add_row(*(Text(plain(cell), "bold" if step.apart else "") for cell in cells))
        last = title
    return grid


def _all_facts(console: Console, shown: View, articles: int) -> None:
    changed = [pairing for pairing in shown.pairings if pairing.match.facts.changes]
    if len(changed) <= _NAMED:
        for pairing in changed:
            _facts(console, pairing, articles)
        return
    grid = Grid(box=None, padding=(0, GAP, 0, 0), pad_edge=False, header_style="bold")
    for heading in ("", "gained", "lost", "contradicted now", "essential facts lost"):
        left = heading in ("", "essential facts lost")
        grid.add_column(heading, overflow="fold", justify="left" if left else "right")
    for pairing in changed:
        changes = pairing.match.facts
        counts = [str(len(changes.of(turn))) for turn in _COUNTED]
        essential = [named(found, articles) for found in changes.of("lost") if found.importance == "essential"]
        more = f" and {len(essential) - _FACTS} more" if len(essential) > _FACTS else ""
        cells = (pairing.label, *counts, ", ".join(essential[:_FACTS]) + more)
        grid.add_row(*(Text(plain(cell)) for cell in cells))
    console.print()
    _print(console, f"Facts, against {shown.reference}", "bold")
    console.print(grid)


def _facts(console: Console, pairing: Pairing, articles: int) -> None:
    changes = pairing.match.facts
    console.print()
    _print(console, f"Facts, {pairing.title}", "bold")
    _print(console, facts_in_words(changes))
    for essential in (True, False):
        for turn, word in TURNS:
            group = [found for found in changes.of(turn) if (found.importance == "essential") == essential]
            if group:
                label = f"essential facts {word}" if essential else f"other facts {word}"
                text = f"{label}: {_listed(group, articles)}"
                console.print(Padding(Text(plain(text), "" if essential else "dim"), (0, 0, 0, 2)))


def _listed(group: Sequence[FactChange], articles: int) -> str:
    names = [f"{named(change, articles)} ({became(change)})" for change in group[:_FACTS]]
    more = f" and {len(group) - _FACTS} more" if len(group) > _FACTS else ""
    return ", ".join(names) + more


def _summaries(console: Console, pairings: Sequence[Pairing]) -> None:
    compared = [(pairing, found) for pairing in pairings if (found := pairing.match.summaries)]
    if not compared:
        return
    console.print()
    _print(console, "Summaries", "bold")
    for pairing, found in compared:
        verdicts = sum(change.verdicts for change in found.changes)
        texts = sum(change.text for change in found.changes)
        if found.changes:
            said = f"verdicts changed in {verdicts} of {found.compared}, the text in {texts}"
            _print(console, f"{pairing.title}: {said}")
    same = sum(not found.changes for _, found in compared)
    if same:
        _print(console, f"In {fmt.plural(same, 'comparison')} no verdict and no text changed.", "dim")
    changes = (change for _, found in compared for change in found.changes if change.text)
    for change in islice(changes, _TEXTS):
        _text(console, change)


def _text(console: Console, change: SummaryChange) -> None:
    place = change.place
    console.print()
    _print(console, f"{place.system}, {place.article_id}, sample {place.sample}", "italic")
    if change.before is None or change.after is None:
        gone = "no longer there" if change.after is None else "there now, and was not before"
        _print(console, f"the summary is {gone}")
        return
    said = Text()
    for piece in diff(change.before, change.after):
        left, right, style = {"same": ("", "", "dim"), "gone": ("[-", "-]", "red"), "new": ("{+", "+}", "green")}[
            piece.kind
        ]
        text = plain(piece.text)
        said.append(f"{left}{text}{right} " if text else "", style)
    console.print(Padding(said, (0, 0, 0, 2)))


def _causes(console: Console, contrast: Contrast, first: str) -> None:
    console.print()
    _print(console, f"What else changed, {first} → {contrast.run}", "bold")
    if not contrast.causes:
        _print(console, "nothing that the manifests record")
    for origin in contrast.causes[:_CAUSES]:
        text = plain(str(origin))
        console.print(Padding(Text(text if len(text) <= 200 else f"{text[:199]}…"), (0, 0, 0, 2)))
    if len(contrast.causes) > _CAUSES:
        _print(console, f"and {len(contrast.causes) - _CAUSES} more", "dim")


def render(found: Comparison) -> str:
    """What ``show`` prints, as plain text."""
    buffer = StringIO()
    show(found, Console(file=buffer, width=120))
    return buffer.getvalue()
