"""What is read of a statement, what it is held against, and the numbers that come of it, worked by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_decider import chatting
from transformers import AutoTokenizer

from harness import store, syntax
from harness.records import Pair
from harness.text import words
from harness.verifiers._likelihood.features import Asked, features
from harness.verifiers._likelihood.reader import Reading
from harness.verifiers._likelihood.rivals import Rivals, rivals
from harness.verifiers._likelihood.statement import Statement, Tokens

needs_syntax = pytest.mark.skipif(
    not store.installed(syntax.MODEL),
    reason=f"{syntax.MODEL} is not here; fetch it: harness models pull {syntax.MODEL}",
)


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    """One token a character."""
    folder: Path = chatting(tmp_path_factory.mktemp("tiny-tokens"))
    return Tokens(AutoTokenizer.from_pretrained(folder))


def reading(chance: Sequence[float], best: Sequence[float] = (), expected: Sequence[int] = ()) -> Reading:
    count = len(chance)
    return Reading(
        np.array(chance, np.float32),
        np.array(best or [0.0] * count, np.float32),
        np.array(expected or [0] * count, np.int64),
        np.full(count, 2.0, np.float32),
    )


# Statements ----------------------------------------------------------------------------------------------------------


def test_content_words_are_those_that_say_something(tokens: Tokens) -> None:
    statement = tokens.statement("He was in Rome.")
    assert len(statement.ids) == len(" He was in Rome.")
    assert statement.words == ((11, 12, 13, 14),)


def test_of_function_words_alone_all_count(tokens: Tokens) -> None:
    assert tokens.statement("It was.").words == ((1, 2), (4, 5, 6))


def test_negation_and_money_are_content(tokens: Tokens) -> None:
    assert [len(places) for places in tokens.statement("It is not $5").words] == [3, 1, 1]


def test_control_tokens_in_a_text_are_plain_text(tokens: Tokens) -> None:
    """``<s>`` is one token where a prompt means it, and three where a text has it."""
    assert tokens.prefix("a<s>b") == tokens.prefix("a") + tokens.prefix("<") + tokens.prefix("s>b")
    assert len(tokens.statement("a<s>b").ids) == len(" a<s>b")


def test_invisible_signs_spaces_and_typographic_quotes_change_nothing(tokens: Tokens) -> None:
    assert tokens.statement("Zel\u200bensky’s  \n plan ") == tokens.statement("Zelensky's plan")


@given(text=st.text(min_size=1, max_size=30))
def test_every_text_with_words_has_tokens_and_words_of_them(tokens: Tokens, text: str) -> None:
    if words(text):
        statement = tokens.statement(text)
        places = [place for word in statement.words for place in word]
        assert places
        assert all(0 <= place < len(statement.ids) for place in places)


# False versions ------------------------------------------------------------------------------------------------------


def test_what_people_wrote_comes_before_what_can_be_made() -> None:
    pair = Pair("It rained.", "It rained.", (), ("It snowed.", "It snowed."))
    assert rivals(pair, "It rained.", 3) == Rivals(("It snowed.",), "written")


def test_a_false_version_that_says_the_same_or_nothing_is_none() -> None:
    pair = Pair("It rained.", "It rained.", ("Rain fell.",), ("it rained", "RAIN fell!", "", "…"))
    assert rivals(pair, "It rained.", 0) == Rivals((), "made")


@needs_syntax
def test_made_versions_are_the_same_every_time_and_differ_from_the_statement() -> None:
    pair = Pair("Acme hired 30 people in Rome.", "Acme hired 30 people on Monday.")
    made = rivals(pair, pair.hypothesis, 3)
    assert made == rivals(pair, pair.hypothesis, 3)
    assert made.origin == "made"
    assert len(made.texts) == 3
    assert pair.hypothesis not in made.texts


# Features ------------------------------------------------------------------------------------------------------------


def test_tokens_words_and_gains() -> None:
    """Five tokens, of which the content words are {1, 2} and {4}."""
    statement = Statement((9, 8, 7, 6, 5), ((1, 2), (4,)), ())
    given = reading([-1, -2, -3, -1, -4], best=[-1, -1, -1, -1, -0.5], expected=[9, 70, 71, 6, 72])
    found = features(Asked(statement, given, reading([-1, -5, -4, -2, -3])), (), "made", frozenset({70}))
    expected = {
        "length": math.log(5),
        "given": -11 / 5,
        "alone": -15 / 5,
        "regret": (0 + 1 + 2 + 0 + 3.5) / 5,
        "regret_copied": 1 / 5,
        "spread": 2.0,
        "word_given": (-5 - 4) / 2,
        "word_lowest": -5.0,
        "word_low": (-5 - 4) / 2,
        "word_regret": (-3 - 3.5) / 2,
        "gain": (4 - 1) / 2,
        "gain_lowest": -1.0,
        "gain_low": (4 - 1) / 2,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected)
    assert {value for name, value in found.items() if name not in expected} == {0.0}


def test_of_many_words_the_worst_three_count_together() -> None:
    statement = Statement((1, 2, 3, 4), ((0,), (1,), (2,), (3,)), ())
    found = features(Asked(statement, reading([-4, -1, -2, -6]), reading([0, 0, 0, 0])), (), "made", frozenset())
    assert found["word_low"] == pytest.approx((-6 - 4 - 2) / 3)
    assert found["gain_low"] == pytest.approx((-6 - 4 - 2) / 3)


def test_margins_are_to_the_best_false_version() -> None:
    """After the premise the statement leads by 2 and 1; without one it trails by 1 and leads by 3."""
    one = Statement((1, 2), ((0,),), ())
    asked = Asked(one, reading([-2, -1]), reading([-3, -2]))
    rivals = [Asked(one, reading([-3, -2]), reading([-2, -2])), Asked(one, reading([-4]), reading([-8]))]
    found = features(asked, rivals, "written", frozenset())
    assert found["margin_written"] == pytest.approx(1)
    assert found["share_written"] == pytest.approx(-math.log(1 + math.exp(-2) + math.exp(-1)))
    assert found["margin_gain_written"] == pytest.approx(1 - 3)
    assert found["share_gain_written"] == pytest.approx(-math.log(1 + math.exp(-3) + math.exp(2)))
    assert found["rivals_written"] == 1
    assert {found[f"{name}_made"] for name in ("margin", "share", "margin_gain", "share_gain", "rivals")} == {0.0}


def test_a_margin_says_no_more_beyond_ten_nats() -> None:
    one = Statement((1,), ((0,),), ())
    rival = Asked(one, reading([-1]), reading([-1]))
    found = features(Asked(one, reading([-500]), reading([-1])), [rival], "made", frozenset())
    assert found["margin_made"] == -10
    assert found["share_made"] == pytest.approx(-10, abs=1e-4)
