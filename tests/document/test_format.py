"""Formatting numbers, dates and lists, and making text from outside safe to display."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.document import format as fmt

anything = st.text(st.characters(), max_size=40) | st.text(
    "\x1b\r\n\t\u202e\u2066\u2028\x9b\ud800a\u05d0 ", max_size=20
)


@pytest.mark.parametrize(
    ("number", "form", "expected"),
    [
        (0.424, "share", "0.42"), (-0.001, "share", "0.00"), (1234.5, "number", "1,234.50"), (9.0, "count", "9"),
        (9.333, "count", "9.3"), (9.96, "count", "10"), (1250.0, "count", "1,250"), (1.249, "seconds", "1.2 s"),
        (0.0, "seconds", "0.0 s"), (-0.07, "share", "−0.07"), (0.0004, "seconds", "< 0.1 s"), (None, "count", "–"),
    ],
)  # fmt: skip  # a table
def test_value_and_interval_by_format(number: float | None, form: str, expected: str) -> None:
    both = (expected, "" if expected in ("–", "< 0.1 s") else f"[{expected}, {expected}]")
    assert (fmt.value(number, form), fmt.interval(number, number, form)) == both  # type: ignore[arg-type]  # plain str


def test_plural_follows_the_rounded_number() -> None:
    given = ((1, "article"), (2, "article"), (0, "summary"), (1.02, "fact"))
    assert [fmt.plural(*each) for each in given] == ["1 article", "2 articles", "0 summaries", "1 fact"]


def test_lists_are_joined_and_long_texts_cut_after_a_word_unless_the_script_has_no_spaces() -> None:
    assert [fmt.join_words(words) for words in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
    assert [fmt.cut_end(text, 6) for text in ("one two three", "a 中文中文中文")] == ["one …", "a 中文中文 …"]


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


def test_unsafe_characters_are_escaped_and_joiners_kept() -> None:
    assert fmt.visible("\x1b[31mred \u202egnp.exe \ud800\r\nb\rc") == "\\x1b[31mred \\u202egnp.exe \\ud800\nb\nc"
    family = "👩\u200d👧 می\u200cخواهم \u200f"
    assert fmt.visible(family) == family


def test_visible_json_keeps_its_data() -> None:
    text = json.dumps({"a": "The mayor\x92s \\\x7f\u202e\x1b"}, ensure_ascii=False)
    assert fmt.visible_json(text) == '{"a": "The mayor\\u0092s \\\\\\u007f\\u202e\\u001b"}'
    assert json.loads(fmt.visible_json(text)) == json.loads(text)


@given(anything)
def test_shown_text_has_no_control_characters(text: str) -> None:
    found, line = fmt.visible(text), fmt.plain(text)
    found.encode("utf-8")
    assert not [each for each in found if unicodedata.category(each) == "Cc" and each not in "\n\t"]
    assert not [each for each in found if unicodedata.bidirectional(each) in ("RLO", "LRO", "RLI", "PDF")]
    assert fmt.visible(found) == found
    assert line.split(" ") == line.split() or not line
