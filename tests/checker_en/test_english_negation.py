"""Negators and their scope, and opposite words."""

from __future__ import annotations

import pytest
from english_sentences import analysed

from harness.checker_en.negation import negated
from harness.checker_en.opposites import opposite
from harness.checker_en.spelling import stem


def denied(sentence: str, word: str) -> bool:
    parsed = analysed(sentence).sentence
    return negated(parsed, next(index for index, each in enumerate(parsed.words) if each.text == word))


@pytest.mark.parametrize(
    ("sentence", "word", "expected"),
    [
        ("The deal was signed.", "signed", False),
        ("The deal was not signed.", "signed", True),
        ("The deal was never signed.", "signed", True),
        ("They didn't sign the deal.", "sign", True),
        ("They failed to sign the deal.", "sign", True),
        ("They did not fail to sign the deal.", "sign", False),
        ("They refused to sign the deal.", "sign", True),
        ("No deal was signed.", "signed", True),
        ("He left without signing it.", "signing", True),
        ("He is not expected to stay.", "stay", True),
        ("He was restored to World No 3.", "restored", False),
    ],
)
def test_negators_are_counted(sentence: str, word: str, expected: bool) -> None:
    assert denied(sentence, word) is expected


def test_opposites_are_symmetric() -> None:
    assert opposite(stem("rise"), stem("falls"))
    assert opposite(stem("falls"), stem("rise"))
    assert opposite(stem("safe"), stem("unsafe"))
    assert not opposite(stem("rise"), stem("rise"))
