"""Check a claim against the facts of its article, too: facts are short and plain, and articles are long.

Facts that contradict the claim lower its P(supported); so does a listed false version that the claim repeats in other
words. Facts that clearly support the claim overrule the article.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from harness.checker_en.verbatim import is_verbatim
from harness.checker_en.windows import index
from harness.records import Pair, Probabilities
from harness.verifiers.decide import Thresholds, decide
from harness.verifiers.prediction import Prediction

CLEAR = 0.9
"""Minimum probability at which the facts of the article decide alone."""

Predict = Callable[[Sequence[Pair]], Sequence[Prediction]]


def check_facts(
    pairs: Sequence[Pair], by_article: Sequence[Prediction], predict: Predict, thresholds: Thresholds
) -> list[Prediction]:
    """Adjust the predictions of claims to the facts of their article, and to false versions of these facts."""
    predicted = dict(zip(pairs, by_article, strict=True))
    open_pairs = [
        pair
        for pair, prediction in predicted.items()
        if not prediction.abstained and not is_verbatim(pair.premise, pair.hypothesis, pair.language)
    ]
    by_facts = _predict_from_facts([pair.against_facts for pair in open_pairs if pair.facts], predict, thresholds)
    for pair in open_pairs:
        if pair.facts and pair.against_facts in by_facts:
            predicted[pair] = _apply_facts(pair, predicted[pair], by_facts[pair.against_facts], thresholds)
    _apply_false_versions(open_pairs, predicted, predict, thresholds)
    return [predicted[pair] for pair in pairs]


def _predict_from_facts(pairs: Sequence[Pair], predict: Predict, thresholds: Thresholds) -> dict[Pair, Prediction]:
    """Predict from the facts alone, without pairs whose contradiction is unclear or whose claim entails the fact."""
    predicted = _predict_distinct(pairs, predict)
    converses = {
        pair: pair.converse(prediction.evidence.text if prediction.evidence else pair.premise)
        for pair, prediction in predicted.items()
        if decide(prediction, thresholds).label == "contradicted"
    }
    answers = _predict_distinct(list(converses.values()), predict)
    for pair, converse in converses.items():
        if answers[converse].transient:
            predicted[pair] = answers[converse]
        elif (
            decide(answers[converse], thresholds).label == "supported"
            or predicted[pair].probabilities.contradicted < CLEAR
        ):
            del predicted[pair]
    return predicted


def _apply_facts(pair: Pair, by_article: Prediction, by_facts: Prediction, thresholds: Thresholds) -> Prediction:
    if by_facts.transient:
        reasons = (by_article.reason, f"facts of the article could not be checked: {by_facts.reason}")
        return replace(by_article, reason="; ".join(filter(None, reasons)), transient=True)
    label = decide(by_facts, thresholds).label
    before, after = by_article.probabilities, by_facts.probabilities
    if label == "supported" and after.supported >= max(CLEAR, before.supported, before.contradicted):
        return replace(
            by_article, probabilities=after, reason="facts of the article support the claim", of_article=False
        )
    if label != "contradicted":
        return by_article
    fact = by_facts.evidence.text if by_facts.evidence else "; ".join(pair.facts)
    evidence = index(pair.premise, "sentence").best(fact, 1).windows[0]
    is_elsewhere = by_article.evidence is not None and not by_article.evidence.overlaps(evidence)
    if is_elsewhere and decide(by_article, thresholds).label == "supported":
        return by_article  # a fact about another event does not contradict the claim
    return replace(
        by_article,
        probabilities=_contradict(before, after.contradicted),
        evidence=evidence,
        objection=f"the claim contradicts a fact of the article: {fact}",
    )


def _apply_false_versions(
    pairs: Sequence[Pair], predicted: dict[Pair, Prediction], predict: Predict, thresholds: Thresholds
) -> None:
    """Lower P(supported) of claims that entail a listed false version of a fact."""
    converses = {
        pair: [replace(pair.converse(false), contrasts=(fact,)) for false, fact in pair.false_versions]
        for pair in pairs
        if decide(predicted[pair], thresholds).label in ("supported", "uncertain")
    }
    answers = _predict_distinct([converse for each in converses.values() for converse in each], predict)
    for pair, of_pair in converses.items():
        entailed = (converse for converse in of_pair if decide(answers[converse], thresholds).label == "supported")
        if converse := next(entailed, None):
            (fact,) = converse.contrasts
            predicted[pair] = replace(
                predicted[pair],
                probabilities=_contradict(predicted[pair].probabilities, answers[converse].probabilities.supported),
                evidence=index(pair.premise, "sentence").best(fact, 1).windows[0],
                objection=f"the claim repeats a listed false version: {converse.hypothesis}",
            )


def _predict_distinct(pairs: Sequence[Pair], predict: Predict) -> dict[Pair, Prediction]:
    distinct = list(dict.fromkeys(pairs))
    return dict(zip(distinct, predict(distinct), strict=True)) if distinct else {}


def _contradict(probabilities: Probabilities, share: float) -> Probabilities:
    """Move a share of P(supported) to P(contradicted)."""
    moved = share * probabilities.supported
    return Probabilities(probabilities.supported - moved, probabilities.contradicted + moved, probabilities.absent)
