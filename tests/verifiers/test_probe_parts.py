"""The probes by numbers that can be worked by hand, and what is read of which premise."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.records import Pair
from harness.verifiers._probe.head import Floats, Head, Heads
from harness.verifiers._probe.prober import WINDOW_WORDS, WINDOWS, windows
from harness.verifiers.probe import Probe


def of(*values: float) -> Floats:
    return np.array(values, dtype=np.float32)


HEAD = Head(
    mean=of(1.0, 0.0),
    scale=of(0.5, 1.0),
    inner=np.array([[1.0, 0.0], [0.0, -2.0]], dtype=np.float32),
    inner_bias=of(0.0, 1.0),
    outer=of(3.0, 1.0),
    pool=of(-1.0, 0.5, 2.0, 0.25),
)


def test_a_tokens_log_odds_are_those_of_a_perceptron_with_one_hidden_layer() -> None:
    # (3, 0) → (1, 0) → relu (1, 1) → 3 + 1 - 1; (1, 2) → (0, 2) → relu (0, -3 → 0) → -1.
    assert HEAD.tokens(np.array([[3.0, 0.0], [1.0, 2.0]])).tolist() == [3.0, -1.0]


def test_a_statement_is_weighed_by_its_worst_tokens_and_by_their_mean() -> None:
    worst, mean = math.log(math.exp(3) + math.exp(-1)), 1.0
    assert HEAD.logit(of(3.0, -1.0)) == pytest.approx(-(0.5 * worst + 2.0 * mean + 0.25), rel=1e-6)


@given(st.lists(st.floats(-20, 20), min_size=1, max_size=30), st.integers(0, 29), st.floats(0.1, 20))
def test_a_token_that_is_less_borne_out_makes_the_statement_less_borne_out(
    values: list[float], at: int, more: float
) -> None:
    worse = [value + more * (place == at % len(values)) for place, value in enumerate(values)]
    assert HEAD.logit(of(*worse)) < HEAD.logit(of(*values))


def test_probes_are_read_as_they_were_written(tmp_path: Path) -> None:
    other = Head(*(value + 1 for value in vars(HEAD).values()))
    Heads(HEAD, other).save(tmp_path / "heads.safetensors")
    found = Heads.load(tmp_path / "heads.safetensors")
    for kept, written in ((found.of(by_article=False), HEAD), (found.of(by_article=True), other)):
        assert all(np.array_equal(vars(kept)[name], value) for name, value in vars(written).items())


def test_a_premise_is_read_whole_and_a_very_long_one_in_the_windows_nearest_to_the_statement() -> None:
    filler = "Nothing of note was said about the weather in the village that day. " * 3000
    article = filler[: len(filler) // 2] + "The mayor of Lviv opened the bridge. " + filler[len(filler) // 2 :]
    found = windows(Pair(article, "The mayor of Lviv opened the bridge."))
    assert windows(Pair("A short one.", "It is short.")) == ["A short one."]
    assert len(found) <= WINDOWS
    assert any("mayor of Lviv" in window for window in found)
    assert all(len(window.split()) <= WINDOW_WORDS for window in found)


@pytest.mark.parametrize(
    ("premise", "why"),
    [("The bridge was opened.", "no article"), ("word " * 300 + "x" * 100_000, "word of over 200 letters")],
)
def test_what_is_not_read_is_left_to_other_verifiers_and_says_why(premise: str, why: str) -> None:
    (verdict,) = Probe().verify([Pair(premise, "The bridge was opened.")])
    assert verdict.label == "uncertain"
    assert why in str(verdict.reason)
