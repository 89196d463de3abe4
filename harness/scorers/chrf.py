"""Overlap of character sequences with the references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING

from pydantic import Field

from harness.records import Case, Metric
from harness.scorers.measure import Measure, SummaryScorer, explain_no_reference

if TYPE_CHECKING:
    from sacrebleu.metrics.chrf import CHRF


class Chrf(SummaryScorer):
    """chrF (Popović 2015) by sacrebleu: 0 to 100, against the reference that gives the highest value.

    It needs no tokenizer, so it works in all languages. Each summary is scored alone, so the mean over summaries is not
    the corpus chrF that sacrebleu computes for a file.
    """

    word_order: int = Field(0, ge=0, le=9)
    """Maximum length of word n-grams to count besides characters; 2 is chrF++ (Popović 2017)."""
    lowercase: bool = False
    """Compare in lower case."""

    def depends(self) -> Mapping[str, str]:
        case = "lc" if self.lowercase else "mixed"
        signature = f"nrefs:var|case:{case}|eff:yes|nc:6|nw:{self.word_order}|space:no"
        return {"sacrebleu": f"{signature}|version:{version('sacrebleu')}"}

    def metrics(self) -> Sequence[Metric]:
        return (Metric("chrf", f"chrF{'+' * self.word_order}", format="number"),)

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        if reason := explain_no_reference(case) if text.strip() else "the summary is empty":
            return self.nothing(reason)
        chrf = self._chrf.sentence_score(text, [reference.text for reference in case.references])
        return {"chrf": Measure(chrf.score)}

    @cached_property
    def _chrf(self) -> CHRF:
        from sacrebleu.metrics.chrf import CHRF

        return CHRF(word_order=self.word_order, lowercase=self.lowercase)
