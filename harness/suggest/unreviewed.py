"""Write suggested facts for articles that have none, marked as unreviewed, so that a run can start.

A person accepts, edits or drops each of them later, in ``harness view``.
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
from harness.suggest.facts import suggest_facts

_SHOWN = 3
"""Files that an error names."""


def write_facts(items: Iterable[Item], verify: AskVerifier, limit: int) -> dict[str, int]:
    """Write at most ``limit`` facts for each article without any; returns how many each of these got.

    Raises DataError, before anything is written, if such an article has no folder of its own.
    """
    without_facts = [item for item in items if not item.facts]
    paths = dict.fromkeys(item.article.path for item in without_facts if Path(item.article.path).name != "article.md")
    if paths:
        message = "has articles without facts, and facts need a folder per article; to make them: harness articles"
        raise DataError.of([Problem(path, None, "", f"{message} import {path} -o FOLDER") for path in paths][:_SHOWN])
    written = {}
    for [item] in progress.batches("suggesting facts", without_facts, 1):
        entries: dict[str, FactEntry] = {}
        for each in suggest_facts(item, verify, limit):
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
        written[item.article.id] = len(entries)
    return written
