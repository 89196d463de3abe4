"""lm-evaluation-harness: ``samples_TASK_DATE.jsonl``, as ``lm-eval run --log_samples`` writes it (0.4 up to 0.4.13).

A line is a document under one filter. ``resps`` has what the model wrote, a list for each request and in it a text for
each repeat; ``filtered_resps`` what the filter left of it. Multiple-choice tasks have log-likelihoods there, no texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from harness.models._imported.reader import Columns, Reader, Row, first_object, json_rows, value_at

_KNOWN = {"doc_id", "doc", "resps", "filtered_resps"}
"""Keys by which its lines are recognised."""
_REMEDY = (
    "name the keys in article_column and summary_column or, where a newer lm-evaluation-harness than 0.4 wrote it, "
    "write its outputs as rows with article_id, system and summary"
)


def wrote(path: Path) -> bool:
    """Whether a file begins as this tool's do: with most of the keys."""
    return len(first_object(path).keys() & _KNOWN) >= 3


def _rows(path: Path, columns: Columns) -> Iterator[Row]:
    used: object = None
    for number, sample, fault in json_rows(path):
        if fault:
            yield Row(number, fault=fault)
            continue
        # A document stands once for each filter: what the model wrote is the same in all of them.
        name = sample.get("filter") if isinstance(sample, dict) else None
        used = used if used is not None else name
        if name == used:
            yield from _samples(number, sample, columns)


def _samples(number: int, sample: object, columns: Columns) -> Iterator[Row]:
    try:
        article = value_at(sample, columns.article)
        texts = _texts(value_at(sample, columns.summary), columns.summary)
        system = {} if columns.system is None else {columns.system: value_at(sample, columns.system)}
    except ValueError as error:
        yield Row(number, fault=f"{error}; {_REMEDY}")
        return
    for text in texts:
        yield Row(number, {columns.article: article, columns.summary: text, **system})


def _texts(resps: object, column: str) -> list[str]:
    """The texts of the document's one request; ValueError where they are none."""
    if not isinstance(resps, list) or len(resps) != 1:
        many = f"{len(resps)} requests" if isinstance(resps, list) else type(resps).__name__
        raise ValueError(f"{column!r} has {many} where one is known, of a task that generates text")
    repeats = resps[0] if isinstance(resps[0], list) else [resps[0]]
    if not repeats or not all(isinstance(text, str) for text in repeats):
        what = json.dumps(repeats)[:40]
        raise ValueError(f"{column!r} holds {what}, which is no text of a task that generates text")
    return repeats


READER = Reader(Columns("doc_id", None, "resps"), _rows)
