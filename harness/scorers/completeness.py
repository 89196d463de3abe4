"""Truncated summaries and prompts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.records import Case, Metric
from harness.scorers.measure import Measure, SummaryScorer


class Completeness(SummaryScorer):
    """1 or 0 per summary, so that a mean is the share of truncated summaries or prompts.

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
