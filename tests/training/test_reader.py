"""Tests of what the network learns from a row: the class, whether a token is wrong, and which tokens."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from tiny_mpnet import tiny_backbone

from benchmarks.training.rows import Row

pytestmark = pytest.mark.slow


def test_an_unsupported_row_has_the_loss_of_contradicted_or_absent() -> None:
    """P = (.5, .3, .2): the mean of −ln .5, −ln .3, −ln .2 and −ln (.3 + .2)."""
    from benchmarks.training.reader import UNSUPPORTED, compute_class_loss

    logits = torch.log(torch.tensor([[0.5, 0.3, 0.2]] * 4))
    found = compute_class_loss(logits, torch.tensor([0, 1, 2, UNSUPPORTED])).item()
    assert found == pytest.approx(-sum(map(math.log, (0.5, 0.3, 0.2, 0.5))) / 4)


def test_right_and_wrong_tokens_weigh_the_same_and_unknown_ones_nothing() -> None:
    """Even odds cost ln 2 a token; odds of 3 cost ln 4 if the token is right, and ln 4/3 if it is wrong."""
    from benchmarks.training.reader import OUTSIDE, RIGHT, UNKNOWN, WRONG, compute_word_loss

    words = torch.log(torch.tensor([[1.0, 1.0, 1.0, 3.0], [3.0, 3.0, 9.0, 9.0], [5.0, 5.0, 5.0, 5.0]]))
    known = torch.tensor(
        [[RIGHT, RIGHT, RIGHT, WRONG], [RIGHT, RIGHT, OUTSIDE, OUTSIDE], [UNKNOWN, UNKNOWN, UNKNOWN, OUTSIDE]]
    )
    expected = ((math.log(2) + math.log(4 / 3)) / 2 + math.log(4)) / 2
    assert compute_word_loss(words, known).item() == pytest.approx(expected)


def test_marked_words_become_wrong_tokens(tmp_path: Path) -> None:
    """This tokenizer has one token per letter."""
    from transformers import AutoTokenizer

    from benchmarks.training.reader import OUTSIDE, RIGHT, UNKNOWN, UNSUPPORTED, WRONG, encode

    tokenizer = AutoTokenizer.from_pretrained(tiny_backbone(tmp_path / "backbone"))

    def known(row: Row) -> list[int]:
        return [each for each in encode(row, tokenizer)["known"] if each != OUTSIDE]

    false = Row("abc", "ab cd", "unsupported", "written", ((3, 5),))
    assert encode(false, tokenizer)["target"] == UNSUPPORTED
    assert known(false) == [RIGHT, RIGHT, WRONG, WRONG]
    assert known(Row("abc", "ab", "absent", "written")) == [UNKNOWN, UNKNOWN]
    assert known(Row("abc", "ab", "supported", "written")) == [RIGHT, RIGHT]
