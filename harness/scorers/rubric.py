"""A language model's ratings of a summary, by criteria whose scores are described in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import fsum
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from harness.records import Case, Metric, Question
from harness.scorers.judged import JudgedScorer, read_answers, read_value
from harness.scorers.measure import Measure, missing
from harness.signature import digest

_BUILT_IN: Mapping[str, Mapping[str, Any]] = {
    "coherence": {
        "question": "Is the summary coherent: is it well structured, and does each sentence build on the previous one?",
        "anchors": {
            1: "it is a heap of unrelated sentences",
            3: "it can be followed, despite jumps or repetition",
            5: "it is well organised from the first sentence to the last",
        },
    },
    "fluency": {
        "question": "Is each sentence of the summary well written, in grammar, spelling, punctuation and word choice?",
        "anchors": {
            1: "errors make it hard to understand",
            3: "it is understandable, but has some errors or awkward sentences",
            5: "it has no errors and reads easily",
        },
        "article": False,
    },
    "relevance": {
        "question": "Does the summary pick out what matters most in the article, and leave out the rest?",
        "anchors": {
            1: "it misses the main point, or is mostly about side issues",
            3: "it has the main point, but misses important content or includes side issues",
            5: "it has the important content and nothing else",
        },
    },
    "conciseness": {
        "question": "Does the summary say what it says in as few words as possible?",
        "anchors": {
            1: "it is mostly repetition or padding",
            3: "some words or sentences could be cut without loss",
            5: "nothing could be cut without loss",
        },
    },
}
"""Based on the dimensions of SummEval (Fabbri et al. 2021); consistency is measured by ``faithfulness``."""


class Criterion(BaseModel):
    """A quality to rate, and the meaning of each score. A built-in criterion needs only its name."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    """The name used in metric names: coherence, fluency, relevance, conciseness, or your own."""
    question: str = Field(min_length=1)
    """The question to the judge about the summary."""
    anchors: dict[Annotated[int, Field(ge=0, le=100)], Annotated[str, Field(min_length=1)]] = Field(min_length=2)
    """The meaning of each score, e.g. {1: …, 5: …}. The lowest and the highest are the ends of the scale; the judge may
    give any whole number between them. Higher is better."""
    article: bool = True
    """Show the article to the judge."""

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        name = given.get("name")
        if isinstance(name, str) and name in _BUILT_IN:
            return {**_BUILT_IN[name], **given}
        if isinstance(name, str) and len(given) == 1:
            raise ValueError(
                f"{name!r} is not a built-in criterion ({', '.join(_BUILT_IN)}); to define it, write "
                f"{{name: {name}, question: …, anchors: {{1: …, 5: …}}}}"
            )
        return given

    @property
    def scale(self) -> tuple[str, ...]:
        return tuple(map(str, range(min(self.anchors), max(self.anchors) + 1)))

    @property
    def wording(self) -> str:
        """The question, followed by the scale."""
        anchors = "\n".join(f"{score}: {meaning}" for score, meaning in sorted(self.anchors.items()))
        return (
            f"{self.question}\n\nAnswer with a whole number from {self.scale[0]} to {self.scale[-1]}. "
            f"What the numbers mean:\n{anchors}"
        )


_NamedCriterion = Annotated[
    Criterion,
    BeforeValidator(
        lambda value: {"name": value} if isinstance(value, str) else value, json_schema_input_type=str | Criterion
    ),
]


class Rubric(JudgedScorer):
    """A language model's scores on a scale described in words; it is asked once for each criterion and draw.

    ``rubric.NAME`` is the mean over the draws. A draw is the score that the judge gave or, if the server gives logprobs
    and all scores are single digits, the probability-weighted mean over the scale (G-Eval, Liu et al. 2023). Each score
    lists the judge's answers; ``judgements.jsonl`` has the explanations. Unreadable answers are left out. Judges favour
    long texts, and texts that they wrote themselves: see docs/scorers.md.
    """

    unsigned: ClassVar[frozenset[str]] = frozenset({"criteria"})  # signed by name and digest

    criteria: tuple[_NamedCriterion, ...] = Field(min_length=1)
    """Built-in criteria by name, or mappings with name, question and anchors."""
    draws: int = Field(1, ge=1, le=100)
    """Number of answers to request for each question; more than one needs a temperature above 0."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.draws > 1 and not self.temperature:
            raise ValueError(f"at temperature 0 all {self.draws} draws are identical; set temperature: 1, or draws: 1")
        names = [criterion.name for criterion in self.criteria]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f"two criteria are named {twice!r}; rename one")
        return self

    def depends(self) -> Mapping[str, str]:
        prompt = digest([(each.wording, each.article) for each in self.criteria])
        return {**super().depends(), "criteria": ",".join(each.name for each in self.criteria), "prompt": prompt}

    def metrics(self) -> Sequence[Metric]:
        return [
            Metric(
                f"{self.name}.{each.name}", f"{each.name.capitalize()} ({each.scale[0]} to {each.scale[-1]})",
                format="number", headline=True,
            )
            for each in self.criteria
        ]  # fmt: skip  # more compact

    def questions(self, case: Case) -> Iterable[Question]:
        for criterion in self.criteria:
            yield from self._write_draws(case, criterion)

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        return {f"{self.name}.{each.name}": self._measure(case, each) for each in self.criteria}

    def _measure(self, case: Case, criterion: Criterion) -> Measure:
        answers, reason = read_answers(case, self._write_draws(case, criterion))
        if not answers:
            return missing(reason)
        scores = {score: float(score) for score in criterion.scale}
        names = tuple(answer.choice for answer in answers if answer.choice)
        return Measure(fsum(read_value(answer, scores) for answer in answers) / len(answers), names=names)

    def _write_draws(self, case: Case, criterion: Criterion) -> list[Question]:
        texts = {"ARTICLE": case.item.article.text} if criterion.article else {}
        texts["SUMMARY"] = case.summary.text or ""
        return [
            self.write_question(case, (case.summary.system,), texts, criterion.wording, criterion.scale, draw)
            for draw in range(self.draws)
        ]
