"""BLEU and chrF against the references, as sacrebleu computes them for one summary at a time.

A mean over summaries is therefore not the corpus score that sacrebleu computes for a file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from harness.records import Case, Metric
from harness.scorers.measure import Measure, SummaryScorer, explain_no_reference

if TYPE_CHECKING:
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF


class _Sacrebleu(SummaryScorer):
    lowercase: bool = False
    """Compare in lower case."""

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        if reason := explain_no_reference(case) if text.strip() else "the summary is empty":
            return self.nothing(reason)
        (metric,) = self.metrics()
        score = self._engine.sentence_score(text, [reference.text for reference in case.references]).score
        return {metric.name: Measure(score)}

    @property
    def _engine(self) -> BLEU | CHRF:
        raise NotImplementedError

    def _sign(self, options: str) -> Mapping[str, str]:
        """Return sacrebleu's own signature."""
        case = "lc" if self.lowercase else "mixed"
        return {"sacrebleu": f"nrefs:var|case:{case}|eff:yes|{options}|version:{version('sacrebleu')}"}


class Bleu(_Sacrebleu):
    """Sentence-level BLEU (Papineni et al. 2002) by sacrebleu: 0 to 100, against all references at once.

    The order is effective: n-grams longer than the summary do not count.
    """

    tokenize: Literal["13a", "intl", "char", "zh", "none"] = "13a"
    """sacrebleu's tokenizer: 13a as in WMT, intl for other scripts with spaces, zh for Chinese, char for characters."""
    smooth: Literal["exp", "floor", "add-k", "none"] = "exp"
    """Smoothing of n-gram orders without a match (Chen and Cherry 2014), with sacrebleu's default value."""

    def depends(self) -> Mapping[str, str]:
        value = {"floor": "[0.10]", "add-k": "[1.00]"}.get(self.smooth, "")
        return self._sign(f"tok:{self.tokenize}|smooth:{self.smooth}{value}")

    def metrics(self) -> Sequence[Metric]:
        return (Metric("bleu", "BLEU", format="number"),)

    @cached_property
    def _engine(self) -> BLEU:
        from sacrebleu.metrics.bleu import BLEU

        return BLEU(self.lowercase, tokenize=self.tokenize, smooth_method=self.smooth, effective_order=True)


class Chrf(_Sacrebleu):
    """chrF (Popović 2015) by sacrebleu: 0 to 100, against the reference that gives the highest value.

    It needs no tokenizer, so it works in all languages.
    """

    word_order: int = Field(0, ge=0, le=9)
    """Maximum length of word n-grams to count besides characters; 2 is chrF++ (Popović 2017)."""

    def depends(self) -> Mapping[str, str]:
        return self._sign(f"nc:6|nw:{self.word_order}|space:no")

    def metrics(self) -> Sequence[Metric]:
        return (Metric("chrf", f"chrF{'+' * self.word_order}", format="number"),)

    @cached_property
    def _engine(self) -> CHRF:
        from sacrebleu.metrics.chrf import CHRF

        return CHRF(word_order=self.word_order, lowercase=self.lowercase)
