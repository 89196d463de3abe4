from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from harness.records import Difference, Pair, Probabilities, Span
from harness.verifiers.decide import Prediction, abstain
from harness.verifiers.statements import StatementVerifier, weigh_against


class Scripted(StatementVerifier):
    """P(supported) is the number at the end of the statement; without one it abstains."""

    def predict_statements(self, pairs: Sequence[Pair]) -> list[Prediction]:
        return [_prediction(pair.hypothesis) for pair in pairs]


def _prediction(statement: str) -> Prediction:
    number = statement.rpartition(" ")[2]
    if not number.startswith("."):
        return abstain(f"cannot be read: {statement}")
    supported = float(number)
    return Prediction(
        Probabilities(supported, 0.0, 1 - supported),
        Span(0, 1, number),
        reason=f"said {statement}",
        objection=f"{statement} is not there",
        differences=(Difference("number", number, None), Difference("wording", statement, None)),
    )


def predict(hypothesis: str, accepted: Sequence[str] = (), contrasts: Sequence[str] = ()) -> Prediction:
    (found,) = Scripted().predict([Pair("all of it", hypothesis, tuple(accepted), tuple(contrasts))])
    return found


@pytest.mark.parametrize(
    ("told", "accepted", "chosen"),
    [
        ("told .2", ["other .7", "third .5"], "other .7"),
        ("told", ["other .2"], "other .2"),  # the hypothesis cannot be read
        ("told", ["other"], "told"),
    ],
)
def test_best_supported_wording_counts(told: str, accepted: list[str], chosen: str) -> None:
    """The words of another wording are not shown as differences, because the reader sees the hypothesis."""
    expected = _prediction(chosen)
    shown = tuple(each for each in expected.differences if each.kind == "number" or chosen == told)
    assert predict(told, accepted, ["false .0"]) == replace(expected, differences=shown)


def test_false_version_takes_its_share_of_support() -> None:
    """For .8 and .5: .8 × .5 supported, .2 × .5 the false version, .2 × .5 neither; both at once is excluded."""
    found = predict("told .8", contrasts=["false .5", "lesser .1", "unread"])
    assert found.probabilities.supported == pytest.approx(0.4 / 0.6)
    assert found.probabilities.contradicted == pytest.approx(0.1 / 0.6)
    assert (found.evidence, found.objection) == (Span(0, 1, ".8"), "told .8 is not there")


def test_contradiction_by_a_false_version_has_its_evidence() -> None:
    found = predict("plain .1", contrasts=["false .9"])
    assert found.probabilities.contradicted == pytest.approx(0.81 / 0.91)
    assert (found.evidence, found.reason) == (Span(0, 1, ".9"), "said false .9")
    assert found.objection == "the premise is nearer to the false version: false .9"


def test_each_statement_is_read_once() -> None:
    """Two pairs that share wordings and false versions have four different statements."""
    read: list[str] = []

    class Counting(Scripted):
        def predict_statements(self, pairs: Sequence[Pair]) -> list[Prediction]:
            read.extend(pair.hypothesis for pair in pairs)
            return super().predict_statements(pairs)

    Counting().predict([Pair("p", "a .1", ("b .2",), ("c .3",)), Pair("p", "b .2", ("a .1",), ("d .4",))])
    assert sorted(read) == ["a .1", "b .2", "c .3", "d .4"]


@pytest.mark.parametrize(
    ("alone", "contrast", "expected"),
    [
        # a false version that the premise does not support changes nothing
        ((0.6, 0.1, 0.3), 0.0, (0.6, 0.1, 0.3)),
        # a false version that it surely supports takes everything
        ((0.6, 0.1, 0.3), 1.0, (0.0, 1.0, 0.0)),
        # statement alone, false version alone and neither have .5 × .5 each; both together are impossible
        ((0.5, 0.0, 0.5), 0.5, (1 / 3, 1 / 3, 1 / 3)),
        # alone .9 × .2 = .18, denied .8 × .1 = .08, neither .1 × .2 = .02, shared 1 : 1; the sum is .28
        ((0.9, 0.05, 0.05), 0.8, (0.18 / 0.28, 0.09 / 0.28, 0.01 / 0.28)),
        # a certain statement leaves nothing to share
        ((1.0, 0.0, 0.0), 0.5, (1.0, 0.0, 0.0)),
        # two certain statements that exclude each other are equally likely
        ((1.0, 0.0, 0.0), 1.0, (0.5, 0.5, 0.0)),
    ],
)
def test_false_version_takes_support_from_the_statement(
    alone: tuple[float, float, float], contrast: float, expected: tuple[float, float, float]
) -> None:
    found = weigh_against(Probabilities(*alone), contrast)
    assert found.values == pytest.approx(expected, abs=1e-6)
