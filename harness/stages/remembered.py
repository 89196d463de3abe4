"""What a strategy asks of the model that it is made of is kept and found like any other summary.

So a draft that is the base's own summary is not made twice, and a run that was killed repeats none of its calls.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from harness.data.cache import Cache, readable
from harness.data.runs.record_file import to_json
from harness.models.strategy import Strategy
from harness.records import Generation, Request
from harness.seams import GenerativeModel, Model


class Remembered(GenerativeModel):
    """A base model whose answers are looked up in the cache first, and kept there."""

    model: GenerativeModel
    cache: Any

    @property
    def sampled(self) -> bool:
        return self.model.sampled

    def signature(self) -> str:
        return self.model.signature()

    def generate(self, requests: Sequence[Request]) -> Iterator[Generation]:
        cached = readable(Generation, self.cache.get("generations", [request.id for request in requests]))
        yield from cached.values()
        for generation in self.model.generate([request for request in requests if request.id not in cached]):
            if not generation.transient:
                self.cache.put("generations", {generation.request_id: to_json(generation)})
            yield generation


def remembering(model: Model, cache: Cache) -> Model:
    """A strategy whose base remembers, as does that one's where it is a strategy too; any other model as it is."""
    base = remembering(model.base, cache) if isinstance(model, Strategy) else None
    return model.model_copy(update={"base": Remembered(model=base, cache=cache)}) if base else model
