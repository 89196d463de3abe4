"""A claim held against its article and against facts of the article, which are short and plain where that is long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.checker_en.windows import index
from harness.records import Difference, Pair, Probabilities, Span
from harness.verifiers.decide import Thresholds, decide

if TYPE_CHECKING:
    from harness.verifiers.prediction import Prediction


CLEARLY = 0.9
"""P(supported) from which facts of the article, read in its place, support a claim."""


def with_facts(pair: Pair, by_article: Prediction, by_facts: Prediction, thresholds: Thresholds) -> Prediction:
    """The prediction of a claim, where ``by_facts`` is that of the claim beside the pair's facts alone.

    Facts that contradict the claim take their share of its P(supported), unless another sentence of the article than
    theirs supports it: a fact of another event is no objection. Facts that support it at ``CLEARLY``, more
    clearly than the article says or denies it, decide in the article's place. Where the question about them has no
    answer this time, the claim is asked again.
    """
    if by_facts.transient:
        reasons = (by_article.reason, f"beside facts of the article: {by_facts.reason}")
        return replace(by_article, reason="; ".join(filter(None, reasons)), transient=True)
    label = decide(by_facts, thresholds).label
    if label == "contradicted":
        return _contradicted(pair, by_article, by_facts, thresholds)
    before, after = by_article.probabilities, by_facts.probabilities
    clearest = max(CLEARLY, before.supported, before.contradicted)
    if label == "supported" and after.supported >= clearest:
        return replace(by_article, probabilities=after, reason="facts of the article say so", of_article=False)
    return by_article


def _contradicted(pair: Pair, by_article: Prediction, by_facts: Prediction, thresholds: Thresholds) -> Prediction:
    fact = by_facts.evidence.text if by_facts.evidence else "; ".join(pair.facts)
    evidence = index(pair.premise, "sentence").best(fact, 1).windows[0]
    if _is_elsewhere(by_article.evidence, evidence) and decide(by_article, thresholds).label == "supported":
        return by_article
    before = by_article.probabilities
    moved = by_facts.probabilities.contradicted * before.supported
    return replace(
        by_article,
        probabilities=Probabilities(before.supported - moved, before.contradicted + moved, before.absent),
        evidence=evidence,
        objection=f"contradicts a fact of the article: {fact}",
        differences=(*_found_in(evidence, by_facts.differences), *_wordings(by_article.differences)),
    )


def _is_elsewhere(span: Span | None, other: Span) -> bool:
    return span is not None and not span.overlaps(other)


def _found_in(evidence: Span, differences: Iterable[Difference]) -> Iterator[Difference]:
    """The differences whose value stands in the evidence, too, with its place there."""
    for each in differences:
        at = evidence.text.find(each.found.text) if each.found else -1
        if each.found and at >= 0:
            start = evidence.start + at
            yield replace(each, found=Span(start, start + len(each.found.text), each.found.text))


def _wordings(differences: Iterable[Difference]) -> Iterator[Difference]:
    """The words that are wrong by the article: beside a few facts, all that they do not say looks so."""
    return (each for each in differences if each.kind == "wording")
