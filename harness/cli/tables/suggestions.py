"""Suggested facts and false versions, in the terminal and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from harness.cli.tables.facts import paragraph_of
from harness.data.articles import Folder
from harness.document.plain import plain, visible
from harness.perturbations import Edit
from harness.records import Fact
from harness.suggestions import Suggestion


def facts(folder: Folder, suggestions: Sequence[Suggestion]) -> Iterator[RenderableType]:
    """Of each the statement, why it is suggested, and where the article says it."""
    if not suggestions:
        yield "Nothing to suggest: what the article and its references tell is in the facts already."
    for each in suggestions:
        number, line = paragraph_of(folder, each.evidence)
        yield Text(plain(each.statement), style="bold")
        yield _below(f"{each.importance} · {each.kind} · {plain(each.reason)}")
        yield _below(f"evidence, paragraph {number} (article.md:{line}): {visible(each.evidence.text)}", "dim")


def versions(fact: Fact, edits: Sequence[Edit]) -> Iterator[RenderableType]:
    """The statement, and below it each false version with what is wrong in it."""
    yield Text(plain(fact.statement), style="bold")
    if not edits:
        yield _below("Nothing to suggest: it has no part that can be exchanged, or has those versions already.")
    for edit in edits:
        yield _below(f"{plain(edit.text)} ({edit.kind})")


def as_json(suggestions: Sequence[Suggestion | Edit]) -> str:
    """A JSON list with all that is known of each."""
    return json.dumps([asdict(each) for each in suggestions], ensure_ascii=False, indent=2)


def _below(text: str, style: str = "") -> Padding:
    return Padding(Text(text, style=style), (0, 0, 0, 2))
