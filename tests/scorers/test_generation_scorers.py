from __future__ import annotations

import pytest
from builders import case, run_scorer, values

from harness.records import Article, Case, Generation, Item, Summary
from harness.scorers.generation import Completeness, Cost


def test_cost_is_what_the_model_recorded() -> None:
    made = case(Generation("r", "Text.", prompt_tokens=810, new_tokens=96, seconds=2.5))
    assert values(Cost(), made) == {"seconds": 2.5, "prompt_tokens": 810, "new_tokens": 96, "tokens_per_second": 38.4}


@pytest.mark.parametrize(
    ("recorded", "reasons"),
    [
        ({"seconds": 0.0}, {"prompt_tokens", "new_tokens", "tokens_per_second"}),
        ({"seconds": 0.0, "prompt_tokens": 9, "new_tokens": 9}, {"tokens_per_second"}),
        ({"prompt_tokens": 9, "new_tokens": 9}, {"seconds", "tokens_per_second"}),
        ({"seconds": 1.0, "prompt_tokens": 9}, {"new_tokens", "tokens_per_second"}),
    ],
)
def test_what_the_model_did_not_record_has_a_reason(recorded: dict[str, float], reasons: set[str]) -> None:
    scores = run_scorer(Cost(), case(Generation("r", "Text.", **recorded)))  # type: ignore[arg-type]  # by name
    assert {name for name, score in scores.items() if score.reason} == reasons


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
    assert run_scorer(scorer, case(PRICED))["price_per_1000"].reason == unpriced
    uncounted = run_scorer(scorer, case(Generation("r", "Text.")))["price_per_1000"]
    assert uncounted.reason == "the model did not count its tokens"
    both = Cost.model_validate({"price": True, "prices": {"s": {"prompt": 0, "new": 0}}})
    assert values(both, case(made))["price_per_1000"] == 0.0


@pytest.mark.parametrize(
    ("generation", "cut_off", "prompt_cut"),
    [
        (Generation("r", "Text."), (0.0, ()), (0.0, ())),
        (Generation("r", "Text and", finish="length"), (1.0, ()), (0.0, ())),
        (Generation("r", "Text.", cut="the last 120 tokens"), (0.0, ()), (1.0, ("the last 120 tokens",))),
    ],
)
def test_cut_summary_or_prompt_is_reported(generation: Generation, cut_off: object, prompt_cut: object) -> None:
    scores = run_scorer(Completeness(), case(generation))
    found = [(scores[name].value, scores[name].names) for name in ("cut_off", "prompt_cut")]
    assert found == [cut_off, prompt_cut]
