"""A comparison as Markdown, fit for a comment on a pull request: a forge takes 65 thousand characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from harness.compare.changed import SummaryChange
from harness.compare.compared import Comparison, Contrast
from harness.compare.report.diff import diff
from harness.compare.report.view import Board, Cell, Pairing, View, view
from harness.compare.report.words import TURNS, became, facts_in_words, named, plan_in_words
from harness.compare.standing import FactChange
from harness.document import format as fmt
from harness.document.escaping import escape
from harness.document.markdown import bullets, fitted, folded, grid

_NAMED = 6
"""Up to so many matches have their facts named; of more, they are counted, and the essential facts lost are named."""
_FACTS = 40
"""Up to so many facts stand in one list."""
_TEXTS = 20
"""So many changed summaries are shown word by word."""

_TAGS = {"same": ("", ""), "gone": ("<del>", "</del>"), "new": ("<ins>", "</ins>")}
_REST = "The rest is left out, as a comment holds no more; it stands in the HTML and the JSON."


def render(found: Comparison) -> str:
    """The comparison."""
    return fitted(_parts(found, view(found)), _REST)


def _parts(found: Comparison, shown: View) -> Iterator[Iterable[str]]:
    """The document, in pieces that are shown whole or not at all; the most important first."""
    yield _head(shown)
    yield _board(shown.board)
    articles = len(found.articles)
    changed = [pairing for pairing in shown.pairings if pairing.match.facts.changes]
    if len(changed) > _NAMED:
        yield _fact_counts(changed, shown.reference, articles)
    else:
        yield from (_facts(pairing, articles) for pairing in changed)
    yield folded("Differences, with intervals and p", _differences(found, shown))
    yield folded("Summaries that changed", _counts(shown.pairings))
    for change in _texts(shown.pairings)[:_TEXTS]:
        yield folded(f"{escape(change.place.system)}, {escape(change.place.article_id)}", _text(change))
    for contrast in shown.contrasts:
        yield folded(f"What else changed in {escape(contrast.run)}", _causes(contrast))
    if shown.notes:
        yield folded("What takes no part, and what is not known", bullets(map(escape, shown.notes)))


def _head(shown: View) -> Iterator[str]:
    yield from (f"### {escape(shown.title)}", "", escape(shown.line), "")
    for banner in shown.banners:
        yield from (f"> **{escape(banner)}**", "")
    yield from bullets(map(escape, shown.answer))
    for caution in shown.cautions:
        yield from (f"*{escape(caution)}*", "")


def _board(board: Board) -> Iterator[str]:
    rows = []
    for block in board.blocks:
        if block.name:
            rows.append([f"**{escape(block.name)}**", *("" for _ in board.metrics)])
        rows += [[escape(line.name), *map(_cell, line.cells)] for line in block.lines]
    titles = [f"{escape(metric.title)} {fmt.ARROWS[metric.better]}".strip() for metric in board.metrics]
    yield from grid(["", *titles], rows)
    yield from (escape(board.caption), "")
    for number, note in enumerate(board.notes, start=1):
        yield from (f"{fmt.superscript(number)} {escape(note)}", "")


def _cell(cell: Cell) -> str:
    number = cell.form + fmt.superscript(cell.note)
    return escape(" ".join(part for part in (number, cell.interval, cell.letters) if part))


def _facts(pairing: Pairing, articles: int) -> Iterator[str]:
    changes = pairing.match.facts
    yield from (f"**Facts, {escape(pairing.title)}**: {escape(facts_in_words(changes))}", "")
    for essential in (True, False):
        for turn, word in TURNS:
            group = [found for found in changes.of(turn) if (found.importance == "essential") == essential]
            if not group:
                continue
            title = f"{fmt.plural(len(group), 'essential fact' if essential else 'other fact')} {word}"
            names = bullets(_cut_list([_fact(change, articles) for change in group]))
            yield from (f"{title}:", "", *names) if essential else folded(title, names)


def _fact_counts(pairings: Sequence[Pairing], reference: str, articles: int) -> Iterator[str]:
    rows = []
    for pairing in pairings:
        changes = pairing.match.facts
        counts = [str(len(changes.of(turn))) for turn, _ in TURNS]
        essential = [named(found, articles) for found in changes.of("lost") if found.importance == "essential"]
        rows.append([escape(pairing.label), *counts, ", ".join(_cut_list([f"`{_code(name)}`" for name in essential]))])
    yield from (f"**Facts, against {escape(reference)}**", "")
    yield from grid(["", *(word for _, word in TURNS), "essential facts lost"], rows)


def _cut_list(entries: Sequence[str]) -> list[str]:
    more = [f"and {len(entries) - _FACTS} more"] if len(entries) > _FACTS else []
    return [*entries[:_FACTS], *more]


def _fact(change: FactChange, articles: int) -> str:
    return f"`{_code(named(change, articles))}` {escape(became(change))}: {escape(change.statement)}"


def _code(name: str) -> str:
    return escape(name).replace("`", "") if "`" in name else name.replace("\n", " ")


def _differences(found: Comparison, shown: View) -> Iterator[str]:
    rows = []
    for pairing in shown.pairings:
        for step in pairing.steps:
            if step.moved:
                mark = "**" if step.apart else ""
                difference = f"{mark}{' '.join(part for part in (step.difference, step.interval) if part)}{mark}"
                cells = (pairing.label, step.metric.title, step.before, step.after)
                rows.append([*map(escape, cells), difference, escape(step.p), str(step.n)])
    if rows:
        heads = ["", "metric", escape(shown.reference), "after", "difference [95%]", "p", "n"]
        yield from (*grid(heads, rows), escape(shown.measured), "")
    same = [escape(pairing.label) for pairing in shown.pairings if not any(step.moved for step in pairing.steps)]
    if same:
        yield from (f"No metric differs on any article: {fmt.listed(same)}.", "")
    planned = [said for pairing in shown.pairings if (said := plan_in_words(pairing.match, found.ranked_by))]
    if len(planned) == 1:
        yield from (escape(planned[0]), "")


def _counts(pairings: Sequence[Pairing]) -> Iterator[str]:
    for pairing in pairings:
        found = pairing.match.summaries
        if found and found.changes:
            verdicts = sum(change.verdicts for change in found.changes)
            texts = sum(change.text for change in found.changes)
            yield f"- {escape(pairing.title)}: verdicts changed in {verdicts} of {found.compared}, the text in {texts}"
    yield ""


def _texts(pairings: Sequence[Pairing]) -> list[SummaryChange]:
    compared = (found for pairing in pairings if (found := pairing.match.summaries))
    return [change for found in compared for change in found.changes if change.text]


def _text(change: SummaryChange) -> Iterator[str]:
    if change.before is None or change.after is None:
        yield from ("The summary is no longer there." if change.after is None else "There was no summary before.", "")
        return
    pieces = []
    for piece in diff(change.before, change.after):
        left, right = _TAGS[piece.kind]
        shown = escape(piece.text)
        pieces.append(f"{left}{shown}{right}" if shown else "")
    yield from (" ".join(piece for piece in pieces if piece), "")


def _causes(contrast: Contrast) -> Iterator[str]:
    lines = [_cut(str(origin)) for origin in contrast.causes] or ["nothing that the manifests record"]
    yield from bullets(map(escape, lines))


def _cut(text: str, size: int = 400) -> str:
    return text if len(text) <= size else text[: size - 1] + "…"
