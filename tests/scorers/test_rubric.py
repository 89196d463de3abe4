from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from judging import cases, find_section, judge_texts, make_answer, make_answer_with_logprobs, make_reply, score
from loopback import MODEL, Behaviour, Loopback, Reply, find_question_id, serve
from pydantic import ValidationError
from resources import ModelServer

from harness.records import Score
from harness.scorers.rubric import Rubric

TEXT = "A deal was signed."
PLAIN = {"name": "plain", "question": "Could a child follow it?", "anchors": {0: "no word of it", 10: "every word"}}


def rubric(server: Loopback, *criteria: Any, **options: Any) -> Rubric:
    known = {"model": MODEL, "base_url": server.url, "retries": 0, "criteria": criteria or ("coherence",)}
    return Rubric.model_validate({**known, **options})


def scored(behaviour: Behaviour, *criteria: Any, **options: Any) -> Score:
    """The score of the one criterion."""
    scores, _ = judge_texts(behaviour, lambda server: rubric(server, *criteria, **options), {"s": TEXT})
    (only,) = scores.values()
    return only


def test_judge_sees_marked_texts_the_scale_and_a_schema() -> None:
    with serve(lambda request, _: make_answer(request, "4")) as server:
        scores = score(rubric(server, seed=7), cases({"s": TEXT}))
    (request,) = server.requests
    assert find_section(request, "ARTICLE") == "The deal was signed in Paris."
    assert find_section(request, "SUMMARY") == TEXT
    asked = request["messages"][1]["content"]
    assert "a whole number from 1 to 5" in asked
    assert "\n5: it is well organised from the first sentence to the last" in asked
    schema = request["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["answer"]["enum"] == ["1", "2", "3", "4", "5"]
    assert list(schema["properties"]) == ["id", "explanation", "answer"]
    assert (request["temperature"], request["seed"], request["max_tokens"]) == (0.0, 7, 1000)
    assert scores["s", "rubric.coherence"].value == 4.0
    assert scores["s", "rubric.coherence"].names == ("4",)


def test_each_criterion_is_a_question_and_a_metric() -> None:
    def judge(request: dict[str, Any], _: int) -> Reply:
        return make_answer(request, "8" if "child" in request["messages"][1]["content"] else "2")

    scores, server = judge_texts(judge, lambda server: rubric(server, "conciseness", PLAIN, alias="b"), {"s": TEXT})
    found = {metric: each.value for (_, metric), each in scores.items()}
    assert found == {"rubric.b.conciseness": 2.0, "rubric.b.plain": 8.0}
    assert len(server.requests) == 2


def test_logprobs_give_the_probability_weighted_score() -> None:
    """4 × 0.5 + 5 × 0.3, over the mass of 0.8 on the scale; "x" and "6" are not on it."""
    shares = {"4": 0.5, "5": 0.2, " 5": 0.1, "x": 0.1, "6": 0.1}
    found = scored(lambda request, _: make_answer_with_logprobs(request, "4", shares))
    assert found.value == pytest.approx((4 * 0.5 + 5 * 0.3) / 0.8)
    two_digits = scored(lambda request, _: make_answer_with_logprobs(request, "8", {"8": 0.5, "1": 0.5}), PLAIN)
    assert two_digits.value == 8.0, "the token 1 may begin 1 or 10"
    high = {**PLAIN, "anchors": {10: "no word of it", 12: "every word"}}
    assert scored(lambda request, _: make_answer_with_logprobs(request, "12", {"1": 1.0}), high).value == 12.0


@pytest.mark.slow
def test_llama_cpp_gives_logprobs_after_it_refuses_a_schema(llama_cpp_server: ModelServer) -> None:
    """Its model has 135 million parameters and may miscopy the id of a question; it has three chances."""
    criteria = [{**PLAIN, "name": f"plain-{most}", "anchors": {0: "no", most: "yes"}} for most in (3, 4, 5)]
    options = {"model": llama_cpp_server.model, "base_url": llama_cpp_server.url, "max_tokens": 80}
    judge = Rubric.model_validate({**options, "criteria": [{**each, "article": False} for each in criteria]})
    (case,) = cases({"s": TEXT})
    answers = [answer for answer in judge.judge(list(judge.questions(case))) if answer.choice]
    assert answers
    assert all(answer.prompt_tokens and sum(answer.probabilities.values()) == pytest.approx(1) for answer in answers)


def test_questions_about_an_article_begin_with_the_same_text() -> None:
    """So a server reads the article once and keeps it in its prompt cache."""
    _, server = judge_texts(
        lambda request, _: make_answer(request, "3"),
        lambda server: rubric(server, "coherence", "relevance", "fluency"),
        {"s": TEXT, "t": "A deal.", "mute": None},
    )
    beginnings = [request["messages"][-1]["content"].split("<<<SUMMARY")[0] for request in server.requests]
    assert len(beginnings) == 6, "a missing summary is not asked about"
    assert len(set(beginnings)) == 2, "fluency is judged without the article"
    assert "The deal was signed in Paris." in max(beginnings)


@pytest.mark.parametrize(
    "form",
    [
        '{{"id": "{id}", "explanation": "Good.", "answer": 4}}',
        '{{"id": "{id}", "answer": "4/5"}}',
        '{{"id": "{id}", "answer": " 4 out of 5. "}}',
    ],
)
def test_choice_is_read_in_any_form(form: str) -> None:
    assert scored(lambda request, _: make_reply(form.format(id=find_question_id(request)))).value == 4.0


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{{"id": "{id}", "answer": 4.5}}', "the judge's answer is '4.5'; the choices are 1, 2, 3, 4, 5"),
        ('{{"id": "{id}", "answer": "six"}}', "the judge's answer is 'six'; the choices are"),
        ('{{"id": "{id}", "explanation": "Good."}}', "the judge's answer is 'None'; the choices are"),
        ('{{"answer": "4"}}', "the judge's answer lacks the id of the question"),
    ],
)
def test_unreadable_answer_is_a_missing_value_with_its_reason(content: str, reason: str) -> None:
    found = scored(lambda request, _: make_reply(content.format(id=find_question_id(request))))
    assert found.value is None
    assert reason in str(found.reason)


