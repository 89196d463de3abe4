from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

import pytest

from harness.claims import find_nearest_facts, make_pair
from harness.records import Article, Difference, Fact, Item, Label, Pair, Probabilities, Span
from harness.verifiers.cascade import Cascade
from harness.verifiers.decide import OF_ARTICLES, Prediction, abstain
from harness.verifiers.predictive import PredictiveVerifier

FACT = "The council approved the plan by 16 votes to 15."
ARTICLE = f"It was late. {FACT} Farmers were glad."
EVIDENCE = Span(13, 13 + len(FACT), FACT)
OPEN = OF_ARTICLES["balanced"].threshold
"""P(supported) in the band that leaves a claim about an article uncertain."""
BY_ARTICLE = {
    "sound": (0.9, 0.05, 0.05),
    "open": (OPEN, 0.15, 0.85 - OPEN),
    "wrong": (0.2, 0.7, 0.1),
    "false": (0.02, 0.97, 0.01),
}
BY_FACTS = {
    "say so": (0.95, 0.0, 0.05),
    "barely": (0.85, 0.05, 0.1),
    "deny it": (0.03, 0.92, 0.05),
    "are silent": (0, 0.1, 0.9),
}


class Reader(PredictiveVerifier):
    """The claim says what to predict: its first word for the article, its last words for the facts."""

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        return [self._read(pair) for pair in pairs]

    def _read(self, pair: Pair) -> Prediction:
        if pair.hypothesis == FACT:  # does the claim say what the fact says?
            return Prediction(Probabilities(*((1, 0, 0) if pair.premise.startswith("Likewise, ") else (0, 0, 1))))
        claim = pair.hypothesis.removeprefix("Likewise, ").rstrip(".")
        by_article, by_facts = claim.split(", and the facts ")
        if pair.premise == ARTICLE:
            wording = Difference("wording", by_article, None)
            return Prediction(Probabilities(*BY_ARTICLE[by_article]), of_article=True, differences=(wording,))
        fact = Span(0, len(pair.premise), pair.premise)
        return Prediction(Probabilities(*BY_FACTS[by_facts]), fact, differences=(Difference("wording", "deny", None),))


class Stern(PredictiveVerifier):
    """The article supports and the facts contradict everything."""

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        return [Prediction(Probabilities(*((1, 0, 0) if pair.premise == ARTICLE else (0, 1, 0)))) for pair in pairs]


class Words(Reader):
    """Cannot distinguish a statement from its denial."""

    conclusive: ClassVar[frozenset[Label]] = frozenset({"absent"})


def claim(by_article: str, by_facts: str) -> Pair:
    return Pair(ARTICLE, f"{by_article}, and the facts {by_facts}.", facts=(FACT,))


@pytest.mark.parametrize(
    ("by_article", "by_facts", "label", "supported"),
    [
        ("sound", "are silent", "supported", 0.9),
        ("sound", "deny it", "contradicted", 0.9 * (1 - 0.92)),
        ("open", "deny it", "contradicted", OPEN * (1 - 0.92)),
        ("open", "are silent", "uncertain", OPEN),
        ("open", "say so", "supported", 0.95),
        ("open", "barely", "uncertain", OPEN),  # the facts support from .9
        ("sound", "say so", "supported", 0.95),
        ("wrong", "say so", "supported", 0.95),  # else the fact is kept and the claim wrong
        ("false", "say so", "contradicted", 0.02),  # the article contradicts it more clearly than the facts support it
    ],
)
@pytest.mark.parametrize("verifier", [Reader(), Cascade(steps=(Words(), Reader()))], ids=["alone", "in a cascade"])
def test_article_and_facts_together_decide(
    verifier: PredictiveVerifier, by_article: str, by_facts: str, label: Label, supported: float
) -> None:
    (verdict,) = verifier.verify([claim(by_article, by_facts)])
    assert verdict.label == label
    assert verdict.probabilities.supported == pytest.approx(supported)


def test_claim_that_entails_a_fact_is_not_contradicted_by_it() -> None:
    """Otherwise a summary of one sentence would keep the fact, and the same fact would contradict the sentence."""
    said = Pair(ARTICLE, "Likewise, sound, and the facts deny it.", facts=(FACT,))
    [verdict, other] = Reader().verify([said, claim("sound", "deny it")])
    assert (verdict.label, verdict.reason) == ("supported", None)
    assert other.label == "contradicted"


def test_contradicted_claim_shows_the_fact_and_its_sentence() -> None:
    """A pair without facts does not mix with it."""
    verdict, alone = Reader().verify([claim("sound", "deny it"), replace(claim("sound", "deny it"), facts=())])
    assert verdict.reason == f"the claim contradicts a fact of the article: {FACT}"
    assert verdict.evidence == EVIDENCE
    assert verdict.differences == (Difference("wording", "sound", None),)  # a few facts need not have every word
    assert alone.label == "supported"


