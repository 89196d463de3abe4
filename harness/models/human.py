"""The human ceiling: each reference, scored as if it were a system's summary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harness.records import Generation, Item, Request, Role
from harness.seams import Model


class Human(Model):
    """Returns the article's references as summaries: sample i is reference i, which is scored against the others."""

    role: Role = "ceiling"

    def samples_for(self, item: Item, variant: str | None = None) -> int:
        return max(1, len(item.references))

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        for request in requests:
            references = request.item.references
            if request.sample < len(references):
                reference = references[request.sample]
                yield Generation(request.id, reference.text, reference_id=reference.id)
            else:
                yield Generation(request.id, None, "the article has no reference", "none")
