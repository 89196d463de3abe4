"""Locating a judge's quote in the premise."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.verifiers.judge import locate

PREMISE = "“We won’t sign,” Mr Erdoğan said — at 9am.\nThe ﬁnal deal cost £23million; the Straße was\u00a0closed."


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("We won't sign", "We won’t sign"),
        ('"We won\'t sign," Mr Erdoğan said - at 9am', "We won’t sign,” Mr Erdoğan said — at 9am"),
        ("MR ERDOG\u0306AN SAID", "Mr Erdoğan said"),
        ("fin\u00adal de\u200bal", "ﬁnal deal"),
        ("'£23million'.", "£23million"),
        ("the strasse was closed", "the Straße was\u00a0closed"),
    ],
)
def test_typographic_changes_do_not_count(quote: str, expected: str) -> None:
    found = locate(quote, PREMISE)
    assert found is not None
    assert found.text == expected
    assert PREMISE[found.start : found.end] == expected


@pytest.mark.parametrize(
    "quote",
    [
        "",
        "“”",
        "We will sign",
        "ign",  # inside a word
        "We won’t sign … at 9am",
        "Mr Erdogan said",  # another letter
        "Mr Еrdoğan said",  # a Cyrillic Е
    ],
)
def test_other_words_are_not_located(quote: str) -> None:
    assert locate(quote, PREMISE) is None


def test_match_inside_a_word_is_skipped() -> None:
    found = locate("sign", "They assign and sign.")
    assert found is not None
    assert found.start == 16


def test_unspaced_scripts_match_anywhere() -> None:
    found = locate("首相が辞任した", "日本の首相が辞任した。")
    assert found is not None
    assert (found.start, found.end) == (3, 10)


def test_decomposed_letters_keep_their_marks() -> None:
    premise = unicodedata.normalize("NFD", "Señor Núñez left.")
    found = locate("Núñez", premise)
    assert found is not None
    assert unicodedata.normalize("NFC", found.text) == "Núñez"


@given(st.lists(st.text("aáßﬁİ1’— \u00a0\u0301", min_size=1), min_size=1, max_size=8), st.data())
def test_any_words_of_a_premise_are_located(parts: list[str], data: st.DataObject) -> None:
    """A judge may copy the words in capitals and with single spaces; the span has the same words."""
    premise = "\n".join(parts)
    words = premise.split()
    first = data.draw(st.integers(0, max(0, len(words) - 1)))
    last = data.draw(st.integers(first, len(words)))
    quote = " ".join(words[first:last])
    found = locate(quote, premise)
    if any(sign.isalnum() for sign in quote):
        assert found is not None
        assert premise[found.start : found.end] == found.text
        assert locate(found.text, premise) == found
