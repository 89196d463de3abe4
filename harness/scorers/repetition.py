"""How much of a summary repeats itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import Field

from harness.records import Case, Metric
from harness.scorers.measure import Measure, SummaryScorer, missing
from harness.scorers.novelty import list_ngrams
from harness.text import get_splitter_version, sentences, words


class Repetition(SummaryScorer):
    """Share of the summary's n-grams, and of its sentences, that repeat earlier ones.

    For n-grams this is seq-rep-n of Welleck et al. 2020: 1 - distinct / all. Sentences are compared by their words.
    """

    n: int = Field(3, ge=1, le=10)
    """Length of the n-grams in words."""

    def depends(self) -> Mapping[str, str]:
        return get_splitter_version()

    def metrics(self) -> Sequence[Metric]:
        return (
            Metric("repetition", f"Repeated {self.n}-grams", better="lower"),
            Metric("repeated_sentences", "Repeated sentences", better="lower"),
        )

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        summary = words(text)
        if not summary:
            return self.nothing("the summary has no words")
        lines = [tuple(words(span.text)) for span in sentences(text, case.item.article.language)]
        return {
            "repetition": _measure_repeats(list_ngrams(summary, self.n), f"the summary has fewer than {self.n} words"),
            "repeated_sentences": _measure_repeats(list(filter(None, lines)), "no sentence of the summary has words"),
        }


def _measure_repeats(pieces: Sequence[tuple[str, ...]], otherwise: str) -> Measure:
    return Measure(1 - len(set(pieces)) / len(pieces)) if pieces else missing(otherwise)
