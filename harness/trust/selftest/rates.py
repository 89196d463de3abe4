"""How often errors that were put in on purpose are noticed: rates by kind of error, for metrics and for a verifier.

A metric *notices* an edit of a reference if it scores the edited text strictly worse, in its better direction, than the
text as it was. What it does to a harmless paraphrase by the same rule is a *false alarm*. Any metric of overlap moves
when words change, so three numbers belong together:

    noticed   share of the edits scored worse
    drop      by how much on average, in standard deviations of the metric over the intact references
    AUC       how often an error costs more than a paraphrase of the same article, ties counted half: 0.5 says that the
              metric cannot tell an error from other words

A verifier *notices* an error if it does not say ``supported``; on intact and paraphrased text that is the false alarm.

Edits of one article are not independent. From ``FEWEST_FOR_INTERVAL`` articles on, intervals resample articles; below,
they are Wilson's over the edits and hold for these articles alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import binomtest

from harness.perturbations import ALL, HARMLESS
from harness.records import Label, Metric
from harness.stats.interval import ratio_ends
from harness.stats.resampling import Resampler

INTACT = "intact"
"""The kind of a text in which nothing was changed."""
OF_SUMMARIES = ("dropped fact", "speakers")
"""Errors of several sentences: the one with an essential fact left out, speakers exchanged between them."""
ERRORS = (*(kind for kind in ALL if kind not in HARMLESS), *OF_SUMMARIES)
"""Every kind that is an error, in the order of the tables."""
KINDS = (*ERRORS, *sorted(HARMLESS))

ProbeUse = Literal["coverage", "wording", "grounding"]
"""coverage: a fact against the edited reference that carried it. wording: a fact against its own statement, edited.
grounding: the edited sentence or statement against the article."""

RESAMPLES = 2_000
_EQUAL = 1e-9
"""Drops that differ by less are equal but for rounding."""


@dataclass(frozen=True, slots=True)
class Drop:
    """What an edit cost by one metric."""

    article: str
    kind: str
    drop: float | None
    """How much worse the edited text is, in the metric's own unit; None where one of the two has no value."""


@dataclass(frozen=True, slots=True)
class ScoreShift:
    """All drops of one metric."""

    metric: Metric
    spread: float | None
    """Standard deviation over the intact references; None where they are fewer than two, or all alike."""
    drops: tuple[Drop, ...]
    reason: str | None = None
    """Why some texts have no value; None where all have one."""


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What the verifier said of one edited text."""

    article: str
    use: ProbeUse
    kind: str
    label: Label


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of edits with its 95% interval; None of both where there are no edits."""

    hits: int
    n: int
    share: float | None
    low: float | None
    high: float | None
    method: Literal["Wilson over edits", "bootstrap over articles"]


@dataclass(frozen=True, slots=True)
class NoticeRates:
    """One metric on one kind of edit, or on all that are errors."""

    kind: str
    noticed: Rate
    missing: int
    """Edits of which the metric has no value."""
    drop: float | None
    auc: float | None


@dataclass(frozen=True, slots=True)
class MetricRates:
    """One metric: on every kind of edit, and on all errors together."""

    metric: Metric
    errors: NoticeRates
    kinds: tuple[NoticeRates, ...]
    reason: str | None
    """Why values are missing; None where none are."""

    @property
    def false_alarms(self) -> Rate | None:
        return next((each.noticed for each in self.kinds if each.kind in HARMLESS), None)


@dataclass(frozen=True, slots=True)
class UseRates:
    """The verifier on one kind of edit in one use."""

    use: ProbeUse
    kind: str
    not_supported: Rate
    contradicted: Rate


@dataclass(frozen=True, slots=True)
class Example:
    """An edit that was made, as its sentences before and after; nothing after where one was dropped."""

    kind: str
    article: str
    reference: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Selftest:
    """All that a self-test found."""

    config: str
    seed: int
    maker: str
    """Signature of what makes the edits."""
    verifier: str
    """Signature."""
    articles: int
    references: int
    facts: int
    edits: Mapping[str, int]
    """Kind → edited references."""
    use_rates: tuple[UseRates, ...]
    metrics: tuple[MetricRates, ...]
    left_out: tuple[str, ...]
    """What could not be tested, and why."""
    problems: tuple[str, ...]
    """What failed."""
    examples: tuple[Example, ...]
    """Every edit of a reference."""


