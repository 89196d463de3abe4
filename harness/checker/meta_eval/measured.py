"""Verifiers on one corpus of people's labels, side by side: what meta-evaluation gives."""

from __future__ import annotations

from dataclasses import dataclass

from harness.checker.meta_eval.edits import Edited
from harness.checker.meta_eval.judgements import CorpusMetrics
from harness.records import Agreement

FLOOR = "lexical"
"""The verifier that every other is shown beside: it only counts words."""


@dataclass(frozen=True, slots=True)
class VerifierMetrics:
    """One verifier on one corpus."""

    verifier: str
    """Its kind, and whether it is calibrated."""
    signature: str
    judged: CorpusMetrics | None
    """None where the corpus has no judgements."""
    edited: Edited | None
    """None where the corpus has no edited summaries."""
    verdicts: int
    """Different pairs that were judged."""
    seconds: float
    agreement: Agreement | None
    """What is known of the verifier on data that it was not fitted on."""
    learned_from: str | None
    """The file that it was fitted on and that this corpus is, or may hold rows of; None where there is none."""


@dataclass(frozen=True, slots=True)
class VerifierComparison:
    """The verifiers on one corpus, those that were asked for first."""

    corpus: str
    digest: str
    groups: int
    judgements: int
    edits: int
    unsure: int
    """Rows left out, of which people could not tell."""
    measured: tuple[VerifierMetrics, ...]

    def is_floor(self, measured: VerifierMetrics) -> bool:
        """Whether it only stands beside others."""
        return measured.verifier == FLOOR and measured is not self.measured[0]
