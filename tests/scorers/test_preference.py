from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from judging import cases, find_section, judge_texts, make_answer, make_answer_with_logprobs, make_reply
from loopback import MODEL, Behaviour, Loopback, Reply

from harness.records import Generation, Score
from harness.scorers.preference import Preference

GOOD, POOR = "The deal was signed in Paris.", "Something was signed."


def preference(server: Loopback, **options: Any) -> Preference:
    return Preference.model_validate({"model": MODEL, "base_url": server.url, "retries": 0, **options})


def scored(behaviour: Behaviour, texts: dict[str, str | None], **options: Any) -> dict[tuple[str, str], Score]:
    return judge_texts(behaviour, lambda server: preference(server, **options), texts)[0]


def prefer(text: str) -> Behaviour:
    """A judge that prefers this text, and otherwise calls it a tie."""

    def judge(request: dict[str, Any], _: int) -> Reply:
        titles = [title for title in ("A", "B") if find_section(request, f"SUMMARY {title}") == text]
        return make_answer(request, titles[0] if titles else "tie")

    return judge


def test_both_orders_are_asked_and_shared_by_the_two_systems() -> None:
    scores, server = judge_texts(prefer(GOOD), preference, {"good": GOOD, "poor": POOR})
    assert {find_section(request, "SUMMARY A") for request in server.requests} == {GOOD, POOR}
    assert len(server.requests) == 2
    assert find_section(server.requests[0], "ARTICLE") is not None
    assert scores["good", "preference"].value == 1.0
    assert scores["good", "preference"].names == ("poor=1.00",)
    assert scores["poor", "preference"].value == 0.0
    assert scores["good", "preference.order_changed"].value == 0.0


@pytest.mark.parametrize(
    ("answers", "value", "changed"),
    [
        (("A", "B"), 1.0, 0.0),
        (("tie", "tie"), 0.5, 0.0),
        (("A", "A"), 0.5, 1.0),
        (("A", "tie"), 0.75, 1.0),
        (("Summary B", "Summary A."), 0.0, 0.0),
    ],
)
def test_value_is_the_mean_of_both_orders(answers: tuple[str, str], value: float, changed: float) -> None:
    """``answers``: with the good one first, and with it second."""

    def judge(request: dict[str, Any], _: int) -> Reply:
        return make_answer(request, answers[find_section(request, "SUMMARY A") != GOOD])

    scores = scored(judge, {"good": GOOD, "poor": POOR})
    assert scores["good", "preference"].value == value
    assert scores["poor", "preference"].value == 1 - value
    assert scores["poor", "preference.order_changed"].value == changed


def test_logprobs_weight_choices_in_upper_or_lower_case() -> None:
    """The judge prefers the good summary with 0.7, and calls a tie with 0.2: 0.7 + 0.2 / 2 = 0.8, in both orders."""

    def judge(request: dict[str, Any], _: int) -> Reply:
        good, poor = ("A", "b") if find_section(request, "SUMMARY A") == GOOD else ("b", "A")
        return make_answer_with_logprobs(request, good, {good: 0.7, "t": 0.2, poor: 0.1})

    assert scored(judge, {"good": GOOD, "poor": POOR})["good", "preference"].value == pytest.approx(0.8)


def test_value_is_the_mean_over_the_other_systems() -> None:
    texts: dict[str, str | None] = {"good": GOOD, "poor": POOR, "mute": None, "other": "A pact was made."}
    scores, server = judge_texts(prefer(GOOD), preference, texts)
    assert len(server.requests) == 6
    assert scores["poor", "preference"].value == 0.25
    assert scores["poor", "preference"].names == ("good=0.00", "other=0.50")
    assert scores["mute", "preference"].reason == "the model refused"
    scores, server = judge_texts(prefer(GOOD), lambda server: preference(server, against="poor"), texts)
    assert len(server.requests) == 4, "only pairs with that system"
    of_system = {system: each.value for (system, metric), each in scores.items() if metric == "preference"}
    assert of_system == {"good": 1.0, "poor": 0.5, "mute": None, "other": 0.5}
    alone = scored(prefer(GOOD), {"good": GOOD, "mute": None})
    assert alone["good", "preference"].reason == "there is no summary by another system to compare it with"
    equal, server = judge_texts(prefer(GOOD), preference, {"one": GOOD, "two": f"{GOOD}\n"})
    assert (equal["one", "preference"].value, server.requests) == (0.5, [])
    assert equal["one", "preference.order_changed"].reason == "the texts are equal, so no judge was asked"


def test_pair_without_a_readable_answer_in_both_orders_is_left_out() -> None:
    def judge(request: dict[str, Any], _: int) -> Reply:
        pair = [find_section(request, f"SUMMARY {title}") for title in "AB"]
        return make_reply("Both.") if pair == [GOOD, "Junk."] else make_answer(request, "tie")

    scores = scored(judge, {"good": GOOD, "poor": POOR, "junk": "Junk."})
    assert scores["good", "preference"].names == ("poor=0.50",)
    assert scores["junk", "preference"].names == ("poor=0.50",)
    alone = scored(judge, {"good": GOOD, "junk": "Junk."})
    assert alone["good", "preference"].reason == "the judge did not answer in JSON: Both."


def test_run_with_one_system_is_refused() -> None:
    problem = "compares systems, but this run has only one; add a model"
    assert list(Preference(model=MODEL).check_systems(["lead"])) == [problem]


def test_samples_are_compared_by_number_or_with_the_last() -> None:
    one, other = cases({"one": GOOD, "other": POOR})
    rivals = tuple(
        replace(other.summary, sample=sample, generation=Generation("", f"Draw {sample}.")) for sample in (0, 1)
    )
    for sample, met in ((0, "Draw 0."), (1, "Draw 1."), (2, "Draw 1.")):
        case = replace(one, summary=replace(one.summary, sample=sample), others=rivals)
        asked = [question.messages[1].content for question in Preference(model=MODEL).questions(case)]
        assert [met in each for each in asked] == [True, True]
        assert sum("Draw" in each for each in asked) == 2
