"""Compare verifiers with people's labels.

Pairs of summaries follow the protocol of BUMP (Ma et al. 2023): a faithful summary, and the same summary with one error
that a person injected. The score of a summary is the mean P(supported) of its sentences, given the article. Consistency
is the share of pairs in which the faithful summary scores higher; a tie fails. The AUC compares the scores of all
faithful summaries with those of all edited ones.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from harness import progress
from harness.data.pairs import Corpus, EditedPair
from harness.records import Agreement, Pair, Verdict
from harness.seams import Verifier
from harness.stats import agreement
from harness.stats.agreement import Figure
from harness.stats.resampling import Resampler
from harness.text import sentences
from harness.trust.judgements import CorpusMetrics, measure_judgements
from harness.verifiers.predictive import PredictiveVerifier
from harness.weights.plugin import LoadsModel

FLOOR = "lexical"
"""The verifier to measure as a baseline; it only compares words."""


@dataclass(frozen=True, slots=True)
class EditPairs:
    kind: str
    """The kind of error; empty for all kinds together."""
    pairs: int
    consistency: Figure
    auc: Figure


@dataclass(frozen=True, slots=True)
class EditMetrics:
    groups: int
    every: EditPairs
    kinds: tuple[EditPairs, ...]


@dataclass(frozen=True, slots=True)
class VerifierMetrics:
    """One verifier on one corpus."""

    verifier: str
    """The verifier's kind, model and calibration; if two verifiers would share this name, the name that you gave."""
    signature: str
    judged: CorpusMetrics | None
    edited: EditMetrics | None
    verdicts: int
    seconds: float
    agreement: Agreement | None
    """The verifier's recorded agreement on data that it was not fitted to."""
    learned_from: str | None
    """A file that the verifier was fitted to and that is, or may overlap with, this corpus."""
    learned_these: bool = False
    """True if that file is this corpus."""
    is_floor: bool = False

    @property
    def title(self) -> str:
        return self.verifier + " (floor)" * self.is_floor


@dataclass(frozen=True, slots=True)
class VerifierComparison:
    """The verifiers on one corpus, the floor last."""

    corpus: str
    digest: str
    groups: int
    judgements: int
    edits: int
    unsure: int
    """Number of rows left out because people could not tell, or disagreed."""
    measured: tuple[VerifierMetrics, ...]


def compare_verifiers(
    corpus: Corpus, verifiers: Mapping[str, Verifier], seed: int, floor: Verifier | None = None
) -> VerifierComparison:
    """Measure the verifiers and the floor; the keys of ``verifiers`` are the names that the user typed."""
    names = {asked: _name(verifier) for asked, verifier in verifiers.items()}
    several = {name for name, count in Counter(names.values()).items() if count > 1}
    measured = [
        replace(measure_verifier(verifier, corpus, seed), verifier=asked if names[asked] in several else names[asked])
        for asked, verifier in verifiers.items()
    ]
    if floor is not None:
        measured.append(replace(measure_verifier(floor, corpus, seed), is_floor=True))
    return VerifierComparison(
        corpus=corpus.name,
        digest=corpus.digest,
        groups=len(corpus.groups),
        judgements=len(corpus.labelled),
        edits=len(corpus.edits),
        unsure=corpus.unsure,
        measured=tuple(measured),
    )


def measure_verifier(verifier: Verifier, corpus: Corpus, seed: int) -> VerifierMetrics:
    """Measure one verifier; the same seed gives every verifier the same folds and resamples."""
    rows, edits = corpus.labelled, corpus.edits
    summaries = [(edit.article, summary) for edit in edits for summary in (edit.faithful, edit.edited)]
    pairs = dict.fromkeys([row.pair for row in rows] + [pair for each in summaries for pair in _list_claims(*each)])
    verdicts: dict[Pair, Verdict] = {}
    started = time.monotonic()
    for batch in progress.batches(f"{verifier.kind()}: {corpus.name}", list(pairs), verifier.together):
        verdicts |= zip(batch, verifier.verify(batch), strict=True)
    seconds = time.monotonic() - started

    def score(article: str, summary: str) -> float:
        return float(np.mean([verdicts[pair].probabilities.supported for pair in _list_claims(article, summary)]))

    scores = [(score(edit.article, edit.faithful), score(edit.article, edit.edited)) for edit in edits]
    known = verifier.agreement()
    fitted = known.fitted if known else {}
    learned_from = corpus.find_overlap(fitted)
    by_system = rows if corpus.facts_by_system is None else corpus.facts_by_system
    rng = np.random.default_rng(seed)
    return VerifierMetrics(
        verifier=_name(verifier),
        signature=verifier.signature(),
        judged=measure_judgements(rows, verdicts, rng, by_system) if rows else None,
        edited=measure_edits(edits, scores, rng) if edits else None,
        verdicts=len(verdicts),
        seconds=seconds,
        agreement=known,
        learned_from=learned_from,
        learned_these=learned_from is not None and fitted[learned_from] in corpus.sources.values(),
    )


def measure_edits(
    edits: Sequence[EditedPair], scores: Sequence[tuple[float, float]], rng: np.random.Generator
) -> EditMetrics:
    """Measure the pairs, at least one: all together, and by kind of error. ``scores``: (faithful, edited)."""
    resampler = Resampler.of(rng, agreement.RESAMPLES)

    def measure(kind: str) -> EditPairs:
        places = [at for at, edit in enumerate(edits) if kind in ("", edit.kind)]
        groups = agreement.number_groups([edits[at].group for at in places])
        faithful, edited = np.array([scores[at] for at in places]).T
        consistency = agreement.share(faithful > edited, groups)
        truth = np.repeat([True, False], groups.size)
        pooled = agreement.auc(truth, np.concatenate([faithful, edited]), np.tile(groups, 2))
        figures = (agreement.figure(each, agreement.group_count(groups), resampler) for each in (consistency, pooled))
        return EditPairs(kind, len(places), *figures)

    every, *kinds = map(measure, ["", *sorted({edit.kind for edit in edits if edit.kind})])
    return EditMetrics(len({edit.group for edit in edits}), every, tuple(kinds))


def _list_claims(article: str, summary: str) -> list[Pair]:
    """Pair the article with each sentence of the summary, or with the whole summary if it has no sentence."""
    return [Pair(article, span.text) for span in sentences(summary)] or [Pair(article, summary)]


def _name(verifier: Verifier) -> str:
    """Name a verifier, e.g. ``nli roberta-large-mnli, calibrated``."""
    model = f" {verifier.source.name}" if isinstance(verifier, LoadsModel) else ""
    calibrated = isinstance(verifier, PredictiveVerifier) and verifier.calibration is not None
    return verifier.kind() + model + (", calibrated" if calibrated else "")
