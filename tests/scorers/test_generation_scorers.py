"""cost and completeness: the numbers that the model recorded."""

from __future__ import annotations

import pytest
from builders import case, scored, values
from pydantic import ValidationError

from harness.records import Article, Case, Generation, Item, Summary
from harness.scorers.generation import Completeness, Cost


def test_cost_is_what_the_model_recorded() -> None:
    given = case(Generation("r", "Text.", prompt_tokens=810, new_tokens=96, seconds=2.5))
    assert values(Cost(), given) == {
        "seconds": 2.5,
        "prompt_tokens": 810.0,
        "new_tokens": 96.0,
        "tokens_per_second": 38.4,
    }


def test_baseline_has_seconds_and_no_tokens() -> None:
    scores = scored(Cost(), case(Generation("r", "Text.", seconds=0.0)))
    assert scores["seconds"].value == 0.0
    assert scores["prompt_tokens"].reason == "the model gave no count of prompt tokens"
    assert scores["new_tokens"].reason == "the model gave no count of new tokens"


def test_speed_needs_tokens_and_time() -> None:
    at_once = scored(Cost(), case(Generation("r", "Text.", new_tokens=9, seconds=0.0)))
    assert at_once["tokens_per_second"].reason == "the summary took no measurable time"
    uncounted = scored(Cost(), case(Generation("r", "Text.", seconds=1.0)))
    assert uncounted["tokens_per_second"].reason == "the model gave no count of new tokens"
    untimed = scored(Cost(), case(Generation("r", "Text.", new_tokens=9)))
    assert untimed["tokens_per_second"].reason == "the summary was not timed"


PRICED = Generation("r", "Text.", prompt_tokens=800, new_tokens=100)


def test_price_of_1000_summaries() -> None:
    """(800 x 2.50 + 100 x 10.00) / 1,000,000 = 0.003 each."""
    scorer = Cost.model_validate({"prices": {"s": {"prompt": 2.5, "new": 10}}, "currency": "EUR"})
    assert values(scorer, case(PRICED))["price_per_1000"] == 3.0
    assert next(metric.title for metric in scorer.metrics() if metric.name == "price_per_1000").startswith("EUR ")
    assert "price_per_1000" not in values(Cost(), case(PRICED))


def test_price_is_looked_up_by_system_before_model() -> None:
    prices = {"gpt": {"prompt": 1, "new": 1}, "gpt/long": {"prompt": 0, "new": 0}}
    scorer = Cost.model_validate({"prices": prices})
    cases = [
        Case(Item(Article("a", "")), Summary("key", system, "a", 0, PRICED))
        for system in ("gpt/short", "gpt/long", "x")
    ]
    found = [score for score in scorer.score(cases) if score.metric == "price_per_1000"]
    assert [score.value for score in found] == [0.9, 0.0, None]
    assert found[2].reason == "x had no price when the summary was made; add one to `prices` of this scorer"


def test_recorded_cost_counts_without_a_price() -> None:
    made = Generation("r", "Text.", prompt_tokens=800, new_tokens=100, price=0.002)
    scorer = Cost(price=True)
    assert values(scorer, case(made))["price_per_1000"] == 2.0
    unpriced = "s had no price when the summary was made; add one to `prices` of this scorer"
    assert scored(scorer, case(PRICED))["price_per_1000"].reason == unpriced
    uncounted = scored(scorer, case(Generation("r", "Text.")))["price_per_1000"]
    assert uncounted.reason == "the model did not count its tokens"
    both = Cost.model_validate({"price": True, "prices": {"s": {"prompt": 0, "new": 0}}})
    assert values(both, case(made))["price_per_1000"] == 0.0


@pytest.mark.parametrize(
    "options",
    [
        {"prices": {"s": {"prompt": 1}}},
        {"prices": {"s": {"prompt": 1, "new": -1}}},
        {"prices": {"s": {"prompt": 1, "new": 1, "old": 1}}},
        {"currency": "$"},
    ],
)
def test_invalid_prices_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Cost.model_validate(options)


def test_complete_summary_is_not_cut() -> None:
    assert values(Completeness(), case(Generation("r", "Text."))) == {"cut_off": 0.0, "prompt_cut": 0.0}


def test_summary_at_the_token_limit_is_cut_off() -> None:
    found = values(Completeness(), case(Generation("r", "Text and", finish="length")))
    assert found == {"cut_off": 1.0, "prompt_cut": 0.0}


def test_cut_prompt_names_the_omission() -> None:
    score = scored(Completeness(), case(Generation("r", "Text.", cut="the last 120 tokens of the article")))
    assert (score["prompt_cut"].value, score["prompt_cut"].names) == (1.0, ("the last 120 tokens of the article",))
