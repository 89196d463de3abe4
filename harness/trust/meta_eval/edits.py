"""A verifier against pairs of summaries: a faithful one, and the same with one error written in by a person.

The protocol of BUMP (Ma et al. 2023): consistency is the share of pairs with score(faithful) > score(edited), ties
fail; AUC is over both summaries of all pairs. A summary's score is the mean over its sentences of P(supported), the
article being the premise; beside it that of its worst sentence. Intervals resample groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from harness.data.pairs.labelled import EditedPair
from harness.stats import agreement
from harness.stats.agreement import Figure, Measure
from harness.stats.arrays import Floats
from harness.stats.resampling import Resampler


@dataclass(frozen=True, slots=True)
class EditPairs:
    """What pairs of a faithful and an edited summary show; a summary's score is of P(supported) over its sentences."""

    kind: str
    """The kind of error; empty for all of them."""
    pairs: int
    consistency: Figure
    """By the mean over sentences."""
    auc: Figure
    consistency_of_worst: Figure
    """By the lowest sentence."""
    auc_of_worst: Figure


@dataclass(frozen=True, slots=True)
class EditMetrics:
    """All pairs, and those of each kind of error."""

    groups: int
    every: EditPairs
    kinds: tuple[EditPairs, ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """P(supported) of the sentences of a faithful and of an edited summary."""

    faithful: tuple[float, ...]
    edited: tuple[float, ...]


def edit_metrics(edits: Sequence[EditedPair], scores: Sequence[Scores], rng: np.random.Generator) -> EditMetrics:
    """The pairs, all of them and by kind of error; at least one pair."""
    resampler = Resampler.of(rng, agreement.RESAMPLES)
    groups = [edit.group for edit in edits]
    kinds = sorted({edit.kind for edit in edits if edit.kind})
    every = _pairs("", groups, scores, resampler)
    of_kind = [[at for at, edit in enumerate(edits) if edit.kind == kind] for kind in kinds]
    return EditMetrics(
        len(set(groups)),
        every,
        tuple(
            _pairs(kind, [groups[at] for at in places], [scores[at] for at in places], resampler)
            for kind, places in zip(kinds, of_kind, strict=True)
        ),
    )


def _pairs(kind: str, names: Sequence[str], scores: Sequence[Scores], resampler: Resampler) -> EditPairs:
    groups = agreement.numbered(names)

    def figure(measure: Measure) -> Figure:
        return agreement.figure(measure, agreement.group_count(groups), resampler)

    def figures(faithful: Floats, edit: Floats) -> tuple[Figure, Figure]:
        truth = np.repeat([True, False], groups.size)
        pooled = agreement.auc(truth, np.concatenate([faithful, edit]), np.tile(groups, 2))
        return figure(agreement.share(faithful > edit, groups)), figure(pooled)

    mean = figures(
        np.array([np.mean(each.faithful) for each in scores]), np.array([np.mean(each.edited) for each in scores])
    )
    worst = figures(np.array([min(each.faithful) for each in scores]), np.array([min(each.edited) for each in scores]))
    return EditPairs(kind, len(scores), *mean, *worst)
