"""The same value in another format: number words and digits, the parts of a date, short and long names."""

from __future__ import annotations

import re
from calendar import month_abbr, month_name
from collections.abc import Iterator

from harness.english.number_words import spelled
from harness.english.syntax import end, neighbour
from harness.english.written_numbers import written_numbers
from harness.perturbations.edit import Change
from harness.perturbations.source import Source

_MONTH = "|".join((*tuple(month_name)[1:], *(rf"{short}\.?" for short in (*tuple(month_abbr)[1:], "Sept"))))
_AMERICAN = re.compile(rf"\b({_MONTH}) (\d{{1,2}})(?:, (\d{{4}}))?\b(?![:.]\d)")
_BRITISH = re.compile(rf"\b(\d{{1,2}}) ({_MONTH})(?: (\d{{4}}))?(?!\w)")
_PERCENT = re.compile(r"(?<=\d)(?:%| percent\b| per cent\b)")
_LONG_NAMES = {"US": "United States", "UK": "United Kingdom", "EU": "European Union", "UN": "United Nations"}


def changes(source: Source) -> Iterator[list[Change]]:
    """Each value that has another common format."""
    text = source.text
    yield from _numbers(source)
    for match in _AMERICAN.finditer(text):
        year = f" {match[3]}" if match[3] else ""
        yield [Change(match.start(), match.end(), f"{match[2]} {match[1]}{year}")]
    for match in _BRITISH.finditer(text):
        year = f", {match[3]}" if match[3] else ""
        yield [Change(match.start(), match.end(), f"{match[2]} {match[1]}{year}")]
    for match in _PERCENT.finditer(text):
        yield [Change(match.start(), match.end(), " percent" if match.group() == "%" else "%")]
    for token in source.doc:
        beside = (neighbour(token, -1), neighbour(token, 1))
        if token.text in _LONG_NAMES and not any(near is not None and near.tag_ in ("NNP", "$") for near in beside):
            yield [Change(token.idx, end(token), _LONG_NAMES[token.text])]


def _numbers(source: Source) -> Iterator[list[Change]]:
    """Small whole numbers: ``five`` and ``5``."""
    for number in written_numbers(source.text):
        if number.style == "words" and 2 <= number.value < 1000:
            yield [Change(number.start, number.end, str(int(number.value)))]
        elif (
            number.style == "digits"
            and number.unit == "plain"
            and number.value.is_integer()
            and 2 <= number.value <= 20
        ):
            joined = source.text[number.end : number.end + 1] in ("-", "–")
            if "." not in number.text and not joined:
                yield [Change(number.start, number.end, spelled(int(number.value)))]
