"""Also check claims against the facts of their article: facts are short and plain, while articles are long.

Facts that contradict a claim lower its P(supported), and so do listed false versions that the claim paraphrases. Facts
that clearly support a claim overrule the article.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from harness.checker_en.windows import find_nearest_sentence
from harness.records import Label, Pair, Probabilities
from harness.verifiers.decide import Prediction, decide

if TYPE_CHECKING:
    from harness.verifiers.predictive import PredictiveVerifier

CLEAR = 0.9
"""Facts change a prediction only if they support or contradict the claim with at least this probability."""


def check_facts(
    pairs: Sequence[Pair], by_article: Sequence[Prediction], verifier: PredictiveVerifier
) -> list[Prediction]:
    """Adjust the predictions of claims, given the facts of their article and the false versions of these facts."""
    predicted = dict(zip(pairs, by_article, strict=True))
    answered = [pair for pair, prediction in predicted.items() if not prediction.abstained]
    by_facts = _predict_from_facts([pair.against_facts for pair in answered if pair.facts], verifier)
    for pair in answered:
        if pair.facts and pair.against_facts in by_facts:
            predicted[pair] = _apply_facts(pair, predicted[pair], by_facts[pair.against_facts], verifier)
    _apply_false_versions(answered, predicted, verifier)
    return [predicted[pair] for pair in pairs]


def _predict_from_facts(pairs: Sequence[Pair], verifier: PredictiveVerifier) -> dict[Pair, Prediction]:
    """Predict pairs whose premise is facts; leave out unreliable contradictions.

    A contradiction is unreliable if it is not clear, or if the claim entails the fact that supposedly contradicts it.
    """
    predicted = _predict_distinct(pairs, verifier)
    converses = {
        pair: pair.converse(prediction.evidence.text if prediction.evidence else pair.premise)
        for pair, prediction in predicted.items()
        if _label(prediction, verifier) == "contradicted"
    }
    answers = _predict_distinct(converses.values(), verifier)
    for pair, converse in converses.items():
        is_unclear = predicted[pair].probabilities.contradicted < CLEAR
        if answers[converse].transient:
            predicted[pair] = answers[converse]
        elif is_unclear or _label(answers[converse], verifier) == "supported":
            del predicted[pair]
    return predicted


def _apply_facts(pair: Pair, by_article: Prediction, by_facts: Prediction, verifier: PredictiveVerifier) -> Prediction:
    if by_facts.transient:
        return _mark_unchecked(by_article, by_facts)
    label = _label(by_facts, verifier)
    article, facts = by_article.probabilities, by_facts.probabilities
    fact = by_facts.evidence.text if by_facts.evidence else "; ".join(pair.facts)
    if label == "supported" and facts.supported >= max(CLEAR, article.supported, article.contradicted):
        reason = f"a fact of the article supports the claim: {fact}"
        return replace(by_article, probabilities=facts, reason=reason, of_article=False, decision=by_facts.decision)
    if label != "contradicted":
        return by_article
    evidence = find_nearest_sentence(pair.premise, fact, pair.language)
    is_elsewhere = by_article.evidence and evidence and not by_article.evidence.overlaps(evidence)
    if is_elsewhere and _label(by_article, verifier) == "supported":
        return by_article  # a fact about another event does not contradict the claim
    return replace(
        by_article,
        probabilities=_contradict(article, facts.contradicted),
        decision=None,
        evidence=evidence,
        objection=f"the claim contradicts a fact of the article: {fact}",
    )


def _apply_false_versions(
    pairs: Sequence[Pair], predicted: dict[Pair, Prediction], verifier: PredictiveVerifier
) -> None:
    """Lower P(supported) of claims that entail a listed false version of a fact, but not the fact itself."""
    converses = {
        pair: [replace(pair.converse(false_version), contrasts=(fact,)) for false_version, fact in pair.false_versions]
        for pair in pairs
        if _label(predicted[pair], verifier) in ("supported", "uncertain")
    }
    answers = _predict_distinct(chain.from_iterable(converses.values()), verifier)
    for pair, each in converses.items():
        entailed = [converse for converse in each if _label(answers[converse], verifier) == "supported"]
        silent = [converse for converse in each if answers[converse].transient]
        if entailed:
            false_version, (fact,) = entailed[0].hypothesis, entailed[0].contrasts
            predicted[pair] = replace(
                predicted[pair],
                probabilities=_contradict(predicted[pair].probabilities, answers[entailed[0]].probabilities.supported),
                decision=None,
                evidence=find_nearest_sentence(pair.premise, fact, pair.language),
                objection=f"the claim repeats a listed false version: {false_version}",
            )
        elif silent:
            predicted[pair] = _mark_unchecked(predicted[pair], answers[silent[0]])


def _mark_unchecked(by_article: Prediction, failed: Prediction) -> Prediction:
    reasons = (by_article.reason, f"facts of the article could not be checked: {failed.reason}")
    return replace(by_article, reason="; ".join(filter(None, reasons)), transient=True)


def _label(prediction: Prediction, verifier: PredictiveVerifier) -> Label:
    """Return the label under the verifier's own thresholds, without a calibration."""
    return decide(prediction, verifier).label


def _predict_distinct(pairs: Iterable[Pair], verifier: PredictiveVerifier) -> dict[Pair, Prediction]:
    distinct = list(dict.fromkeys(pairs))
    return dict(zip(distinct, verifier.predict_all(distinct), strict=True)) if distinct else {}


def _contradict(probabilities: Probabilities, share: float) -> Probabilities:
    """Move this share of P(supported) to P(contradicted)."""
    moved = share * probabilities.supported
    return Probabilities(probabilities.supported - moved, probabilities.contradicted + moved, probabilities.absent)
