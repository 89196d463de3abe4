"""Whoever wants to change a sentence of a report finds it: three of its words stand together on a line of the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import harness
from harness import pipeline
from harness.document.blocks import Block, Document, Figure, Folded, Heading, Paragraph, Table
from harness.records import Annotation, Results, Shown
from harness.report.document import appendix, on_page
from harness.report.links import Links
from harness.report.report import report
from harness.trust.queue import list_tasks

PACKAGE = Path(harness.__file__).parent
BASELINE = Path(__file__).parents[2] / "results" / "baseline"


@pytest.fixture(scope="module")
def code() -> str:
    return "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*") if path.suffix in (".py", ".j2"))


@pytest.fixture(scope="module")
def baseline() -> Results:
    return pipeline.read(BASELINE)


def labelled(results: Results) -> Results:
    """Every third verdict judged by a person, as supported."""
    labels = [
        Annotation(str(number), "ann", "2026-01-01T00:00:00Z", task.item.article.id, *task.question[:1],
                   task.checks[0].target, *task.question[1:], "supported", Shown(True))
        for number, task in enumerate(list_tasks([results])) if number % 3 == 0
    ]  # fmt: skip  # one record
    return replace(results, labels=tuple(labels))


def sentences(document: Document, *more: Block) -> Iterator[str]:
    texts = [
        *document.answer,
        *document.cautions,
        *(text for block in (*document.blocks, *more) for text in told(block)),
    ]
    for text in texts:
        yield from re.split(r"(?<=\.) ", text)


def told(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        yield block.caption
    elif isinstance(block, Heading | Paragraph):
        yield block.text if isinstance(block.text, str) else "".join(piece.text for piece in block.text)
    elif isinstance(block, Figure):
        yield block.picture.caption
    elif isinstance(block, Folded):
        yield from (text for inner in block.blocks for text in told(inner))


@pytest.mark.parametrize("people", [False, True])
def test_a_search_for_a_sentence_of_the_report_finds_where_it_stands(
    people: bool, code: str, baseline: Results
) -> None:
    results = labelled(baseline) if people else baseline
    facts = {fact.statement for item in results.items for fact in item.facts}
    run_report = report(results)
    missed = []
    for sentence in sentences(on_page(run_report, Links()), *appendix(run_report)):
        words = sentence.split()
        windows = [" ".join(words[at : at + 3]) for at in range(len(words) - 2)]
        if windows and sentence not in facts and not any(window in code for window in windows):
            missed.append(sentence)
    assert missed == []
