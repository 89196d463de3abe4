"""Facts, suggested facts and false versions, in the terminal and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from harness.data.articles import Folder
from harness.document.labels import kind
from harness.document.plain import plain, visible
from harness.files import show as shown
from harness.records import Fact, Span
from harness.suggest import Suggestion
from harness.suggest.edits import Edit
from harness.text import paragraphs, sentences

_WHITE = re.compile(r"\s+")


def show_list(facts: Sequence[Fact], console: Console) -> None:
    """A row a fact; its id, which is long, stands whole below its statement."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("importance", "kind"):
        table.add_column(heading, no_wrap=True)
    table.add_column("fact", overflow="fold")
    for fact in facts:
        statement = Text.assemble(plain(fact.statement), "\n", (plain(fact.id), "dim"))
        table.add_row(fact.importance, kind(fact), statement)
    console.print(table)


def show_fact(folder: Folder, fact: Fact, console: Console) -> None:
    """All that is known of a fact, its evidence marked in the sentences that it stands in."""
    console.print(Text(plain(fact.statement), style="bold"))
    place = f"{plain(folder.facts.file)}:{folder.facts.lines[fact.id]}"
    console.print(Text(f"{plain(fact.id)} · {fact.importance} · {kind(fact)} · {place}", style="dim"), soft_wrap=True)
    if fact.evidence and folder.article:
        number, line = paragraph_of(folder, fact.evidence)
        file = plain(shown(folder.path / "article.md"))
        console.print(Text(f"\nevidence, paragraph {number} ({file}:{line})"), soft_wrap=True)
        text = _marked(folder.article.text, folder.article.language, fact.evidence, console.is_terminal)
        console.print(Padding(text, (0, 0, 0, 2)))
    for heading, wordings in (("accepted", fact.accepted), ("contradictions", fact.contradictions)):
        if wordings:
            console.print(Text(f"\n{heading}"))
        for wording in wordings:
            console.print(Padding(Text(plain(wording)), (0, 0, 0, 2)))


def as_json(folder: Folder, facts: Sequence[Fact]) -> str:
    """The facts as a JSON list, each with the line of its entry."""
    return json.dumps(
        [{**asdict(fact), "line": folder.facts.lines[fact.id]} for fact in facts], ensure_ascii=False, indent=2
    )


def suggested_facts(folder: Folder, suggestions: Sequence[Suggestion]) -> Iterator[RenderableType]:
    """Three lines a suggestion: the statement, why it is suggested, and where the article says it."""
    if not suggestions:
        yield "Nothing to suggest: what the article and its references tell is in the facts already."
    for each in suggestions:
        number, line = paragraph_of(folder, each.evidence)
        yield Text(plain(each.statement), style="bold")
        yield _below(f"{each.importance} · {each.kind} · {plain(each.reason)}")
        yield _below(f"evidence, paragraph {number} (article.md:{line}): {visible(each.evidence.text)}", "dim")


def suggested_versions(fact: Fact, edits: Sequence[Edit]) -> Iterator[RenderableType]:
    """The statement, and below it each false version with what is wrong in it."""
    yield Text(plain(fact.statement), style="bold")
    if not edits:
        yield _below("Nothing to suggest: it has no part that can be exchanged, or has those versions already.")
    for edit in edits:
        yield _below(f"{plain(edit.text)} ({edit.kind})")


def _below(text: str, style: str = "") -> Padding:
    return Padding(Text(text, style=style), (0, 0, 0, 2))


def paragraph_of(folder: Folder, passage: Span) -> tuple[int, int]:
    """The number of the paragraph that a passage starts in, counted from 1, and its line in ``article.md``."""
    text = folder.article.text if folder.article else ""
    number = sum(1 for paragraph in paragraphs(text) if paragraph.start <= passage.start)
    return number, folder.first_line + text.count("\n", 0, passage.start)


def _marked(text: str, language: str, passage: Span, coloured: bool) -> Text:
    """The sentences that hold a passage, with the passage marked: by colour, or »so« where there is none."""
    around = [span for span in sentences(text, language) if span.overlaps(passage)]
    start = min([passage.start, *(span.start for span in around)])
    end = max([passage.end, *(span.end for span in around)])
    left, right = ("", "") if coloured else ("»", "«")
    return Text.assemble(
        _flat(text[start : passage.start]),
        (left + _flat(passage.text) + right, "reverse"),
        _flat(text[passage.end : end]),
    )


def _flat(text: str) -> str:
    return _WHITE.sub(" ", visible(text))
