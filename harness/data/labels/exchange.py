"""Pairs exported to be labelled elsewhere, and the labels that come back: JSONL, a pair per line.

export  {"id", "article", "use", "premise", "hypothesis", "label": null, "note": ""}
import  {"id", "label", "note"?}; other keys are ignored, and a null label means that there is none yet
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from harness.data.lines import as_object, json_lines, merge_repeats
from harness.data.validation import collect_problems, key_error, validate
from harness.errors import DataError, Problem
from harness.files import lines, show
from harness.records import Label


class ReturnedLabel(BaseModel):
    """A line of an imported file."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: str
    label: Label | None = None
    """uncertain: the annotator could not tell."""
    note: str = ""


def export_pairs(pairs: Collection[Mapping[str, str]]) -> str:
    """The lines of pairs with id, article, use, premise and hypothesis."""
    return "".join(json.dumps({**pair, "label": None, "note": ""}, ensure_ascii=False) + "\n" for pair in pairs)


def read_returned(path: Path, ids: Collection[str]) -> list[ReturnedLabel]:
    """The labelled lines of a file; DataError with every line that is bad, repeated, or not of the pairs ``ids``."""
    problems: list[Problem] = []
    by_id: dict[str, ReturnedLabel] = {}
    for row, decode in json_lines(lines(path), path):
        with collect_problems(problems):
            line = validate(ReturnedLabel, as_object(decode(), row), (), row)
            if line.id not in ids:
                message = (
                    f"{line.id!r} is no pair of this run, or not one that --use selects; "
                    "export the pairs of the run that you import into, and import them without --use"
                )
                raise key_error(row, ("id",), message)
            if line.id in by_id:
                raise key_error(row, ("id",), f"{line.id!r} is on a line before; keep one of the two")
            by_id[line.id] = line
    if not by_id and not problems:
        problems.append(Problem(show(path), None, "", "holds no line; write one JSON object per line"))
    if problems:
        raise DataError.of(merge_repeats(problems))
    return [line for line in by_id.values() if line.label is not None]
