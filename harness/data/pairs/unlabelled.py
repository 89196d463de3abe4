"""Premises and hypotheses in a JSONL file, as ``harness verify`` reads them.

A line is ``{"id", "premise", "hypothesis", "accepted": [], "contrasts": [], "date", "language"}``, or has
``"hypotheses": [...]`` instead of ``"hypothesis"``. ``id`` defaults to the line's number, ``language`` to en; ``date``
is the article's. Other keys are ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, field_validator

from harness.data.articles.texts import Date
from harness.data.lines import RowPlace, as_object, json_lines, merge_repeats
from harness.data.validation import collect_problems, key_error, validate
from harness.errors import DataError, Problem
from harness.files import lines_of
from harness.records import Pair


class Line(BaseModel):
    """One line of the file."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: str | int | None = None
    premise: str
    hypothesis: str | None = None
    hypotheses: list[str] | None = None
    accepted: list[str] = []
    contrasts: list[str] = []
    date: Date | None = None
    language: str = "en"

    @field_validator("id", mode="before")
    @classmethod
    def _text_or_number(cls, value: object) -> object:
        if value is not None and (isinstance(value, bool) or not isinstance(value, str | int)):
            raise ValueError("write text or a whole number")
        return value


@dataclass(frozen=True, slots=True)
class UnlabelledPair:
    """One hypothesis of a line with its premise."""

    id: str | int
    pair: Pair


def read(text: str, path: Path) -> list[UnlabelledPair]:
    """The hypotheses of a JSONL text, in order; DataError with every bad line. ``path`` is for the messages."""
    hypotheses: list[UnlabelledPair] = []
    problems: list[Problem] = []
    for row, decode in json_lines(lines_of(text), path):
        with collect_problems(problems):
            hypotheses += _build_pairs(decode(), row)
    if problems:
        raise DataError.of(merge_repeats(problems))
    return hypotheses


def _build_pairs(data: object, row: RowPlace) -> list[UnlabelledPair]:
    line = validate(Line, as_object(data, row), (), row)
    if (line.hypothesis is None) == (line.hypotheses is None):
        raise key_error(row, (), "needs either a hypothesis or a list of hypotheses")
    if line.hypotheses is not None and (line.accepted or line.contrasts):
        message = "accepted and contrasts belong to one hypothesis; give each hypothesis its own line"
        raise key_error(row, ("hypotheses",), message)
    accepted, contrasts = tuple(line.accepted), tuple(line.contrasts)
    return [
        UnlabelledPair(
            row.line if line.id is None else line.id,
            Pair(line.premise, hypothesis, accepted, contrasts, line.date, line.language),
        )
        for hypothesis in ([line.hypothesis] if line.hypothesis is not None else line.hypotheses or [])
    ]
