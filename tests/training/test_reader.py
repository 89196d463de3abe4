"""What the network learns from a pair: its class, whether anything is wrong in the hypothesis, and which words."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from tiny_mpnet import tiny_backbone

from benchmarks.training.corpora import Example

pytestmark = pytest.mark.slow

HALF = math.log(2)
"""−ln ½: the loss where the odds are even."""


def test_a_row_that_does_not_tell_contradicted_from_absent_has_the_loss_of_either() -> None:
    """P = (.5, .3, .2): the mean of −ln .5, −ln .3, −ln .2 and −ln (.3 + .2)."""
    from benchmarks.training.reader import UNSUPPORTED, class_loss

    logits = torch.log(torch.tensor([[0.5, 0.3, 0.2]] * 4))
    found = class_loss(logits, torch.tensor([0, 1, 2, UNSUPPORTED])).item()
    assert found == pytest.approx(-sum(map(math.log, (0.5, 0.3, 0.2, 0.5))) / 4)


def test_that_some_token_is_wrong_has_the_odds_of_all_tokens_of_the_hypothesis_added() -> None:
    from benchmarks.training.reader import NOT_TOLD, OUTSIDE, any_wrong

    words = torch.log(torch.tensor([[9.0, 0.5, 1.5], [0.25, 0.25, 9.0]]))
    told = torch.tensor([[OUTSIDE, NOT_TOLD, NOT_TOLD], [NOT_TOLD, NOT_TOLD, OUTSIDE]])
    assert any_wrong(words, told).exp().tolist() == pytest.approx([2.0, 0.5])


def test_right_and_wrong_tokens_weigh_alike_and_what_nobody_told_does_not_count() -> None:
    """Even odds cost ln 2 a token; odds of 3 cost ln 4 where the token is right, and ln 4/3 where it is wrong."""
    from benchmarks.training.reader import NOT_TOLD, OUTSIDE, RIGHT, WRONG, word_loss

    words = torch.log(torch.tensor([[1.0, 1.0, 1.0, 3.0], [3.0, 3.0, 9.0, 9.0], [5.0, 5.0, 5.0, 5.0]]))
    told = torch.tensor(
        [[RIGHT, RIGHT, RIGHT, WRONG], [RIGHT, RIGHT, OUTSIDE, OUTSIDE], [NOT_TOLD, NOT_TOLD, NOT_TOLD, OUTSIDE]]
    )
    expected = ((HALF + math.log(4 / 3)) / 2 + math.log(4)) / 2
    assert word_loss(words, told).item() == pytest.approx(expected)


def test_a_pair_tells_which_of_its_tokens_are_wrong(tmp_path: Path) -> None:
    """The tokenizer of this test has a token a letter; marks and the premise are beside the point."""
    from transformers import AutoTokenizer

    from benchmarks.training.reader import NOT_TOLD, OUTSIDE, RIGHT, UNSUPPORTED, WRONG, encoded

    tokenizer = AutoTokenizer.from_pretrained(tiny_backbone(tmp_path / "backbone"))
    false = Example("abc", "ab cd", "unsupported", "rte", ((3, 5),))
    found = encoded(false, tokenizer)
    assert found["labels"] == UNSUPPORTED
    assert [each for each in found["told"] if each != OUTSIDE] == [RIGHT, RIGHT, WRONG, WRONG]
    assert len(found["told"]) == len(found["input_ids"])
    unsaid = encoded(Example("abc", "ab", "absent", "rte"), tokenizer)
    assert [each for each in unsaid["told"] if each != OUTSIDE] == [NOT_TOLD, NOT_TOLD]
    true = encoded(Example("abc", "ab", "supported", "rte"), tokenizer)
    assert [each for each in true["told"] if each != OUTSIDE] == [RIGHT, RIGHT]