def test_draws_have_their_own_seeds_and_are_averaged_without_unreadable_ones() -> None:
    said = {5: "3", 6: "4", 7: "many"}
    scores, server = judge_texts(
        lambda request, _: make_answer(request, said[request["seed"]]),
        lambda server: rubric(server, draws=3, temperature=1, seed=5),
        {"s": TEXT},
    )
    (only,) = scores.values()
    assert (only.value, only.names) == (3.5, ("3", "4"))
    assert {request["temperature"] for request in server.requests} == {1.0}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"criteria": ["tone"]}, "'tone' is not a built-in criterion (coherence, fluency, relevance, conciseness)"),
        ({"criteria": ["fluency", "fluency"]}, "two criteria are named 'fluency'"),
        ({"draws": 5}, "at temperature 0 all 5 draws are identical; set temperature: 1, or draws: 1"),
    ],
)
def test_error_about_an_invalid_rubric_says_what_to_write(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Rubric.model_validate({"model": MODEL, "criteria": ["fluency"], **options})
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("change", "is_other"),
    [
        (lambda given: {**given, "criteria": [PLAIN, "fluency"]}, False),
        (lambda given: {**given, "price_per_million": {"prompt": 1, "new": 1}, "concurrency": 9}, False),
        (lambda given: {**given, "model": "wise-2"}, True),
        (lambda given: {**given, "base_url": "http://localhost:9/v1"}, True),
        (lambda given: {**given, "seed": 1}, True),
        (lambda given: {**given, "criteria": [{**PLAIN, "question": "Could you?"}]}, True),
    ],
)
def test_question_key_depends_only_on_options_that_change_answers(
    change: Callable[[dict[str, Any]], dict[str, Any]], is_other: bool
) -> None:
    given = {"model": MODEL, "base_url": "http://localhost:8/v1", "criteria": [PLAIN]}
    (case,) = cases({"s": TEXT})
    (before,) = Rubric.model_validate(given).questions(case)
    after = next(iter(Rubric.model_validate(change(given)).questions(case)))
    assert (after.key != before.key) == is_other
