"""Precision of word sequences against the references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Literal

from harness.records import Case, Metric
from harness.scorers.measure import Measure, SummaryScorer, explain_no_reference

if TYPE_CHECKING:
    from sacrebleu.metrics.bleu import BLEU


class Bleu(SummaryScorer):
    """Sentence-level BLEU (Papineni et al. 2002) by sacrebleu: 0 to 100, against all references at once.

    Each summary is scored alone, with effective order: n-grams longer than the summary do not count. The mean over
    summaries is therefore not the corpus BLEU that sacrebleu computes for a file.
    """

    lowercase: bool = False
    """Compare in lower case."""
    tokenize: Literal["13a", "intl", "char", "zh", "none"] = "13a"
    """sacrebleu's tokenizer: 13a as in WMT, intl for other scripts with spaces, zh for Chinese, char for characters."""
    smooth: Literal["exp", "floor", "add-k", "none"] = "exp"
    """Smoothing of n-gram orders without a match (Chen and Cherry 2014), with sacrebleu's default value."""

    def depends(self) -> Mapping[str, str]:
        case = "lc" if self.lowercase else "mixed"
        value = {"floor": "[0.10]", "add-k": "[1.00]"}.get(self.smooth, "")
        signature = f"nrefs:var|case:{case}|eff:yes|tok:{self.tokenize}|smooth:{self.smooth}{value}"
        return {"sacrebleu": f"{signature}|version:{version('sacrebleu')}"}

    def metrics(self) -> Sequence[Metric]:
        return (Metric("bleu", "BLEU", format="number"),)

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        if reason := explain_no_reference(case) if text.strip() else "the summary is empty":
            return self.nothing(reason)
        bleu = self._bleu.sentence_score(text, [reference.text for reference in case.references])
        return {"bleu": Measure(bleu.score)}

    @cached_property
    def _bleu(self) -> BLEU:
        from sacrebleu.metrics.bleu import BLEU

        return BLEU(self.lowercase, tokenize=self.tokenize, smooth_method=self.smooth, effective_order=True)
