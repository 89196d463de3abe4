"""Scorers that read the model's own record of a summary: its time, tokens and price, and what was cut off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import Field

from harness.records import Case, Generation, Metric
from harness.scorers.measure import Measure, SummaryScorer, missing
from harness.seams import Price


class Completeness(SummaryScorer):
    """Whether the summary or its prompt was truncated, as 1 or 0, so that the mean is a share.

    ``cut_off``: the model hit its token limit. ``prompt_cut``: the prompt did not fit the context; the score names the
    part that was left out.
    """

    def metrics(self) -> Sequence[Metric]:
        return (
            Metric("cut_off", "Cut off at the token limit", better="lower"),
            Metric("prompt_cut", "Prompt truncated", better="lower"),
        )

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        generation = case.summary.generation
        return {
            "cut_off": Measure(float(generation.finish == "length")),
            "prompt_cut": Measure(1.0, names=(generation.cut,)) if generation.cut else Measure(0.0),
        }


class Cost(SummaryScorer):
    """Tokens, and seconds of the last try, as the model recorded them; a batch's summaries share its wall time equally.

    ``tokens_per_second`` is new tokens divided by seconds. With ``price`` or ``prices``, ``price_per_1000`` is the
    price of 1,000 such summaries. A system without a price has no value; a price of 0 is valid.
    """

    price: bool = False
    """Report prices, computed from each model's price_per_million."""
    prices: dict[str, Price] = Field(default_factory=dict)
    """Prices per million prompt tokens and per million new tokens, by system or model: {gpt: {prompt: 2.5, new: 10}}.
    They take precedence over price_per_million."""
    currency: str = Field("USD", pattern="^[A-Z]{3}$")
    """Currency of the prices, in three letters."""

    def metrics(self) -> Sequence[Metric]:
        title = f"{self.currency} per 1,000 summaries"
        price = Metric("price_per_1000", title, better="lower", format="number", headline=True)
        return (
            Metric("seconds", "Seconds", better="lower", format="seconds", headline=True),
            Metric("prompt_tokens", "Prompt tokens", better="neither", format="count"),
            Metric("new_tokens", "New tokens", better="neither", format="count"),
            Metric("tokens_per_second", "New tokens per second", format="number"),
            *([price] if self.price or self.prices else []),
        )

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        generation = case.summary.generation
        recorded = {
            "seconds": (generation.seconds, "the summary was not timed"),
            "prompt_tokens": (generation.prompt_tokens, "the model gave no count of prompt tokens"),
            "new_tokens": (generation.new_tokens, "the model gave no count of new tokens"),
        }
        measures = {name: Measure(value, why if value is None else None) for name, (value, why) in recorded.items()}
        if generation.new_tokens is None or generation.seconds is None:
            speed = missing(measures["new_tokens"].reason or measures["seconds"].reason or "")
        elif generation.seconds == 0:
            speed = missing("the summary took no measurable time")
        else:
            speed = Measure(generation.new_tokens / generation.seconds)
        measures["tokens_per_second"] = speed
        if self.price or self.prices:
            measures["price_per_1000"] = self._price_per_1000(case.summary.system, generation)
        return measures

    def _price_per_1000(self, system: str, generation: Generation) -> Measure:
        price = self.prices.get(system) or self.prices.get(system.partition("/")[0])
        if price is None and generation.price is not None:
            return Measure(generation.price * 1000)
        if generation.prompt_tokens is None or generation.new_tokens is None:
            return missing("the model did not count its tokens")
        if price is None:
            return missing(f"{system} had no price when the summary was made; add one to `prices` of this scorer")
        return Measure((price["prompt"] * generation.prompt_tokens + price["new"] * generation.new_tokens) / 1000)
