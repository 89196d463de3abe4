"""What a summary took to make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import Field

from harness.price import Price
from harness.records import Case, Generation, Metric
from harness.scorers.measure import Measure, SummaryScorer, missing


class Cost(SummaryScorer):
    """Seconds (a summary's share of the wall time of its batch) and tokens, as the model recorded them.

    ``tokens_per_second`` is new tokens over seconds. With ``price`` or ``prices``, ``price_per_1000`` is what 1,000
    such summaries cost: one costs too little to be read. Free is a price too; a system without one has a reason.
    """

    price: bool = False
    """Say what summaries cost by the prices that their models were given, see price_per_million of openai_api."""

    prices: dict[str, Price] = Field(default_factory=dict)
    """System or model → price of a million prompt tokens and of a million new ones, {gpt: {prompt: 2.5, new: 10}}.
    They go before what the models were given."""
    currency: str = Field("USD", pattern="^[A-Z]{3}$")
    """What the prices are in, as three letters."""

    def metrics(self) -> Sequence[Metric]:
        title = f"{self.currency} per 1,000 summaries"
        price = Metric("price_per_1000", title, better="lower", format="number", headline=True)
        return (
            Metric("seconds", "Seconds", better="lower", format="seconds", headline=True),
            Metric("prompt_tokens", "Prompt tokens", better="neither", format="count"),
            Metric("new_tokens", "New tokens", better="neither", format="count"),
            Metric("tokens_per_second", "New tokens per second", format="number"),
            *([price] if self._priced else []),
        )

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        generation = case.summary.generation
        measures = {
            "seconds": _recorded(generation.seconds, "the summary was not timed"),
            "prompt_tokens": _recorded(generation.prompt_tokens, "the model counted no prompt tokens"),
            "new_tokens": _recorded(generation.new_tokens, "the model counted no new tokens"),
        }
        measures["tokens_per_second"] = _speed(measures["new_tokens"], measures["seconds"])
        return measures | {"price_per_1000": self._price(case.summary.system, generation)} if self._priced else measures

    @property
    def _priced(self) -> bool:
        return self.price or bool(self.prices)

    def _price(self, system: str, generation: Generation) -> Measure:
        price = self.prices.get(system) or self.prices.get(system.partition("/")[0])
        if price is None and generation.price is not None:
            return Measure(generation.price * 1000)
        if generation.prompt_tokens is None or generation.new_tokens is None:
            return missing("the model did not count its tokens")
        if price is None:
            return missing(f"{system} had no price when the summary was made; give it one in prices of this scorer")
        millionths = price["prompt"] * generation.prompt_tokens + price["new"] * generation.new_tokens
        return Measure(millionths / 1000)


def _recorded(value: float | None, otherwise: str) -> Measure:
    return missing(otherwise) if value is None else Measure(value)


def _speed(tokens: Measure, seconds: Measure) -> Measure:
    if tokens.value is None or seconds.value is None:
        return missing(tokens.reason or seconds.reason or "")
    return Measure(tokens.value / seconds.value) if seconds.value else missing("it took no measurable time")
