"""Porter's stems as nltk computes them, which rouge-score compares."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labelled_data import labelled_data
from nltk.stem.porter import PorterStemmer

from harness.scorers.stems import stem

NLTK = PorterStemmer()
SUFFIXES = [
    "ational", "tional", "enci", "anci", "izer", "bli", "alli", "entli", "eli", "ousli", "ization", "ation",
    "ator", "alism", "iveness", "fulness", "ousness", "aliti", "iviti", "biliti", "fulli", "logi", "icate",
    "ative", "alize", "iciti", "ical", "ful", "ness", "al", "ance", "er", "ic", "able", "ant", "ement", "ment",
    "ent", "ion", "ou", "ism", "ate", "ous", "ive", "ize", "ed", "ing", "eed", "ied", "ies", "sses", "s", "y",
    "ly", "e", "ll",
]  # fmt: skip  # a list of endings
BEGINNINGS = st.text("aeiouybdlstwxz0", max_size=6)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("ties", "tie"),
        ("ponies", "poni"),
        ("agreed", "agre"),
        ("hopping", "hop"),
        ("filing", "file"),
        ("enjoy", "enjoy"),
        ("relational", "relat"),
        ("radically", "radic"),
        ("geology", "geolog"),
        ("adoption", "adopt"),
        ("controlling", "control"),
        ("dying", "die"),
    ],
)
def test_stems_of_the_paper_and_of_nltk(word: str, expected: str) -> None:
    assert stem(word) == expected


@settings(max_examples=500)
@given(st.tuples(BEGINNINGS, st.sampled_from(SUFFIXES), st.sampled_from(["", "s", "ed", "ing", "ly"])).map("".join))
def test_stems_of_all_suffixes_equal_nltk(word: str) -> None:
    assert stem(word) == NLTK.stem(word)


@pytest.mark.slow
def test_stems_of_articles_equal_nltk() -> None:
    texts = map(json.loads, labelled_data("realsumm_articles.jsonl").read_text(encoding="utf-8").splitlines())
    words = {word for row in texts for word in re.findall("[a-z0-9]+", row["text"].lower())}
    assert len(words) > 5000
    assert {word for word in words if stem(word) != NLTK.stem(word)} == set()
