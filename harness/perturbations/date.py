"""Another date: weekday, month, day, year, decade, or period."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from harness.checker_en.analysis import analysed
from harness.checker_en.dates import MONTHS, WEEKDAYS, Date
from harness.checker_en.sentence import Word
from harness.checker_en.syntax import beside, end
from harness.perturbations.edit import Change
from harness.perturbations.passage import Passage, shuffled, written

if TYPE_CHECKING:
    import numpy as np

_LONG = ("january", "march", "may", "july", "august", "october", "december")
_PERIODS = ("week", "month", "year")
_DAYTIMES = ("morning", "afternoon", "evening")
_NAMES = ("ORG", "WORK_OF_ART", "EVENT", "PERSON", "GPE", "FAC", "PRODUCT")
_DECADE = re.compile(r"\b(1[1-9]\d0|20\d0)s\b")


def changes(passage: Passage, rng: np.random.Generator) -> Iterator[list[Change]]:
    """Each part of a date with up to two other values, those that the article has elsewhere first."""
    here, elsewhere = written(passage.text), written(passage.context)
    for start, stop, others in sorted([*_fields(passage), *_decades(passage), *_daytimes(passage)]):
        values = shuffled(rng, others)
        values.sort(key=lambda value: value not in elsewhere)  # stable: chance decides among equals
        for value in [value for value in values if value not in here][:2]:
            yield [Change(start, stop, value)]


def _fields(passage: Passage) -> Iterator[tuple[int, int, list[str]]]:
    """Where a field of a date stands, and the values that could stand there."""
    analysis = analysed(passage.text)
    for field in analysis.dates:
        start, stop = analysis.sentence.plain.source(field.start, field.end)
        word = analysis.sentence.words[field.slot.start]
        if word.entity not in _NAMES:
            yield start, stop, _others(field, passage.text[start:stop], word, analysis.dates)


def _others(field: Date, text: str, word: Word, all_fields: tuple[Date, ...]) -> list[str]:
    if field.field == "weekday" and text[:1].isupper():
        ending = text[len(field.value) :]  # Mondays, Monday's
        return [f"{day.title()}{ending}" for day in WEEKDAYS if day != field.value]
    if field.field == "month" and text.istitle():
        long = any(each.field == "day" and int(each.value) > 28 and each.whole == field.whole for each in all_fields)
        months = [month.title() for month in MONTHS if month != field.value and (not long or month in _LONG)]
        return months if text.lower() == field.value else [month[:3] for month in months if month != "May"]
    counts = word.dep == "nummod" and word.head >= field.slot.stop  # 1,500 men, but June 2011
    if field.field == "year" and text.isdigit() and not counts:
        return [f"{int(text) + step}" for step in (-10, -5, -4, -3, -2, 2, 3, 4)]
    if field.field == "day" and text.isdigit():
        return [str(day) for day in range(1, 29) if abs(day - int(text)) > 1]
    direction, _, period = text.partition(" ")
    if period in _PERIODS and direction.lower() in ("last", "next"):
        return [f"{direction} {other}" for other in _PERIODS if other != period]
    return []


def _decades(passage: Passage) -> Iterator[tuple[int, int, list[str]]]:
    """``the 1990s`` → ``the 1970s``."""
    for match in _DECADE.finditer(passage.text):
        yield *match.span(), [f"{int(match[1]) + step}s" for step in (-30, -20, -10, 10, 20)]


def _daytimes(passage: Passage) -> Iterator[tuple[int, int, list[str]]]:
    """``Monday morning`` → ``Monday evening``."""
    for token in passage.doc:
        if token.text in _DAYTIMES and beside(token, -1) in ("this", "yesterday", "the", *WEEKDAYS):
            yield token.idx, end(token), [time for time in _DAYTIMES if time != token.text]
