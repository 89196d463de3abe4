"""From a judge's answer to a prediction: its quote looked up, its label weighed.

Probabilities come, in this order, from what the server gives: the logprobs of the label's first token (the labels
begin with different letters); the confidence that the judge states, the rest shared by the other two labels; else
``UNSTATED``. What a judge states is mostly too high (Xiong et al., ICLR 2024): ``harness calibrate`` mends that.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import accumulate

from harness.records import Pair, Probabilities, Span
from harness.servers.completion import Token
from harness.servers.no_answer import NoAnswer, shown
from harness.text import sentences
from harness.verifiers._choice import OPTIONS, Option
from harness.verifiers._judge.quote import locate
from harness.verifiers._judge.reply import Answer
from harness.verifiers._lexical.tokens import tokens
from harness.verifiers.decide import most_likely
from harness.verifiers.prediction import Prediction

UNSTATED = 0.8
"""P(label) where neither the server nor the judge says how sure it is: decided, and no surer than that."""

_LABEL = re.compile(r'"label"\s*:\s*"')
_BEGUN = re.compile(r'[\s":]*([a-z]+)')
"""A token that begins the label, what stands before it, and maybe after it."""


def predicted(given: Answer, answered: Sequence[Token], pair: Pair, related: bool) -> Prediction:
    """The prediction; NoAnswer where the label lacks its evidence, or is not what the judge holds likeliest.

    ``related``: whether the sentence quoted must share a word, number or name with the hypothesis.
    """
    evidence = _evidence(given, pair.premise)
    if evidence and related and given.label != "absent" and not _related(evidence, pair):
        raise NoAnswer(
            f"the judge says {given.label}, and the passage it quotes has no word of the statement: {_quoted(given)}"
        )
    probabilities = _by_tokens(answered) or _stated(given)
    if most_likely(probabilities) != given.label:
        raise NoAnswer(f"the judge says {given.label}, and holds it no likelier than {most_likely(probabilities)}")
    return Prediction(probabilities, evidence)


def _evidence(given: Answer, premise: str) -> Span | None:
    """The passage quoted; what is supported or contradicted has one, and no quote is made up."""
    if not given.quote.strip():
        if given.label == "absent":
            return None
        raise NoAnswer(f"the judge says {given.label}, and quotes nothing of the premise")
    span = locate(given.quote, premise)
    if span is None:
        raise NoAnswer(f"the judge says {given.label}, and what it quotes is not in the premise: {_quoted(given)}")
    return span


def _related(evidence: Span, pair: Pair) -> bool:
    """Whether the sentences that the passage is of share a content word with some wording of the hypothesis."""
    around = [each.text for each in sentences(pair.premise) if each.start < evidence.end and evidence.start < each.end]
    statement = _content(" ".join((pair.hypothesis, *pair.accepted, *pair.contrasts)))
    return bool(_content(evidence.text)) and not statement.isdisjoint(_content(" ".join([evidence.text, *around])))


def _content(text: str) -> set[str]:
    return {token.key for token in tokens(text) if token.kind not in ("function", "negator")}


def _by_tokens(answered: Sequence[Token]) -> Probabilities | None:
    """The probabilities of the label's first token, among the alternatives given; None where they are not given."""
    begins = [match.end() for match in _LABEL.finditer("".join(token.token for token in answered))]
    ends = accumulate(len(token.token) for token in answered)
    at = next((index for index, end in enumerate(ends) if begins and end > begins[-1]), None)
    if at is None:
        return None
    masses = dict.fromkeys(OPTIONS, 0.0)
    for alternative in answered[at].top_logprobs:
        begun = _BEGUN.match(alternative.token)
        option = next((option for option in OPTIONS if begun and option.startswith(begun[1])), None)
        if option is not None:
            masses[option] += math.exp(min(alternative.logprob, 0.0))
    total = sum(masses.values())
    return Probabilities(**{option: mass / total for option, mass in masses.items()}) if total > 0 else None


def _stated(given: Answer) -> Probabilities:
    confidence = UNSTATED if given.confidence is None else given.confidence
    others = (1 - confidence) / (len(OPTIONS) - 1)
    spread: dict[Option, float] = dict.fromkeys(OPTIONS, others)
    return Probabilities(**{**spread, given.label: confidence})


def _quoted(given: Answer) -> str:
    return f"“{shown(given.quote)}”"
