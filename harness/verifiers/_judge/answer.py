"""A judge's answer: read from a chat completion, its quote looked up in the premise, its label weighed.

Probabilities come, in this order, from what the server gives: the logprobs of the label's first token (the labels
begin with different letters); the confidence that the judge states, the rest shared by the other two labels; else
``UNSTATED``. What a judge states is mostly too high (Xiong et al., ICLR 2024): ``harness calibrate`` mends that.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from harness.records import Pair, Probabilities, Span
from harness.servers.completion import Completion, Token, first_problem
from harness.servers.no_answer import NoAnswer, shown
from harness.text import sentences
from harness.verifiers._judge.quote import locate
from harness.verifiers._lexical.tokens import tokens
from harness.verifiers.decide import most_likely
from harness.verifiers.prediction import OPTIONS, Option, Prediction

UNSTATED = 0.8
"""P(label) where neither the server nor the judge says how sure it is: decided, and no surer than that."""

_FENCE = re.compile(r"\A```(?:json)?\s*\n(.*)\n\s*```\Z", re.DOTALL)
_LABEL = re.compile(r'"label"\s*:\s*"')
_BEGUN = re.compile(r'[\s":]*([a-z]+)')
"""A token that begins the label, what stands before it, and maybe after it."""


class JudgeAnswer(BaseModel):
    """What the judge says; what else it says is left alone."""

    model_config = ConfigDict(allow_inf_nan=False)

    id: str
    quote: str
    label: Option
    confidence: float | None = Field(None, ge=0, le=1)


def read_answer(completion: Completion, question_id: str) -> JudgeAnswer:
    """The judge's answer to a question; NoAnswer where it refused, was cut, or wrote anything else."""
    choice = completion.choices[0]
    if choice.message.refusal:
        raise NoAnswer(f"the judge refused: {shown(choice.message.refusal)}")
    if choice.finish_reason == "content_filter":
        raise NoAnswer("the server's content filter stopped the answer")
    if choice.finish_reason == "length":
        raise NoAnswer("the answer was cut at max_tokens")
    text = _bare(completion.text)
    if not text:
        raise NoAnswer("the judge gave no answer")
    try:
        answer = JudgeAnswer.model_validate(json.loads(text, object_pairs_hook=_once))
    except ValidationError as error:
        raise NoAnswer(f"the judge's JSON is not what was asked for: {first_problem(error)}") from None
    except (ValueError, RecursionError):
        raise NoAnswer(f"the judge did not answer in JSON: {shown(text)}") from None
    if answer.id != question_id:
        raise NoAnswer(f"the judge answered another question: {shown(answer.id)!r} instead of {question_id!r}")
    return answer


def _bare(text: str) -> str:
    """The text without the code fence around it."""
    fenced = _FENCE.match(text)
    return fenced[1].strip() if fenced else text


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are each there once: of two labels, neither is the answer."""
    unique = dict(pairs)
    if len(unique) < len(pairs):
        raise ValueError("a key is there twice")
    return unique


def predicted(answer: JudgeAnswer, answer_tokens: Sequence[Token], pair: Pair, related: bool) -> Prediction:
    """The prediction; NoAnswer where the label lacks its evidence, or is not what the judge holds likeliest.

    ``related``: whether the sentence quoted must share a word, number or name with the hypothesis.
    """
    evidence = _evidence(answer, pair.premise)
    if evidence and related and answer.label != "absent" and not _related(evidence, pair):
        raise NoAnswer(
            f"the judge says {answer.label}, and the passage it quotes has no word of the statement: {_quoted(answer)}"
        )
    probabilities = _by_tokens(answer_tokens) or _stated(answer)
    if most_likely(probabilities) != answer.label:
        raise NoAnswer(f"the judge says {answer.label}, and holds it no likelier than {most_likely(probabilities)}")
    return Prediction(probabilities, evidence)


def _evidence(answer: JudgeAnswer, premise: str) -> Span | None:
    """The passage quoted; what is supported or contradicted has one, and no quote is made up."""
    if not answer.quote.strip():
        if answer.label == "absent":
            return None
        raise NoAnswer(f"the judge says {answer.label}, and quotes nothing of the premise")
    span = locate(answer.quote, premise)
    if span is None:
        raise NoAnswer(f"the judge says {answer.label}, and what it quotes is not in the premise: {_quoted(answer)}")
    return span


def _related(evidence: Span, pair: Pair) -> bool:
    """Whether the sentences that the passage is of share a content word with some wording of the hypothesis."""
    around = [each.text for each in sentences(pair.premise) if each.overlaps(evidence)]
    statement = _content(" ".join((pair.hypothesis, *pair.accepted, *pair.contrasts)))
    return bool(_content(evidence.text)) and not statement.isdisjoint(_content(" ".join([evidence.text, *around])))


def _content(text: str) -> set[str]:
    return {token.key for token in tokens(text) if token.kind not in ("function", "negator")}


def _by_tokens(answer_tokens: Sequence[Token]) -> Probabilities | None:
    """The probabilities of the label's first token, among the alternatives that the server gives; None without any."""
    begins = [match.end() for match in _LABEL.finditer("".join(token.token for token in answer_tokens))]
    ends = accumulate(len(token.token) for token in answer_tokens)
    at = next((index for index, end in enumerate(ends) if begins and end > begins[-1]), None)
    if at is None:
        return None
    masses = dict.fromkeys(OPTIONS, 0.0)
    for alternative in answer_tokens[at].top_logprobs:
        begun = _BEGUN.match(alternative.token)
        option = next((option for option in OPTIONS if begun and option.startswith(begun[1])), None)
        if option is not None:
            masses[option] += math.exp(min(alternative.logprob, 0.0))
    total = sum(masses.values())
    return Probabilities(**{option: mass / total for option, mass in masses.items()}) if total > 0 else None


def _stated(answer: JudgeAnswer) -> Probabilities:
    confidence = UNSTATED if answer.confidence is None else answer.confidence
    others = (1 - confidence) / (len(OPTIONS) - 1)
    spread: dict[Option, float] = dict.fromkeys(OPTIONS, others)
    return Probabilities(**{**spread, answer.label: confidence})


def _quoted(answer: JudgeAnswer) -> str:
    return f"“{shown(answer.quote)}”"
