"""A strategy: a system made of another model, asked more than once for a summary, with a record of what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar, Self, TypeVar

from pydantic import SerializeAsAny, WithJsonSchema, model_validator

from harness.records import Generation, Item, Message, Request, Step
from harness.seams import GenerativeModel
from harness.signature import digest

T = TypeVar("T", int, float)


@dataclass
class Draft:
    """A summary in the making."""

    request: Request
    calls: list[Generation] = field(default_factory=list)
    """All that the model was asked for it, whatever came of it."""
    steps: list[Step] = field(default_factory=list)
    seconds: float = 0.0
    """Seconds spent on it beside the calls."""
    failure: Generation | None = None
    """Why there is no summary, and whether there may be one when it is asked for again."""

    def base_request(self, base: GenerativeModel, name: str, messages: Sequence[Message]) -> Request:
        """The request of a call to the base; where tokens are drawn, with a seed made from the call's name."""
        parent = self.request
        seed = int(digest(parent.seed, name), 16) % 2**63 if base.sampled else 0
        return base.request(parent.item, parent.system, tuple(messages), parent.sample, seed)

    def fail(self, reason: str | None, transient: bool = False) -> None:
        """There is no summary, and this is why."""
        self.failure = Generation(self.request.id, None, reason, "none", transient=transient)

    def generation(self, kept: Generation | None, how: str | None) -> Generation:
        """The record: the text of the call that is ``kept``, and all calls counted.

        What one call did not count is not known of their sum. The article was cut where it was for the call that is
        kept; where the text is made of all calls, for any of them.
        """
        final = self.failure or replace(kept or self.calls[-1], request_id=self.request.id)
        read = [kept] if kept else self.calls
        spent = _sum(call.seconds for call in self.calls)
        return replace(
            final,
            cut="; ".join(dict.fromkeys(call.cut for call in read if call.cut)) or None,
            how=how,
            prompt_tokens=_sum(call.prompt_tokens for call in self.calls),
            new_tokens=_sum(call.new_tokens for call in self.calls),
            seconds=None if spent is None else spent + self.seconds,
            price=_sum(call.price for call in self.calls),
            steps=tuple(self.steps),
        )


class Strategy(GenerativeModel):
    """What strategies share: each call is a request to the base model, and a draft may be the base's own summary."""

    unsigned: ClassVar[frozenset[str]] = frozenset({"base"})
    reads_references: ClassVar[bool] = False

    base: Annotated[SerializeAsAny[GenerativeModel], WithJsonSchema({"type": "string"})]
    """The model that writes: the name of another one of this config, one that answers prompts."""

    @model_validator(mode="after")
    def _samples_differ(self) -> Self:
        if self.samples > 1 and not self.sampled:
            raise ValueError(
                f"the base model takes the likeliest token, and makes one summary {self.samples} times; "
                f"set its temperature, or samples: 1"
            )
        return self

    @property
    def sampled(self) -> bool:
        return self.base.sampled

    @property
    def together(self) -> int:
        return self.base.together

    @property
    def max_new_tokens(self) -> int | None:
        """The token limit of each call; None where the base names none."""
        return getattr(self.base, "max_new_tokens", None)

    def depends(self) -> Mapping[str, str]:
        return {**super().depends(), "base": digest(self.base.signature())}

    def reads_besides(self, item: Item) -> tuple[str, ...]:
        """The article as its verifier reads it; what divides an article reads its language too."""
        return (item.article.text, *item.article.context)

    def summarise(self, drafts: Sequence[Draft]) -> Iterable[Generation]:
        """One generation a draft, each as soon as it is made; ``drafts`` are few enough to be made together."""
        raise NotImplementedError

    def generate(self, requests: Sequence[Request]) -> Iterator[Generation]:
        for start in range(0, len(requests), self.together):
            yield from self.summarise([Draft(request) for request in requests[start : start + self.together]])

    def call(self, calls: Sequence[tuple[Draft, Request]]) -> list[Generation]:
        """What the base model answers, in order; each answer is written down with its draft."""
        requests = {request.id: request for _, request in calls}
        if not requests:
            return []
        answers = {answer.request_id: answer for answer in self.base.generate(list(requests.values()))}
        for draft, request in calls:
            draft.calls.append(answers[request.id])
        return [answers[request.id] for _, request in calls]


def _sum(values: Iterable[T | None]) -> T | None:
    counts = list(values)
    counted = [value for value in counts if value is not None]
    return sum(counted[1:], counted[0]) if counted and len(counted) == len(counts) else None
