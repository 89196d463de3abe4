"""Compare verifiers with people's labels, and report the comparison.

Pairs of summaries follow the protocol of BUMP (Ma et al. 2023): a faithful summary, and the same summary with one error
that a person injected. The score of a summary is the mean P(supported) of its sentences, given the article. Abstentions
do not count; a pair is left out if the verifier abstains on every sentence of one of its summaries. Consistency is the
share of pairs in which the faithful summary scores higher; a tie fails. The AUC compares the scores of all faithful and
all edited summaries.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import numpy as np
from pydantic import TypeAdapter

from harness import __version__, plugins, progress
from harness.data.pairs import Corpus, EditedPair
from harness.document import format as fmt
from harness.document.blocks import Block, Document, Heading, Notes, Paragraph, Table, make_paragraphs
from harness.document.labels import LABEL_LEGEND
from harness.records import LABELS, Agreement, Pair, Verdict
from harness.seams import Verifier
from harness.stats import agreement
from harness.stats.agreement import Figure
from harness.text import sentences
from harness.trust.estimates import make_cell
from harness.trust.judgements import CorpusMetrics, measure_judgements
from harness.verifiers.predictive import PredictiveVerifier
from harness.weights.plugin import LoadsModel

_FORMAT = 1  # version of the JSON
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
    """The verifier's kind, model and calibration; for a plugin or a config, the name that the user typed."""
    signature: str
    judged: CorpusMetrics | None
    edited: EditMetrics | None
    agreement: Agreement | None
    """The verifier's recorded agreement on data that it was not fitted to."""
    learned_from: str | None
    """A file that the verifier was fitted to and that is, or may overlap with, this corpus."""
    learned_these: bool = False
    """True if that file is this corpus."""
    is_floor: bool = False

    @property
    def title(self) -> str:
        return f"{self.verifier} (floor)" if self.is_floor else self.verifier


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
    measured = [measure_verifier(verifier, corpus, seed, typed) for typed, verifier in verifiers.items()]
    if floor is not None:
        measured.append(replace(measure_verifier(floor, corpus, seed, FLOOR), is_floor=True))
    return VerifierComparison(
        corpus=corpus.name,
        digest=corpus.digest,
        groups=len(corpus.groups),
        judgements=len(corpus.labelled),
        edits=len(corpus.edits),
        unsure=corpus.unsure,
        measured=tuple(measured),
    )


def measure_verifier(verifier: Verifier, corpus: Corpus, seed: int, typed: str) -> VerifierMetrics:
    """Measure the verifier that the user named ``typed``; one seed gives all verifiers the same folds and resamples."""
    rows, edits = corpus.labelled, corpus.edits
    summaries = [(edit.article, summary) for edit in edits for summary in (edit.faithful, edit.edited)]
    pairs = dict.fromkeys([row.pair for row in rows] + [pair for each in summaries for pair in _list_claims(*each)])
    verdicts: dict[Pair, Verdict] = {}
    for batch in progress.batches(f"{verifier.kind()}: {corpus.name}", list(pairs), verifier.pairs_per_batch):
        with plugins.blame_plugin(type(verifier)):
            verdicts |= zip(batch, verifier.verify_all(batch), strict=True)

    def score(article: str, summary: str) -> float | None:
        answers = [verdicts[pair] for pair in _list_claims(article, summary)]
        supported = [answer.probabilities.supported for answer in answers if not answer.abstained]
        return fmean(supported) if supported else None

    scores = [(edit, score(edit.article, edit.faithful), score(edit.article, edit.edited)) for edit in edits]
    scored = [(edit, one, other) for edit, one, other in scores if one is not None and other is not None]
    known = verifier.agreement()
    fitted = known.fitted if known else {}
    learned_from = corpus.find_overlap(fitted)
    by_system = rows if corpus.facts_by_system is None else corpus.facts_by_system
    return VerifierMetrics(
        verifier=_name_verifier(verifier) if typed == verifier.kind() else typed,
        signature=verifier.signature(),
        judged=measure_judgements(rows, verdicts, np.random.default_rng(seed), by_system) if rows else None,
        edited=measure_edits(scored) if scored else None,
        agreement=known,
        learned_from=learned_from,
        learned_these=learned_from is not None and fitted[learned_from] in corpus.sources.values(),
    )


