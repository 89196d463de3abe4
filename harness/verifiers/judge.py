"""Asks a large language model behind an OpenAI-compatible server for a label, and for the words that bear it out.

The judge answers in JSON: label, confidence, and a verbatim quote. What it says is taken only as far as the premise
bears it out: the quote is looked up there, and a label without its evidence is ``uncertain``, with the reason. So is a
refusal, prose, broken JSON, an answer to another question or by another model, and no answer in time.

The server's JSON schema is asked for where it takes one; the same form is asked for in words too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import ClassVar

from pydantic import Field

from harness.records import Pair
from harness.servers.completion import completion
from harness.servers.connection import Connection
from harness.servers.no_answer import NoAnswer
from harness.servers.optional_fields import FieldGroup, OptionalFields, max_tokens
from harness.servers.options import MOST_TOKENS, AsksServer, public, same_model
from harness.servers.server import OPENAI
from harness.verifiers._judge import prompt
from harness.verifiers._judge.answer import predicted, read_answer
from harness.verifiers.decide import most_likely
from harness.verifiers.prediction import Prediction, abstain
from harness.verifiers.windowed import WindowedVerifier


class Judge(AsksServer, WindowedVerifier):
    """A language model behind a server, whose evidence is looked up in the premise."""

    unsigned: ClassVar[frozenset[str]] = frozenset({"model", "instructions"})  # signed by name and digest

    model: str = Field(min_length=1)
    """The model, as the server names it; one with a date in its name stays the same."""
    base_url: str = OPENAI
    """Where the server is, such as http://localhost:8000/v1."""
    instructions: str = Field(prompt.INSTRUCTIONS, min_length=1)
    """The system message. Premise, statement and the form of the answer follow it, and stay as they are."""
    related: bool = True
    """Take a quote only where its sentence shares a word, number or name with the statement; turn it off where
    premises and statements are in different languages."""
    max_tokens: int = Field(1000, ge=50, le=MOST_TOKENS)
    """Tokens after which an answer is cut, which makes it unreadable; a model that thinks first needs more."""
    seed: int = Field(0, ge=0, lt=2**63)
    """Handed to the server, with temperature 0; few servers promise the same answer twice."""

    @property
    def answer_tokens(self) -> int:
        return self.max_tokens

    @property
    def together(self) -> int:
        """A few rounds of questions: an answer may cost money."""
        return 8 * self.concurrency

    def depends(self) -> Mapping[str, str]:
        return {"model": public(self.model), "prompt": prompt.version(self.instructions)}

    def predict_windows(self, pairs: Sequence[Pair]) -> list[Prediction]:
        answers = self.server(self.base_url).map(self._asked, pairs)
        return [
            abstain(str(answer), transient=answer.transient) if isinstance(answer, NoAnswer) else answer
            for answer in answers
        ]

    async def _asked(self, connection: Connection, pair: Pair) -> Prediction:
        question = prompt.question(pair)
        messages = [
            {"role": "system", "content": self.instructions},
            {"role": "user", "content": question.text},
        ]
        body = {"model": self.model, "messages": messages}
        completed = completion(await self._optional_fields.post(connection, "/chat/completions", body))
        same_model(completed.model, self.model, self.served_as)
        prediction = predicted(read_answer(completed, question.id), completed.tokens, pair, self.related)
        return replace(prediction, reason=self._without)

    def recalibrate(self, prediction: Prediction) -> Prediction:
        """The calibrated prediction; it abstains where only the calibration, and no quote, would call it supported."""
        mended, likeliest = super().recalibrate(prediction), most_likely(prediction.probabilities)
        if self.decide(mended).label != "supported" or likeliest == "supported":
            return mended
        return replace(mended, abstained=True, reason=f"the judge says {likeliest}, and quotes nothing in support")

    @property
    def _without(self) -> str | None:
        """What the server was not asked for, as it does not take it; None where it takes all."""
        unsupported = ", ".join(self._optional_fields.unsupported)
        return f"asked without {unsupported}, which the server does not take" if unsupported else None

    @cached_property
    def _optional_fields(self) -> OptionalFields:
        return OptionalFields(
            {
                "a JSON schema": FieldGroup({"response_format": prompt.RESPONSE_FORMAT}, prompt.SCHEMA_NAMES),
                "logprobs": FieldGroup({"logprobs": True, "top_logprobs": 5}, ("logprobs",)),
                "seed": FieldGroup({"seed": self.seed}),
                "temperature": FieldGroup({"temperature": 0}),
                "max_tokens": max_tokens(self.max_tokens),
            }
        )
