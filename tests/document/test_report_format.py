"""Formatting numbers, dates and lists."""

from __future__ import annotations

import pytest

from harness.document import format as fmt


@pytest.mark.parametrize(
    ("number", "form", "expected"),
    [
        (0.424, "share", "0.42"),
        (-0.001, "share", "0.00"),
        (1234.5, "number", "1,234.50"),
        (9.0, "count", "9"),
        (9.333, "count", "9.3"),
        (9.96, "count", "10"),
        (1250.0, "count", "1,250"),
        (1.249, "seconds", "1.2 s"),
        (0.0, "seconds", "0.0 s"),
        (0.0004, "seconds", "< 0.1 s"),
        (None, "count", "–"),
    ],
)
def test_value_by_format(number: float | None, form: str, expected: str) -> None:
    assert fmt.value(number, form) == expected  # type: ignore[arg-type]  # parametrize holds plain strings


@pytest.mark.parametrize(
    ("number", "noun", "expected"),
    [
        (1, "article", "1 article"),
        (2, "article", "2 articles"),
        (0, "summary", "0 summaries"),
        (1.02, "fact", "1 fact"),
    ],
)
def test_plural_follows_the_rounded_number(number: float, noun: str, expected: str) -> None:
    assert fmt.plural(number, noun) == expected


def test_list_in_words() -> None:
    assert [fmt.join_words(words) for words in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("iso", "expected"),
    [
        ("2025-11-05T10:38:02+00:00", "5 November 2025, 10:38 UTC"),
        ("2025-11-05T10:38:02+01:00", "5 November 2025, 10:38 UTC+01:00"),
        ("2025-11-05T10:38:02", "5 November 2025, 10:38"),
        ("yesterday", "yesterday"),
    ],
)
def test_moment_in_words(iso: str, expected: str) -> None:
    assert fmt.moment(iso) == expected


def test_superscript() -> None:
    assert fmt.superscript(12) == "¹²"
