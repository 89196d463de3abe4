"""Suggested facts for articles that have none, written beside them and marked as unreviewed, so that a run can start.

A person accepts, mends or drops each of them later, in ``harness view``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from harness import progress
from harness.data.facts import FactEntry
from harness.data.facts import edit as facts_edit
from harness.data.facts.wording import fact_id
from harness.errors import DataError, Problem
from harness.records import Item
from harness.seams import AskVerifier
from harness.suggest.facts import Suggestion, suggested_facts

_SHOWN = 3
"""Files that an error names."""


def write(items: Iterable[Item], verify: AskVerifier, limit: int) -> dict[str, int]:
    """Write at most ``limit`` facts for each article without any; gives how many each of these got.

    DataError, before anything is written, where such an article lies in no folder of its own.
    """
    without_facts = [item for item in items if not item.facts]
    _require_folders(without_facts)
    written = {}
    with progress.bar("suggesting facts", len(without_facts)) as advance:
        for item in without_facts:
            written[item.article.id] = _write(item, suggested_facts(item, verify, limit))
            advance(1)
    return written


def _require_folders(items: Iterable[Item]) -> None:
    paths = dict.fromkeys(item.article.path for item in items if not _in_folder(item.article.path))
    if paths:
        message = "holds articles without facts, and none can be written there; make a folder of each: harness articles"
        raise DataError.of([Problem(path, None, "", f"{message} import {path} -o FOLDER") for path in paths][:_SHOWN])


def _in_folder(path: str) -> bool:
    return Path(path).name == "article.md"


def _write(item: Item, suggestions: Iterable[Suggestion]) -> int:
    entries: dict[str, FactEntry] = {}
    for each in suggestions:
        name = fact_id(each.statement, entries)
        entries[name] = FactEntry(
            id=name,
            statement=" ".join(each.statement.split()),
            importance=each.importance,
            kind=each.kind,
            evidence=each.evidence.text,
            unreviewed=True,
        )
    if entries:
        facts_edit.add(Path(item.article.path).with_name("facts.yaml"), entries.values(), item.article)
    return len(entries)
