"""How long a summary is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import Field

from harness.records import Case, Metric
from harness.scorers.measure import Measure, SummaryScorer
from harness.text import get_splitter_version, sentences, words


class Length(SummaryScorer):
    """Words, sentences and characters (code points, without white space at the ends) of the summary.

    With ``target_words``, ``length_ratio`` is words divided by that target: 1 means that the target was met.
    """

    target_words: int | None = Field(None, ge=1)
    """Number of words that the summaries should have."""

    def depends(self) -> Mapping[str, str]:
        return get_splitter_version()

    def metrics(self) -> Sequence[Metric]:
        against_target = Metric("length_ratio", "Words over target", better="neither", format="number")
        return (
            Metric("words", "Words", better="neither", format="count", headline=True),
            Metric("sentences", "Sentences", better="neither", format="count"),
            Metric("characters", "Characters", better="neither", format="count"),
            *([against_target] if self.target_words else []),
        )

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        length = len(words(text))
        measures = {
            "words": Measure(length),
            "sentences": Measure(len(sentences(text, case.item.article.language))),
            "characters": Measure(len(text.strip())),
        }
        return measures | {"length_ratio": Measure(length / self.target_words)} if self.target_words else measures
