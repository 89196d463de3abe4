"""A claim that says a false version of a fact is not supported, whatever the verifier makes of the claim itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pytest

from harness.claims import denied
from harness.records import Fact, Label, Pair, Probabilities
from harness.verifiers.cascade import Cascade
from harness.verifiers.prediction import Prediction, PredictiveVerifier

FALSE, TRUE = "The plan was voted down.", "The plan was approved."


class Reader(PredictiveVerifier):
    """Finds every claim in the article, and of the false version in a claim as much as the claim's number says."""

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        return [Prediction(self._read(pair)) for pair in pairs]

    def _read(self, pair: Pair) -> Probabilities:
        if pair.hypothesis != FALSE:
            return Probabilities(0.8, 0.1, 0.1)
        supported = float(pair.premise.split()[-1])
        return Probabilities(supported, 0.0, 1 - supported)


class Words(Reader):
    """Cannot tell a statement from its denial."""

    conclusive: ClassVar[frozenset[Label]] = frozenset({"absent"})


def claim(says: float) -> Pair:
    return Pair("The article.", f"The council threw it out {says}", denied=((FALSE, TRUE),))


@pytest.mark.parametrize("verifier", [Reader(), Cascade(steps=(Words(), Reader()))], ids=["alone", "in a cascade"])
def test_what_says_something_denied_is_contradicted_by_as_much_as_it_says_it(verifier: PredictiveVerifier) -> None:
    (verdict,) = verifier.verify([claim(0.9)])
    assert verdict.label == "contradicted"
    assert verdict.probabilities.supported == pytest.approx(0.8 * 0.1)
    assert verdict.probabilities.contradicted == pytest.approx(0.1 + 0.8 * 0.9)
    assert verdict.reason is not None
    assert verdict.reason.endswith(f"says what a fact of the article denies: {FALSE}")


def test_what_does_not_say_it_stays_as_it_was_and_pairs_do_not_mix() -> None:
    labels = [verdict.label for verdict in Reader().verify([claim(0.3), claim(0.9), Pair("The article.", "x")])]
    assert labels == ["supported", "contradicted", "supported"]


def test_a_verifier_of_words_is_not_asked_whether_a_claim_says_it() -> None:
    assert Words().verify([claim(0.9)])[0].label == "supported"


def test_a_claim_is_held_against_the_false_versions_that_it_shares_most_words_with() -> None:
    fact = Fact("passed", "The plan was approved.", contradictions=("The plan was voted down.", "Farmers danced."))
    assert denied("The plan was voted down by 16 to 15.", [fact]) == ((FALSE, TRUE),)
    assert denied("It rained.", [fact]) == ()
