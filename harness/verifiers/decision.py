"""Asks a decision model to choose: supported, contradicted or absent, with a probability for each.

A decision model answers a typed question in one forward pass and writes no text. Any chat model can be asked so, in
this process or behind a server that answers ``POST /v1/systemone`` (``transformers serve`` does). The question is put
in every cyclic order of its options, see ``_decision/question.py``. It gives no evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, Field, ValidationError, model_validator

from harness.records import Pair
from harness.servers.connection import Connection
from harness.servers.no_answer import Failed, NoAnswer
from harness.servers.options import AsksServer, public, same_model
from harness.signature import digest
from harness.verifiers._decision import local
from harness.verifiers._decision.local import Local
from harness.verifiers._decision.question import CRITERIA, INSTRUCTIONS, probabilities, questions, state
from harness.verifiers.prediction import Option, Prediction, abstain
from harness.verifiers.windowed import WindowedVerifier
from harness.weights.device import place
from harness.weights.plugin import LoadsModel
from harness.weights.source import Head


class _Served(BaseModel):
    """A server's reply to ``POST /v1/systemone``."""

    model: str
    answers: dict[str, Any]


class DecisionModel(LoadsModel, AsksServer, WindowedVerifier):
    """A choice of three from a decision model, each order of the options weighing the same."""

    head: ClassVar[Head] = "causal"
    unsigned: ClassVar[frozenset[str]] = frozenset({"instructions", "criteria"})  # their digest is signed

    instructions: str = Field(INSTRUCTIONS, min_length=1)
    """The question. Premise and hypothesis are put beside it as JSON, which their text cannot leave."""
    criteria: dict[Option, str] = Field(dict(CRITERIA), min_length=3)
    """What each of the three options means."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Number type of the weights; auto is float32 on the CPU, elsewhere the type that they are stored in."""
    max_context: int | None = Field(None, ge=64)
    """Tokens that a prompt may have; null for as many as the model was made for."""

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        loading = sorted({"revision", "device", "dtype", "max_context"} & self.model_fields_set)
        if self.base_url is not None and loading:
            raise ValueError(f"the server at base_url has its model loaded; leave out {', '.join(loading)}")
        return self

    @property
    def together(self) -> int:
        """A few: here a pair takes seconds on a CPU."""
        return 8 if self.base_url is None else 8 * self.concurrency

    def check(self) -> Iterable[str]:
        return super().check() if self.base_url is None else WindowedVerifier.check(self)

    def depends(self) -> Mapping[str, str]:
        model = {"model": public(self.model)} if self.base_url is not None else super().depends()
        return {**model, "prompt": digest(self.instructions, dict(self.criteria))}

    def predict_windows(self, pairs: Sequence[Pair]) -> list[Prediction]:
        if self.base_url is None:
            return [self._here(pair) for pair in pairs]
        answers = self.server(self.base_url).map(self._served, pairs)
        return [
            abstain(str(answer), transient=answer.transient) if isinstance(answer, NoAnswer) else answer
            for answer in answers
        ]

    def _here(self, pair: Pair) -> Prediction:
        try:
            return Prediction(probabilities(self._local.answers(self._request(pair))))
        except NoAnswer as reason:
            return abstain(str(reason), transient=reason.transient)

    async def _served(self, connection: Connection, pair: Pair) -> Prediction:
        body = await connection.post("/systemone", {"model": self.model, **self._request(pair)})
        try:
            reply = _Served.model_validate(body)
        except ValidationError:
            raise Failed("the server's answer is not one of POST /v1/systemone", transient=True) from None
        same_model(reply.model, self.model, self.served_as)
        return Prediction(probabilities(reply.answers))

    def _request(self, pair: Pair) -> dict[str, Any]:
        return {"state": state(pair), "questions": questions(self.instructions, self.criteria)}

    @cached_property
    def _local(self) -> Local:
        local.must_be_there()
        if local.has_head(self.source, self.commit):
            pipeline = local.headed(self.source, self.commit, self.dtype, place(self.device))
        else:
            pipeline = local.around(self.load(self.dtype))
        return Local(pipeline, self.source.name, self.max_context)
