"""Untrusted text without control characters."""

from __future__ import annotations

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from harness.document.format import plain, visible, visible_json

anything = st.text(st.characters(), max_size=40) | st.text(
    "\x1b\r\n\t\u202e\u2066\u2028\x9b\ud800a\u05d0 ", max_size=20
)


def test_control_characters_and_surrogates_are_written_as_escapes() -> None:
    assert visible("\x1b[31mred \u202egnp.exe \ud800") == r"\x1b[31mred \u202egnp.exe \ud800"


def test_visible_json_keeps_its_data() -> None:
    text = json.dumps({"a": "The mayor\x92s \\\x7f\u202e\x1b"}, ensure_ascii=False)
    assert visible_json(text) == '{"a": "The mayor\\u0092s \\\\\\u007f\\u202e\\u001b"}'
    assert json.loads(visible_json(text)) == json.loads(text)


def test_joiners_and_direction_marks_are_kept() -> None:
    family = "👩\u200d👧 می\u200cخواهم \u200f"
    assert visible(family) == family


def test_line_breaks_become_line_feeds() -> None:
    assert visible("a\r\nb\rc\nd") == "a\nb\nc\nd"


def test_plain_text_is_one_line() -> None:
    assert plain("  a\n\n b\tc ") == "a b c"


@given(anything)
def test_visible_text_has_no_control_characters(text: str) -> None:
    found = visible(text)
    found.encode("utf-8")
    assert not [character for character in found if unicodedata.category(character) == "Cc" and character not in "\n\t"]
    assert not [
        character for character in found if unicodedata.bidirectional(character) in ("RLO", "LRO", "RLI", "PDF")
    ]
    assert visible(found) == found


@given(anything)
def test_plain_text_has_single_spaces_only(text: str) -> None:
    assert plain(text).split(" ") == plain(text).split() or not plain(text)
