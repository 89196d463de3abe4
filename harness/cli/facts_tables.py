"""Show facts, suggested facts and false versions in the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from harness.data.articles import Folder
from harness.document.format import plain, visible
from harness.document.labels import kind
from harness.files import show
from harness.records import Fact, Span
from harness.suggest import Suggestion
from harness.suggest.edits import Edit
from harness.text import paragraphs, sentences


def show_list(facts: Sequence[Fact], console: Console) -> None:
    """Print one row per fact; its long id goes below the statement."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("importance", "kind"):
        table.add_column(heading, no_wrap=True)
    table.add_column("fact", overflow="fold")
    for fact in facts:
        statement = Text.assemble(plain(fact.statement), "\n", (plain(fact.id), "dim"))
        table.add_row(fact.importance, kind(fact), statement)
    console.print(table)


def show_fact(folder: Folder, fact: Fact, console: Console) -> None:
    """Print everything known about a fact, with its evidence marked in its sentences."""
    console.print(Text(plain(fact.statement), style="bold"))
    place = f"{plain(folder.facts.file)}:{folder.facts.lines[fact.id]}"
    console.print(Text(f"{plain(fact.id)} · {fact.importance} · {kind(fact)} · {place}", style="dim"), soft_wrap=True)
    if fact.evidence and folder.article:
        number, line = _find_paragraph(folder, fact.evidence)
        file = plain(show(folder.path / "article.md"))
        console.print(Text(f"\nevidence, paragraph {number} ({file}:{line})"), soft_wrap=True)
        text = _mark(folder.article.text, folder.article.language, fact.evidence, console.is_terminal)
        console.print(Padding(text, (0, 0, 0, 2)))
    for heading, wordings in (("accepted", fact.accepted), ("contradictions", fact.contradictions)):
        if wordings:
            console.print(Text(f"\n{heading}"))
        for wording in wordings:
            console.print(_indent(plain(wording)))


def render_suggestions(folder: Folder, suggestions: Sequence[Suggestion]) -> Iterator[RenderableType]:
    """Yield each suggestion: the statement, why it is suggested, its evidence, and its false versions."""
    if not suggestions:
        yield "Nothing to suggest: the facts already state what the article and its references say."
    for each in suggestions:
        number, line = _find_paragraph(folder, each.evidence)
        yield Text(plain(each.statement), style="bold")
        yield _indent(f"{each.importance} · {each.kind} · {plain(each.reason)}")
        yield _indent(f"evidence, paragraph {number} (article.md:{line}): {visible(each.evidence.text)}", "dim")
        yield from (_indent(f"false: {plain(version)}", "dim") for version in each.contradictions)


def render_false_versions(fact: Fact, edits: Sequence[Edit]) -> Iterator[RenderableType]:
    """Yield the statement, then each false version with its kind of error."""
    yield Text(plain(fact.statement), style="bold")
    if not edits:
        yield _indent("Nothing to suggest: no part can be replaced, or the fact already lists these versions.")
    for edit in edits:
        yield _indent(f"{plain(edit.text)} ({edit.kind})")


def _indent(text: str, style: str = "") -> Padding:
    return Padding(Text(text, style=style), (0, 0, 0, 2))


def _find_paragraph(folder: Folder, passage: Span) -> tuple[int, int]:
    """Return the 1-based number of the paragraph in which a passage starts, and its line in ``article.md``."""
    text = folder.article.text if folder.article else ""
    number = sum(1 for paragraph in paragraphs(text) if paragraph.start <= passage.start)
    return number, folder.first_line + text.count("\n", 0, passage.start)


def _mark(text: str, language: str, passage: Span, coloured: bool) -> Text:
    """Return the sentences around a passage, with the passage in reverse video or, without colours, between **."""
    around = [span for span in sentences(text, language) if span.overlaps(passage)]
    start = min([passage.start, *(span.start for span in around)])
    end = max([passage.end, *(span.end for span in around)])
    before, inside, after = (
        re.sub(r"\s+", " ", visible(part))
        for part in (text[start : passage.start], passage.text, text[passage.end : end])
    )
    left, right = ("", "") if coloured else ("**", "**")
    return Text.assemble(before, (left + inside + right, "reverse"), after)
