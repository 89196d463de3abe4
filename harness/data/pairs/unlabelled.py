"""Premises and hypotheses in a JSONL file, as ``harness verify`` reads them.

A line is ``{"id", "premise", "hypothesis", "accepted": [], "contrasts": [], "date", "language"}``, or one with
``"hypotheses": [...]`` in place of ``"hypothesis"``. ``id`` may be missing (the line's number stands for it), ``date``
is that of the article, where it is known, and ``language`` its ISO 639 code (en where it is missing); other keys are
left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from harness.data.articles.texts import Date
from harness.data.lines import RowPlace, as_object, json_lines, without_repeats
from harness.data.validation import collect_problems, key_error, validate
from harness.errors import DataError, Problem
from harness.files import lines_of
from harness.records import Pair


def _text_or_number(value: object) -> object:
    if value is not None and (isinstance(value, bool) or not isinstance(value, str | int)):
        raise ValueError("write text or a whole number")
    return value


class Line(BaseModel):
    """One line of the file."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: Annotated[str | int | None, BeforeValidator(_text_or_number)] = None
    premise: str
    hypothesis: str | None = None
    hypotheses: list[str] | None = None
    accepted: list[str] = []
    contrasts: list[str] = []
    date: Date | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class UnlabelledPair:
    """One hypothesis of a line with its premise. The id is the line's own, number or text, or the line's number."""

    id: str | int
    pair: Pair


def read(text: str, path: Path) -> list[UnlabelledPair]:
    """The hypotheses of a JSONL text, in order; DataError with every line that is not as described above.

    ``path`` is where the text came from, for the messages.
    """
    hypotheses: list[UnlabelledPair] = []
    problems: list[Problem] = []
    for row, decode in json_lines(lines_of(text), path):
        with collect_problems(problems):
            hypotheses += _pairs(decode(), row)
    if problems:
        raise DataError.of(without_repeats(problems))
    return hypotheses


def _pairs(data: object, row: RowPlace) -> list[UnlabelledPair]:
    line = validate(Line, as_object(data, row), (), row)
    if (line.hypothesis is None) == (line.hypotheses is None):
        raise key_error(row, (), "needs either a hypothesis or a list of hypotheses")
    if line.hypotheses is not None and (line.accepted or line.contrasts):
        message = "accepted and contrasts belong to one hypothesis; give each hypothesis its own line"
        raise key_error(row, ("hypotheses",), message)
    hypotheses = [line.hypothesis] if line.hypothesis is not None else line.hypotheses or []
    identity = row.line if line.id is None else line.id
    accepted, contrasts = tuple(line.accepted), tuple(line.contrasts)
    pairs = [Pair(line.premise, hypothesis, accepted, contrasts, line.date, line.language) for hypothesis in hypotheses]
    return [UnlabelledPair(identity, pair) for pair in pairs]
