"""Answers of a judge of summaries on a loopback server, and the scores that a scorer computes from them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from loopback import Loopback, Reply, as_json, completion, find_question_id, serve

from harness.records import Article, Case, Generation, Item, Score, Summary
from harness.scorers.judged import JudgedScorer


def make_answer(request: Mapping[str, Any], answer: object) -> Reply:
    """A judge's answer in the requested format."""
    content = json.dumps({"id": find_question_id(request), "explanation": "Because.", "answer": answer})
    return make_reply(content)


def make_reply(content: str, **choice: Any) -> Reply:
    """Any text as a judge's answer, with token counts."""
    usage = {"prompt_tokens": 300, "completion_tokens": 20, "total_tokens": 320}
    return as_json(json.loads(completion(content, **choice).body) | {"usage": usage})


def make_answer_with_logprobs(request: Mapping[str, Any], answer: str, probabilities: Mapping[str, float]) -> Reply:
    """A judge's answer with logprobs; ``probabilities`` are those of the token that begins the answer."""
    content = json.dumps({"id": find_question_id(request), "explanation": "Because.", "answer": answer})
    return add_logprobs(content, answer, probabilities)


def add_logprobs(content: str, answer: str, probabilities: Mapping[str, float]) -> Reply:
    """A reply with logprobs, in which the last string equal to ``answer`` is a token with these alternatives."""
    before, after = content.rsplit(f'"{answer}"', 1)
    alternatives = [{"token": token, "logprob": math.log(share)} for token, share in probabilities.items()]
    tokens = [
        {"token": f'{before}"', "logprob": 0.0, "top_logprobs": []},
        {"token": answer, "logprob": 0.0, "top_logprobs": alternatives},
        {"token": f'"{after}', "logprob": 0.0, "top_logprobs": []},
    ]
    return make_reply(content, logprobs={"content": tokens})


def find_section(request: Mapping[str, Any], title: str) -> str | None:
    """The text under a title in a request; None if the request lacks the title."""
    found = re.search(rf"<<<{title} \w+>>>\n(.*?)\n<<<END OF", request["messages"][-1]["content"], re.DOTALL)
    return found[1] if found else None


def cases(texts: Mapping[str, str | None]) -> list[Case]:
    """The summaries of one article by several systems."""
    item = Item(Article("a", "The deal was signed in Paris."))
    summaries = [
        Summary(system, system, "a", 0, Generation(system, text, None if text is not None else "the model refused"))
        for system, text in texts.items()
    ]
    return [Case(item, each, others=tuple(other for other in summaries if other is not each)) for each in summaries]


def score(scorer: JudgedScorer, of: Sequence[Case]) -> dict[tuple[str, str], Score]:
    """(system, metric) → score, after the judge was asked every question once."""
    questions = {question.key: question for case in of if case.summary.text for question in scorer.questions(case)}
    judgements = {judgement.key: judgement for judgement in scorer.judge(list(questions.values()))}
    scores = scorer.score([replace(case, judgements=judgements) for case in of])
    return {(each.system, each.metric): each for each in scores}


def judge_texts(
    behaviour: Callable[[dict[str, Any], int], Reply],
    make: Callable[[Loopback], JudgedScorer],
    texts: Mapping[str, str | None],
) -> tuple[dict[tuple[str, str], Score], Loopback]:
    """The scores of summaries, and the server with its requests."""
    with serve(behaviour) as server:
        return score(make(server), cases(texts)), server