KHARKIV = "Three soldiers were killed in Kharkiv on Monday."
KHERSON = "A day later two civilians were killed in Kherson."


class Accuser(PredictiveVerifier):
    """The claim names the supporting sentence and its probability; the facts contradict every claim."""

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        return [self._read(pair) for pair in pairs]

    def _read(self, pair: Pair) -> Prediction:
        if pair.of_summary:
            return Prediction(Probabilities(0.0, 0.95, 0.05))
        place, supported = pair.hypothesis.split()
        sentence = next(each for each in (KHARKIV, KHERSON) if place in each)
        at = pair.premise.index(sentence)
        probabilities = Probabilities(float(supported), 0.0, 1 - float(supported))
        return Prediction(probabilities, Span(at, at + len(sentence), sentence), of_article=True)


@pytest.mark.parametrize(
    ("claim", "label"),
    [
        ("Kherson 0.9", "supported"),
        ("Kherson 0.7", "contradicted"),  # undecided by the article alone
        ("Kharkiv 0.9", "contradicted"),
    ],
)
def test_fact_does_not_contradict_a_claim_supported_by_another_sentence(claim: str, label: Label) -> None:
    pair = Pair(f"{KHARKIV} {KHERSON}", claim, facts=("Three people were killed in Kharkiv.",))
    assert Accuser().verify([pair])[0].label == label


def test_listed_false_version_is_contradicted() -> None:
    fact = Fact("f", FACT, contradictions=("The council rejected the plan.",))
    item = Item(Article("a", ARTICLE), facts=(fact,))
    prefix = "the claim is a listed false version of a fact of the article: "
    [verdict] = Stern().verify([make_pair("the council rejected the plan", item)])
    assert (verdict.label, verdict.reason, verdict.evidence) == ("contradicted", prefix + FACT, EVIDENCE)
    assert make_pair("The council rejected it.", item).denied == ""
    priced = replace(item, facts=(Fact("f", "It cost £5.", contradictions=("It cost $5.",)),))
    assert (make_pair("It cost £5.", priced).denied, make_pair("It cost $5", priced).denied) == ("", "It cost £5.")
    chinese = replace(item, facts=(Fact("f", "五人受伤。", contradictions=("六人受伤。",)),))
    assert make_pair("六人受伤", chinese).denied == "五人受伤。"
    said = replace(item, article=Article("a", "The council rejected the plan."))
    assert Stern().verify([make_pair("The council rejected the plan.", said)])[0].reason != prefix + FACT


def test_verbatim_sentence_is_not_checked_against_facts() -> None:
    """For example a headline that says "by one vote" when the fact says 16 to 15."""
    pairs = [replace(claim("sound", "deny it"), hypothesis=text) for text in ("It was late.", "No.")]
    verdict, other = Stern().verify(pairs)
    assert (verdict.label, other.label) == ("supported", "contradicted")


def test_inconclusive_verifier_is_not_asked_about_facts() -> None:
    assert Words(threshold=0.5).verify([claim("sound", "deny it")])[0].label == "supported"


def test_claim_is_checked_against_its_three_nearest_facts() -> None:
    statements = ("It rained.", "The plan was approved.", "A plan was made.", "The mayor left.", "The plan was cut.")
    facts = [Fact(f"f{at}", statement) for at, statement in enumerate(statements)]
    near = find_nearest_facts("The plan was approved by 16 to 15.", facts)
    assert near == ("The plan was approved.", "The plan was cut.", "A plan was made.")
    approved = Fact("f", "The plan was approved by 16 to 15.", accepted=("The plan passed by one vote.",))
    assert find_nearest_facts("It passed by one vote.", [approved]) == ("The plan passed by one vote.",)
    assert find_nearest_facts("Farmers rained on the mayor.", facts) == ("The mayor left.",)
    assert find_nearest_facts("Nobody came.", facts) == ()


class Failing(Reader):
    """Its server is busy for some questions about facts."""

    at_converse: bool
    """True if these ask whether the claim entails the fact; False if they ask what the facts say of the claim."""

    def _read(self, pair: Pair) -> Prediction:
        if pair.premise != ARTICLE and (pair.hypothesis == FACT) == self.at_converse:
            return abstain("the server is busy", transient=True)
        return super()._read(pair)


CLAIM = claim("sound", "deny it")
ABOUT_FALSE_VERSION = replace(CLAIM, facts=(), false_versions=((FACT, "The vote was postponed."),))


@pytest.mark.parametrize(("at_converse", "pair"), [(False, CLAIM), (True, CLAIM), (True, ABOUT_FALSE_VERSION)])
def test_verdict_is_transient_if_a_question_about_facts_fails(at_converse: bool, pair: Pair) -> None:
    (verdict,) = Failing(at_converse=at_converse).verify([pair])
    assert (verdict.label, verdict.transient) == ("supported", True)
    assert verdict.reason == "facts of the article could not be checked: the server is busy"
