"""Read people's ratings of summaries from a JSONL or CSV file.

Each row rates one summary:

    {"article_id", "system", "sample"?, "summary"?, "coherence": 4, "fluency": [5, 4, 5]}

A rating is a number, also as text ("4"), or a list with a number or null from each annotator. Several rows about one
summary count as several annotators. A column is a rating if it holds only numbers; other columns are ignored.

A JSONL file can also have the layout of SummEval (Fabbri et al. 2021, github.com/Yale-LILY/SummEval), with a mapping
for each annotator; other keys are ignored:

    {"id", "model_id", "decoded", "expert_annotations": [{"coherence": 4}, ...]}
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from harness.data.lines import RowPlace, json_lines, parse_rows, read_csv
from harness.data.validation import data_error, key_error, suggest_name
from harness.data.yaml import describe

_KEYS = {"article_id": "id", "system": "model_id", "summary": "decoded"}
"""Our key → the key in SummEval's layout."""
_EXPERTS = "expert_annotations"


@dataclass(slots=True)
class RatedSummary:
    """A summary with its ratings; ``sample`` and ``text`` are None if the file does not have them."""

    system: str
    article_id: str
    sample: int | None = None
    text: str | None = None
    ratings: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Column → one rating per annotator."""


@dataclass(frozen=True, slots=True)
class Ratings:
    columns: tuple[str, ...]
    summaries: tuple[RatedSummary, ...]
    ignored: Mapping[str, str]
    """Column that is ignored because it mixes numbers and other cells → its first non-number, with the line."""


def read_ratings(path: Path, columns: Collection[str] = ()) -> Ratings:
    """Read a file's ratings, or only these columns; a DataError lists every row that cannot be used.

    In SummEval's layout, the columns are the criteria.
    """
    form = path.suffix.lower()
    if form not in (".jsonl", ".csv"):
        raise data_error(path, "is neither .jsonl nor .csv; export the ratings as one of these")
    rated: dict[tuple[object, ...], RatedSummary] = {}  # a summary may have been rated before its text changed
    others: dict[str, str] = {}  # column → its first cell that is not a number, with the line

    def parse(record: dict[str, Any], row: RowPlace) -> None:
        if _EXPERTS in record:
            record = _flatten(record, row)
            row = replace(row, columns={ours: [theirs] for ours, theirs in _KEYS.items()})
        record = {name: _parse_cell(name, cell) for name, cell in record.items()}
        place, given = _parse_place(record, row), record.get("summary")
        text = given if isinstance(given, str) and given else None
        summary = rated.setdefault((*place, text), RatedSummary(*place, text))
        for name, value in record.items():
            if name in ("", *_KEYS, "sample") or value in (None, "", []):  # pandas writes an index without a name
                continue
            if (numbers := _read_numbers(value)) is not None:
                summary.ratings[name] += numbers
            elif name in columns:
                raise key_error(row, (name,), f"must be a number or a list of numbers, not {describe(value)}")
            else:
                others.setdefault(name, f"{describe(value)} on line {row.line}")

    if not parse_rows(json_lines(path) if form == ".jsonl" else read_csv(path)[2], parse):
        raise data_error(path, "has no rows; write one for each rated summary")
    return _choose_columns(path, rated.values(), others, columns)


def _parse_cell(name: str, cell: object) -> object:
    """Parse text, also in a list, as JSON (a number or a list) if possible; ids and summaries stay text."""
    if isinstance(cell, list):
        return [_parse_cell(name, each) for each in cell]
    if not isinstance(cell, str):
        return cell
    if name not in _KEYS:
        with suppress(ValueError, RecursionError):
            return _parse_cell(name, json.loads(cell))
    return cell.strip()


def _flatten(record: Mapping[str, Any], row: RowPlace) -> dict[str, Any]:
    """Turn a line of SummEval into a row with a list of ratings for each criterion."""
    annotations = record[_EXPERTS]
    if not isinstance(annotations, list) or not all(isinstance(each, dict) for each in annotations):
        raise key_error(row, (_EXPERTS,), 'must be a list of mappings, such as [{"coherence": 4}]')
    criteria = dict.fromkeys(criterion for annotation in annotations for criterion in annotation)
    flat = {criterion: [annotation.get(criterion) for annotation in annotations] for criterion in criteria}
    return flat | {ours: record[theirs] for ours, theirs in _KEYS.items() if theirs in record}


def _parse_place(record: Mapping[str, Any], row: RowPlace) -> tuple[str, str, int | None]:
    """Return system, article and, if given, sample of the rated summary; raise DataError if a key is invalid."""
    for key, what in (("article_id", "the article's id"), ("system", "the system's name")):
        value = record.get(key)
        if not isinstance(value, str | int) or isinstance(value, bool) or not str(value).strip():
            found = f"is {describe(value)}" if key in record else f"is missing; keys found: {', '.join(record)}"
            raise key_error(row, (key,), f"{found}; it must be {what}, as in the run")
    sample = record.get("sample")
    try:
        number = None if sample in (None, "") else int(str(sample).removesuffix(".0"))
        return str(record["system"]), str(record["article_id"]), number
    except ValueError:
        raise key_error(row, ("sample",), f"must be the sample's number, from 0, not {describe(sample)}") from None


def _choose_columns(
    path: Path, rated: Collection[RatedSummary], others: Mapping[str, str], wanted: Collection[str]
) -> Ratings:
    """Choose the wanted columns or, by default, all columns that hold only numbers."""
    found = dict.fromkeys(name for summary in rated for name in summary.ratings)
    usable = [name for name in found if name not in others]
    if not usable:
        names = ", ".join(f"{name} has {others[name]}" if name in found else name for name in others)
        fault = "has no column of numbers" + (f" ({names})" if names else "")
        raise data_error(path, f"{fault}; write each rating as a number, or leave it empty")
    if unknown := next((name for name in wanted if name not in usable), None):
        raise data_error(path, f"has no ratings in a column {unknown!r}; {suggest_name(unknown, usable)}")
    ignored = {} if wanted else {name: others[name] for name in found if name in others}
    return Ratings(tuple(wanted or usable), tuple(rated), ignored)


def _read_numbers(value: object) -> list[float] | None:
    """Read the numbers of a cell or list (null or '': no rating), or return None if it holds anything else."""
    cells: list[Any] = [each for each in value if each not in (None, "")] if isinstance(value, list) else [value]
    return list(map(float, cells)) if all(type(each) in (int, float) and abs(each) < 1e300 for each in cells) else None