def of_metric(shift: ScoreShift, rng: np.random.Generator) -> MetricRates:
    """What one metric makes of the edits."""
    resampler = Resampler.of(rng, RESAMPLES)
    present = [kind for kind in KINDS if any(drop.kind == kind for drop in shift.drops)]
    errors = [drop for drop in shift.drops if drop.kind in ERRORS]
    kinds = tuple(
        _noticed(kind, [drop for drop in shift.drops if drop.kind == kind], shift, resampler) for kind in present
    )
    return MetricRates(shift.metric, _noticed("errors", errors, shift, resampler), kinds, shift.reason)


def of_verifier(answers: Sequence[ProbeResult], rng: np.random.Generator) -> tuple[UseRates, ...]:
    """What the verifier makes of the edits, by use and kind; ``intact`` and paraphrases last."""
    resampler = Resampler.of(rng, RESAMPLES)
    by_place: dict[tuple[ProbeUse, str], list[ProbeResult]] = defaultdict(list)
    for answer in answers:
        by_place[answer.use, answer.kind].append(answer)
    uses: tuple[ProbeUse, ...] = ("coverage", "wording", "grounding")
    return tuple(
        UseRates(use, kind, _labels(answers_of_kind, {"contradicted", "absent", "uncertain"}, resampler),
             _labels(answers_of_kind, {"contradicted"}, resampler))
        for use in uses
        for kind in (*KINDS, INTACT)
        if (answers_of_kind := by_place.get((use, kind)))
    )  # fmt: skip  # one record a line


def rate(outcomes: Sequence[tuple[str, bool]], resampler: Resampler) -> Rate:
    """The share of hits among (article, hit), with its interval."""
    hits, n = sum(hit for _, hit in outcomes), len(outcomes)
    if not n:
        return Rate(0, 0, None, None, None, "Wilson over edits")
    by_article: dict[str, list[bool]] = defaultdict(list)
    for article, hit in outcomes:
        by_article[article].append(hit)
    of, out_of = (np.array([float(f(hits_there)) for hits_there in by_article.values()]) for f in (sum, len))
    low, high, _ = ratio_ends(of, out_of, resampler)
    if low is not None and high is not None:
        return Rate(hits, n, hits / n, max(0.0, low), min(1.0, high), "bootstrap over articles")
    return Rate(hits, n, hits / n, *wilson(hits, n), "Wilson over edits")


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95% score interval of a share (Wilson 1927)."""
    bounds = binomtest(hits, n).proportion_ci(method="wilson")
    return float(bounds.low), float(bounds.high)


def auc(errors: Sequence[Drop], harmless: Sequence[Drop]) -> float | None:
    """How often an error drops further than a paraphrase of its own article, ties half; None without such pairs."""
    more, pairs = 0.0, 0
    for article in {drop.article for drop in harmless}:
        error, other = (_values(drops, article) for drops in (errors, harmless))
        difference = np.subtract.outer(error, other)
        more += float((difference > _EQUAL).sum() + 0.5 * (np.abs(difference) <= _EQUAL).sum())
        pairs += difference.size
    return more / pairs if pairs else None


def _values(drops: Sequence[Drop], article: str) -> list[float]:
    return [drop.drop for drop in drops if drop.article == article and drop.drop is not None]


def _noticed(kind: str, drops: Sequence[Drop], shift: ScoreShift, resampler: Resampler) -> NoticeRates:
    measured = [(drop.article, drop.drop) for drop in drops if drop.drop is not None]
    values = [value for _, value in measured]
    mean = float(np.mean(values)) / shift.spread if values and shift.spread else None
    harmless = [drop for drop in shift.drops if drop.kind in HARMLESS]
    return NoticeRates(
        kind,
        rate([(article, value > _EQUAL) for article, value in measured], resampler),
        len(drops) - len(measured),
        mean,
        None if kind in HARMLESS else auc(drops, harmless),
    )


def _labels(answers: Sequence[ProbeResult], labels: Collection[Label], resampler: Resampler) -> Rate:
    return rate([(answer.article, answer.label in labels) for answer in answers], resampler)
