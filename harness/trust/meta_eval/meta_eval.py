"""Ask a verifier what people have answered already, and compare: what ``harness meta-eval`` does."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from harness import progress
from harness.data.pairs.labelled import Corpus, EditedPair
from harness.records import Agreement, Pair, Verdict
from harness.seams import Verifier
from harness.text import sentences
from harness.trust.meta_eval import edits, judgements
from harness.trust.meta_eval.edits import EditMetrics, Scores
from harness.trust.meta_eval.judgements import CorpusMetrics
from harness.verifiers.predictive import PredictiveVerifier
from harness.weights.plugin import LoadsModel

FLOOR = "lexical"
"""The verifier that every other is shown beside: it only counts words."""


@dataclass(frozen=True, slots=True)
class VerifierMetrics:
    """One verifier on one corpus."""

    verifier: str
    """Its kind, and whether it is calibrated; as it was asked for, where another one would be called the same."""
    signature: str
    judged: CorpusMetrics | None
    """None where the corpus has no judgements."""
    edited: EditMetrics | None
    """None where the corpus has no edited summaries."""
    verdicts: int
    """Different pairs that were judged."""
    seconds: float
    agreement: Agreement | None
    """What is known of the verifier on data that it was not fitted on."""
    learned_from: str | None
    """The file that it was fitted on and that this corpus is, or may hold rows of; None where there is none."""
    learned_these: bool = False
    """Whether it is known that it was fitted on these very rows: they are the same to the byte."""
    is_floor: bool = False
    """Whether nobody asked for it, and it only stands beside the others."""

    @property
    def title(self) -> str:
        """What it is called in a table: ``lexical (floor)``."""
        return self.verifier + " (floor)" * self.is_floor


@dataclass(frozen=True, slots=True)
class VerifierComparison:
    """The verifiers on one corpus, those that were asked for first."""

    corpus: str
    digest: str
    groups: int
    judgements: int
    edits: int
    unsure: int
    """Rows left out, of which people could not tell, or disagreed."""
    measured: tuple[VerifierMetrics, ...]


def compare(
    corpus: Corpus, verifiers: Mapping[str, Verifier], seed: int, floor: Verifier | None = None
) -> VerifierComparison:
    """Every verifier, by what it was asked for as, on a corpus that has labels, and the floor beside them.

    The seed deals the folds and draws the resamples.
    """
    names = {asked: _name(verifier) for asked, verifier in verifiers.items()}
    several = {name for name, count in Counter(names.values()).items() if count > 1}
    measured = [
        replace(measure(verifier, corpus, seed), verifier=asked if names[asked] in several else names[asked])
        for asked, verifier in verifiers.items()
    ]
    if floor is not None:
        measured.append(replace(measure(floor, corpus, seed), is_floor=True))
    return VerifierComparison(
        corpus=corpus.name,
        digest=corpus.digest,
        groups=len(corpus.groups),
        judgements=len(corpus.judgements),
        edits=len(corpus.edits),
        unsure=corpus.unsure,
        measured=tuple(measured),
    )


def measure(verifier: Verifier, corpus: Corpus, seed: int) -> VerifierMetrics:
    """One verifier on one corpus. Verifiers that are measured with one seed get the same folds and resamples."""
    summaries = [(edit.article, summary) for edit in corpus.edits for summary in (edit.faithful, edit.edited)]
    pairs = [row.pair for row in corpus.judgements] + [pair for each in summaries for pair in _sentences(*each)]
    started = time.monotonic()
    verdicts = _verdicts(verifier, pairs, corpus.name)
    seconds = time.monotonic() - started
    rows, edited, agreement = corpus.judgements, corpus.edits, verifier.agreement()
    fitted = agreement.fitted if agreement else {}
    learned_from = corpus.among(fitted)
    by_system = rows if corpus.facts_by_system is None else corpus.facts_by_system
    rng = np.random.default_rng(seed)
    return VerifierMetrics(
        verifier=_name(verifier),
        signature=verifier.signature(),
        judged=judgements.corpus_metrics(rows, verdicts, rng, by_system) if rows else None,
        edited=edits.edit_metrics(edited, [_scores(edit, verdicts) for edit in edited], rng) if edited else None,
        verdicts=len(verdicts),
        seconds=seconds,
        agreement=agreement,
        learned_from=learned_from,
        learned_these=learned_from is not None and fitted[learned_from] in corpus.sources.values(),
    )


def _verdicts(verifier: Verifier, pairs: Sequence[Pair], name: str) -> dict[Pair, Verdict]:
    """The verdict on each different pair, under a progress bar."""
    different = list(dict.fromkeys(pairs))
    verdicts: dict[Pair, Verdict] = {}
    for batch in progress.batches(f"{verifier.kind()}: {name}", different, verifier.together):
        verdicts |= zip(batch, verifier.verify(batch), strict=True)
    return verdicts


def _sentences(article: str, summary: str) -> list[Pair]:
    """The article against each sentence of the summary; against all of it where it has none."""
    return [Pair(article, span.text) for span in sentences(summary)] or [Pair(article, summary)]


def _scores(edit: EditedPair, verdicts: dict[Pair, Verdict]) -> Scores:
    faithful, edited = (
        tuple(verdicts[pair].probabilities.supported for pair in _sentences(edit.article, summary))
        for summary in (edit.faithful, edit.edited)
    )
    return Scores(faithful, edited)


def _name(verifier: Verifier) -> str:
    """Its kind, with the model where it takes one, told apart from the same without its calibration."""
    model = f" {verifier.source.name}" if isinstance(verifier, LoadsModel) else ""
    calibrated = isinstance(verifier, PredictiveVerifier) and verifier.calibration is not None
    return verifier.kind() + model + (", calibrated" if calibrated else "")
