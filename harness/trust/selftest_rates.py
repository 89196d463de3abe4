"""Compute how often metrics and a verifier notice injected errors, by kind of error.

A metric *notices* an error if the edited text scores worse than the intact text. Because overlap metrics also drop for
harmless paraphrases, paraphrases are the control:

    noticed        share of the errors that score worse
    false alarms   share of the paraphrases that score worse
    AUC            how often an error costs more than a paraphrase of the same article; ties count half, chance is 0.5

A verifier notices an error if its verdict is not ``supported``. The same verdict on intact or paraphrased text is a
false alarm. Intervals resample articles; with too few articles for that, they are Wilson intervals over the edits and
hold for these articles only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

import numpy as np
from scipy.stats import binomtest

from harness.records import Label, Metric
from harness.stats.interval import ratio_ends
from harness.stats.resampling import Resampler
from harness.suggest.edits import ALL, HARMLESS

INTACT = "intact"
"""The kind of an unedited text."""

ProbeUse = Literal["coverage", "grounding"]
"""coverage: a fact against its own edited statement; grounding: an edited text against the article."""

_RESAMPLES = 2_000
_ROUNDING = 1e-9


class Drop(NamedTuple):
    article: str
    kind: str
    drop: float | None
    """How much worse the edited text scores, in the metric's unit; None if either text has no value."""


class Probe(NamedTuple):
    """The verifier's answer about an edited or intact text."""

    article: str
    use: ProbeUse
    kind: str
    label: Label


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of texts with its 95% interval; ``share``, ``low`` and ``high`` are None if there are no texts."""

    hits: int
    n: int
    share: float | None
    low: float | None
    high: float | None
    method: Literal["Wilson over edits", "bootstrap over articles"]


@dataclass(frozen=True, slots=True)
class NoticeRates:
    kind: str
    noticed: Rate
    missing: int
    """Number of edits for which the metric has no value."""
    auc: float | None


@dataclass(frozen=True, slots=True)
class MetricRates:
    metric: Metric
    errors: NoticeRates
    kinds: tuple[NoticeRates, ...]
    reason: str | None
    """Why some texts have no value."""


@dataclass(frozen=True, slots=True)
class UseRates:
    use: ProbeUse
    kind: str
    not_supported: Rate
    contradicted: Rate


@dataclass(frozen=True, slots=True)
class Example:
    kind: str
    article: str
    reference: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Selftest:
    config: str
    seed: int
    maker: str
    verifier: str
    articles: int
    references: int
    facts: int
    edits: Mapping[str, int]
    use_rates: tuple[UseRates, ...]
    metrics: tuple[MetricRates, ...]
    left_out: tuple[str, ...]
    problems: tuple[str, ...]
    examples: tuple[Example, ...]


def measure_metric(metric: Metric, drops: Sequence[Drop], reason: str | None, rng: np.random.Generator) -> MetricRates:
    resampler = Resampler.of(rng, _RESAMPLES)
    harmless = [drop for drop in drops if drop.kind in HARMLESS]

    def measure(kind: str, drops: Sequence[Drop]) -> NoticeRates:
        noticed = [(drop.article, drop.drop > _ROUNDING) for drop in drops if drop.drop is not None]
        missing = len(drops) - len(noticed)
        return NoticeRates(kind, rate(noticed, resampler), missing, None if kind in HARMLESS else auc(drops, harmless))

    by_kind = {kind: [drop for drop in drops if drop.kind == kind] for kind in ALL}
    kinds = tuple(measure(kind, of_kind) for kind, of_kind in by_kind.items() if of_kind)
    errors = measure("errors", [drop for drop in drops if drop.kind not in HARMLESS])
    return MetricRates(metric, errors, kinds, reason)


def measure_verifier(probes: Sequence[Probe], rng: np.random.Generator) -> tuple[UseRates, ...]:
    resampler = Resampler.of(rng, _RESAMPLES)
    by_kind: dict[tuple[ProbeUse, str], list[Probe]] = defaultdict(list)
    for probe in probes:
        by_kind[probe.use, probe.kind].append(probe)

    def measure(use: ProbeUse, kind: str) -> UseRates:
        labels = [(probe.article, probe.label) for probe in by_kind[use, kind]]
        not_supported = rate([(article, label != "supported") for article, label in labels], resampler)
        contradicted = rate([(article, label == "contradicted") for article, label in labels], resampler)
        return UseRates(use, kind, not_supported, contradicted)

    return tuple(measure(use, kind) for use in get_args(ProbeUse) for kind in (*ALL, INTACT) if (use, kind) in by_kind)


def rate(outcomes: Sequence[tuple[str, bool]], resampler: Resampler) -> Rate:
    """Compute the share of hits among pairs (article, True for a hit), with its interval."""
    hits, n = sum(hit for _, hit in outcomes), len(outcomes)
    if not n:
        return Rate(0, 0, None, None, None, "Wilson over edits")
    by_article: dict[str, list[bool]] = defaultdict(list)
    for article, hit in outcomes:
        by_article[article].append(hit)
    hits_of = np.array([float(sum(each)) for each in by_article.values()])
    sizes = np.array([float(len(each)) for each in by_article.values()])
    low, high, _ = ratio_ends(hits_of, sizes, resampler)
    if low is not None and high is not None:
        return Rate(hits, n, hits / n, max(0.0, low), min(1.0, high), "bootstrap over articles")
    wilson = binomtest(hits, n).proportion_ci(method="wilson")
    return Rate(hits, n, hits / n, float(wilson.low), float(wilson.high), "Wilson over edits")


def auc(errors: Sequence[Drop], harmless: Sequence[Drop]) -> float | None:
    """Compute how often an error costs more than a paraphrase of the same article; None if no article has both."""
    more, pairs = 0.0, 0
    for article in {drop.article for drop in harmless}:
        error, other = (
            [drop.drop for drop in drops if drop.article == article and drop.drop is not None]
            for drops in (errors, harmless)
        )
        difference = np.subtract.outer(error, other)
        more += float((difference > _ROUNDING).sum() + 0.5 * (np.abs(difference) <= _ROUNDING).sum())
        pairs += difference.size
    return more / pairs if pairs else None
