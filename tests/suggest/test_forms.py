"""Inflection, and "a" or "an"."""

from __future__ import annotations

import pytest

from harness.suggest.forms import has_vowel_sound, inflect, is_word


@pytest.mark.parametrize(
    ("word", "vowel"),
    [
        ("apple", True), ("house", False), ("hour", True), ("honest", True), ("university", False),
        ("unanimous", False),
        ("uninjured", True), ("European", False), ("one-off", False), ("FBI", True), ("NATO", False), ("UK", False),
        ("US", False), ("8", True), ("11", True), ("18", True), ("80", True), ("110", False), ("1", False),
        ("11,000", True),
        ("NHS", True), ("Ukrainian", False), ("urgent", True), ("SUV", True),
    ],
)  # fmt: skip  # pairs
def test_vowel_sound_decides_a_or_an(word: str, vowel: bool) -> None:
    assert has_vowel_sound(word) == vowel


@pytest.mark.parametrize(
    ("lemma", "tag", "form"),
    [("win", "VBD", "won"), ("forbid", "VBD", "forbade"), ("lie", "VBD", "lied"), ("deny", "VBZ", "denies")],
)
def test_inflection(lemma: str, tag: str, form: str) -> None:
    assert inflect(lemma, tag) == form


def test_unknown_word_has_no_form() -> None:
    assert inflect("blorf", "VBD") is None
    assert (is_word("Reading"), is_word("Zelensky")) == (True, False)