def measure_edits(scored: Sequence[tuple[EditedPair, float, float]]) -> EditMetrics:
    """Measure one or more pairs and the scores of their two summaries, all together and by kind of error."""

    def measure(kind: str) -> EditPairs:
        chosen = [each for each in scored if kind in ("", each[0].kind)]
        groups = agreement.number_groups([edit.group for edit, _, _ in chosen])
        faithful, edited = np.array([scores for _, *scores in chosen]).T
        consistency = agreement.share(faithful > edited, groups)
        truth = np.repeat([True, False], groups.size)
        pooled = agreement.auc(truth, np.concatenate([faithful, edited]), np.tile(groups, 2))
        figures = (agreement.jackknife(each, agreement.count_groups(groups)) for each in (consistency, pooled))
        return EditPairs(kind, len(chosen), *figures)

    every, *kinds = map(measure, ["", *sorted({edit.kind for edit, _, _ in scored if edit.kind})])
    return EditMetrics(len({edit.group for edit, _, _ in scored}), every, tuple(kinds))


def _list_claims(article: str, summary: str) -> list[Pair]:
    """Pair the article with each sentence of the summary, or with the whole summary if it has no sentence."""
    return [Pair(article, span.text) for span in sentences(summary)] or [Pair(article, summary)]


def _name_verifier(verifier: Verifier) -> str:
    """Name a verifier, e.g. ``nli roberta-large-mnli, calibrated``."""
    model = f" {verifier.source.name}" if isinstance(verifier, LoadsModel) else ""
    calibrated = isinstance(verifier, PredictiveVerifier) and verifier.calibration is not None
    return verifier.kind() + model + (", calibrated" if calibrated else "")


# The report -----------------------------------------------------------------------------------------------------------


def document(comparisons: Sequence[VerifierComparison], verifiers: Sequence[str]) -> Document:
    """Show the verifiers against people's labels, corpus by corpus."""
    blocks: list[Block] = []
    for comparison in comparisons:
        warnings = [Paragraph(_warn(each), "warning") for each in comparison.measured if each.learned_from]
        blocks += (Heading(comparison.corpus), *make_paragraphs(tuple(_describe(comparison))), *warnings)
        blocks += _tabulate(comparison)
    return Document(f"{', '.join(verifiers)} against people's labels", LABEL_LEGEND, blocks=tuple(blocks))


def _warn(measured: VerifierMetrics) -> str:
    what = "which has these labels" if measured.learned_these else "which, judging by its name, contains these labels"
    numbers = measured.agreement.out_of_fold if measured.agreement else {}
    elsewhere = ", ".join(f"{name.replace('_', ' ')} {fmt.decimal(value, 3)}" for name, value in numbers.items())
    return (
        f"{measured.verifier} was fitted to {measured.learned_from}, {what}. It looks better here than it is: do not "
        f"quote these numbers. Its recorded numbers on rows that it was not fitted to: {elsewhere or 'none'}."
    )


def as_json(comparisons: Sequence[VerifierComparison], seed: int) -> str:
    data = TypeAdapter(tuple[VerifierComparison, ...]).dump_python(tuple(comparisons), mode="json")
    header = {"format": _FORMAT, "harness": __version__, "seed": seed, "resamples": agreement.RESAMPLES}
    return json.dumps({**header, "comparisons": data}, ensure_ascii=False, indent=1) + "\n"


