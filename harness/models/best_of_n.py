"""Several summaries are drawn, and the one is kept that a verifier finds the article to support most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Self

from pydantic import Field, model_validator

from harness.models._checking import CheckingStrategy, best, step
from harness.models.strategy import Draft
from harness.records import Generation, Item


class BestOfN(CheckingStrategy):
    """The best of several summaries by the mean probability that the article supports their statements."""

    n: int = Field(5, ge=2, le=100)
    """Summaries to choose from."""

    @model_validator(mode="after")
    def _candidates_differ(self) -> Self:
        if not self.base.sampled:
            raise ValueError(
                f"the base model takes the likeliest token and writes one summary {self.n} times; set its "
                f"temperature above 0"
            )
        return self

    def calls(self, item: Item) -> int:
        return self.n * self.base.calls(item)

    def summarise(self, drafts: Sequence[Draft]) -> Iterable[Generation]:
        names = [f"candidate {number}" for number in range(1, self.n + 1)]
        calls = [
            (draft, draft.base_request(self.base, name, draft.request.messages)) for draft in drafts for name in names
        ]
        answers = self.call(calls)
        written = [
            (draft, name, answer)
            for (draft, _), name, answer in zip(calls, names * len(drafts), answers, strict=True)
            if answer.text is not None
        ]
        checked = self.check_texts([(draft, answer) for draft, _, answer in written])
        for (draft, name, answer), claims in zip(written, checked, strict=True):
            draft.steps.append(step(name, answer.text or "", claims))
        return [_chosen(draft, self.n) for draft in drafts]


def _chosen(draft: Draft, n: int) -> Generation:
    unanswered = [call for call in draft.calls if call.text is None]
    failed = next((call for call in unanswered if call.transient), None) or (
        unanswered[0] if len(unanswered) == n else None
    )
    if failed is not None:
        draft.fail(failed.reason, failed.transient)
    if draft.failure is not None:
        return draft.generation(None, None)
    written = [call for call in draft.calls if call.text is not None]
    kept = best(draft.steps)
    supports = [each.support or 0.0 for each in draft.steps]
    how = (
        f"the best of {len(written)} by the verifier: supported {supports[kept]:.2f}, "
        f"all of them {min(supports):.2f} to {max(supports):.2f}"
    )
    return draft.generation(written[kept], how)
