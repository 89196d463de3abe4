"""The parser's imports, verb forms, and "a" or "an"."""

from __future__ import annotations

import subprocess
import sys

import pytest

from harness.suggest.english import has_vowel_sound, inflect, is_word

PROGRAM = """
import sys
from harness.suggest import english
print([token.dep_ for token in english.parse('The mayor resigned.')], 'torch' in sys.modules)
import torch
print(torch.ones(2).sum())
"""


@pytest.mark.slow
def test_parsing_does_not_import_torch() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["['det', 'nsubj', 'ROOT', 'punct'] False", "tensor(2.)"]


VOWEL = "apple hour honest uninjured FBI 8 11 18 80 11,000 NHS urgent SUV"
CONSONANT = "house university unanimous European one-off NATO UK US 110 1 Ukrainian"


@pytest.mark.parametrize(("words", "vowel"), [(VOWEL, True), (CONSONANT, False)])
def test_vowel_sound_decides_a_or_an(words: str, vowel: bool) -> None:
    assert [word for word in words.split() if has_vowel_sound(word) != vowel] == []


def test_verbs_are_inflected_and_names_are_not_words() -> None:
    forms = {("win", "VBD"): "won", ("forbid", "VBD"): "forbade", ("lie", "VBD"): "lied", ("deny", "VBZ"): "denies"}
    assert {asked: inflect(*asked) for asked in forms} == forms
    assert inflect("blorf", "VBD") is None
    assert (is_word("Reading"), is_word("Zelensky")) == (True, False)