def _describe(comparison: VerifierComparison) -> Iterator[str]:
    judged = next((each.judged for each in comparison.measured if each.judged), None)
    edits = [each.edited for each in comparison.measured if each.edited]
    edited = max(edits, key=lambda each: each.every.pairs, default=None)  # some verifiers abstain on more pairs
    if judged:
        rows, groups = fmt.plural(comparison.judgements, "human label"), fmt.plural(judged.groups, "group")
        share = judged.two_way.supported / judged.two_way.rows
        yield f"{rows} in {groups}; {share:.0%} are supported."
    if edited:
        groups = fmt.plural(edited.groups, "group")
        yield f"{fmt.plural(edited.every.pairs, 'pair')} of a faithful and an edited summary in {groups}."
    for each in comparison.measured:
        if left := comparison.edits - (each.edited.every.pairs if each.edited else 0):
            yield f"Left out because {each.title} abstained: {fmt.plural(left, 'pair')} of summaries."
    if comparison.unsure:
        yield f"Left out because people could not tell, or disagreed: {fmt.plural(comparison.unsure, 'row')}."
    if judged and not any(each.judged and each.judged.three_way for each in comparison.measured):
        yield "The labels do not include both contradicted and absent, so there are no three-way numbers."
    elif judged and judged.three_way and (rest := comparison.judgements - judged.three_way.rows):
        yield f"Three-way numbers leave out rows labelled just unsupported: {fmt.plural(rest, 'row')}."
    yield "In brackets: 95% intervals over groups. No row is scored by a threshold fitted on its own group."


def _tabulate(comparison: VerifierComparison) -> Iterator[Table]:
    notes = Notes()
    columns = [
        {name: make_cell(figure, notes, 3) for name, figure in _list_numbers(each)} for each in comparison.measured
    ]
    names = dict.fromkeys(name for column in columns for name in column)
    rows = [(name, *(column.get(name, fmt.MISSING) for column in columns)) for name in names]
    yield Table.of(["", *(each.title for each in comparison.measured)], rows, notes=notes.texts)
    for measured in comparison.measured:
        if measured.judged and not measured.is_floor:
            yield from _show_judged(measured.verifier, measured.judged)
    for measured in comparison.measured:
        if measured.edited:
            notes = Notes()
            pairs = [
                (it.kind or "all", f"{it.pairs:,}", make_cell(it.consistency, notes, 3), fmt.decimal(it.auc.value, 3))
                for it in (measured.edited.every, *measured.edited.kinds)
            ]
            heads = ["kind of error", "pairs", "consistency", "AUC"]
            yield Table.of(heads, pairs, title=f"{measured.title}, by kind of error", notes=notes.texts)


def _show_judged(verifier: str, judged: CorpusMetrics) -> Iterator[Table]:
    if judged.three_way:
        confusion = judged.three_way.confusion
        counts = [(human, *(f"{said[label]:,}" for label in LABELS)) for human, said in confusion.items()]
        yield Table.of(("people said", *LABELS), counts, title=f"The verdicts of {verifier}")
    bins = [
        (f"{it.low:.2f} – {it.high:.2f}", f"{it.rows:,}", fmt.share(it.predicted), fmt.share(it.supported))
        for it in judged.two_way.bins
    ]
    title = f"Reliability of {verifier}: how often people said supported, by its probability"
    yield Table.of(("P(supported)", "rows", "predicted", "people"), bins, title=title, left=frozenset({0}))


def _list_numbers(measured: VerifierMetrics) -> Iterator[tuple[str, Figure]]:
    if measured.judged:
        two_way, three_way, levels = measured.judged.two_way, measured.judged.three_way, measured.judged.levels
        yield "ROC AUC of P(supported)", two_way.auc
        yield "balanced accuracy, threshold from other groups", two_way.balanced_accuracy
        yield "balanced accuracy of the verdicts, uncertain ones left out", two_way.as_decided
        yield "uncertain verdicts", Figure(two_way.undecided / two_way.rows)
        if two_way.unanswered:
            yield "of these, abstentions (no probabilities)", Figure(two_way.unanswered / two_way.rows)
        yield f"expected calibration error, {agreement.BINS} bins", two_way.calibration_error
        if three_way:
            yield "three-way macro-F1 of the most likely label", three_way.macro_f1
            yield "three-way macro-F1 of the verdicts, uncertain ones counted as wrong", three_way.as_decided
        if levels:
            yield f"summary-level Pearson, {levels.systems} systems", levels.summary_pearson
            yield "summary-level Spearman", levels.summary_spearman
            yield "system-level Pearson", levels.system_pearson
            yield "system-level Spearman", levels.system_spearman
    if measured.edited:
        yield "consistency of pairs, ties fail", measured.edited.every.consistency
        yield "AUC over both summaries of all pairs", measured.edited.every.auc
