"""The parts of ``nli`` that need no model: what classes mean, and how windows make one opinion; values by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from harness.errors import ModelError
from harness.records import Pair, Probabilities, Span
from harness.verifiers._nli.classes import Meaning, classes, names
from harness.verifiers._nli.pairs import WindowPair
from harness.verifiers._nli.question import (
    Aggregation,
    WindowedHypothesis,
    WindowReading,
    aggregated,
)
from harness.verifiers.prediction import Prediction
from harness.verifiers.statements import weighed

ONE, TWO, THREE = (Span(at, at + 1, text) for at, text in enumerate("abc"))


def values(found: Probabilities) -> tuple[float, float, float]:
    return found.supported, found.contradicted, found.absent


def asked(read: Mapping[str, Sequence[float]]) -> Prediction:
    """The prediction of statement ``h`` beside its false version ``f``, where it has one, both read in windows a, b."""
    answers = {WindowPair(key[0], key[1]): Probabilities(*found) for key, found in read.items()}
    contrasts = ("f",) if WindowPair("a", "f") in answers else ()
    pair = Pair("a b", "h", contrasts=contrasts)
    return weighed(
        pair,
        {
            pair.with_hypothesis(text): WindowedHypothesis(text, [ONE, TWO], 3).predict(answers, "max")
            for text in ("h", *contrasts)
        },
    )


# Classes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("named", "meanings"),
    [
        (("contradiction", "entailment", "neutral"), ("contradiction", "entailment", "neutral")),
        (("ENTAILMENT", "Neutral", "Contradiction"), ("entailment", "neutral", "contradiction")),
        (("SUPPORTS", "REFUTES", "NOT ENOUGH INFO"), ("entailment", "contradiction", "neutral")),
        (("not_entailment", "entailment"), ("not_entailment", "entailment")),
        (("Supported", "Unsupported"), ("entailment", "not_entailment")),
    ],
)
def test_classes_are_known_by_their_names_in_any_order_and_spelling(
    named: Sequence[str], meanings: tuple[Meaning, ...]
) -> None:
    assert classes("m", named, None).meanings == meanings


@pytest.mark.parametrize(
    ("named", "said", "message"),
    [
        (("LABEL_0", "LABEL_1"), None, r"called LABEL_0, LABEL_1, .* labels: \[not_entailment, entailment\]"),
        (("0", "1"), None, r"classes of m are called 0, 1"),
        (("LABEL_0", "LABEL_1", "LABEL_2"), None, r"labels: \[entailment, neutral, contradiction\]"),
        (("entailment", "entails"), None, "does not say in order which is entailment"),
        (("neutral", "contradiction"), None, "does not say in order which is entailment"),
        (("positive", "entailment"), None, "does not say in order which is entailment"),
        (("a", "b", "c"), ("entailment", "neutral"), r"labels names 2 classes, and m has 3 \(a, b, c\)"),
        (("a", "b"), ("neutral", "neutral"), "does not say in order which is entailment"),
        (("score",), None, "m gives one number and no classes"),
        ((), None, "m gives one number and no classes"),
    ],
)
def test_classes_that_are_not_known_are_refused_with_what_to_write(
    named: Sequence[str], said: tuple[Meaning, ...] | None, message: str
) -> None:
    with pytest.raises(ModelError, match=message):
        classes("m", named, said)


def test_what_the_config_says_goes_before_the_names() -> None:
    given = classes("m", ("entailment", "neutral"), ("not_entailment", "entailment"))
    assert values(given.probabilities([0.3, 0.7])) == (0.7, 0.0, 0.3)


def test_outputs_become_labels() -> None:
    three = classes("m", ("contradiction", "entailment", "neutral"), None)
    assert values(three.probabilities([0.2, 0.5, 0.3])) == (0.5, 0.2, 0.3)
    opposites = classes("m", ("entailment", "contradiction"), None)
    assert values(opposites.probabilities([0.6, 0.4])) == (0.6, 0.4, 0.0)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, ["LABEL_0", "LABEL_1"]),
        ({"num_labels": 3}, ["LABEL_0", "LABEL_1", "LABEL_2"]),
        ({"id2label": {"1": "b", "0": "a"}}, ["a", "b"]),
        ({"id2label": {0: "a", 1: "b"}, "label2id": {"a": 0, "b": 1}}, ["a", "b"]),
        ({"id2label": {"0": "a", "2": "c"}}, ["a", "LABEL_1"]),
        (
            {"id2label": {"0": "entailment", "1": "other"}, "label2id": {"entailment": 1, "other": 0}},
            ["entailment (or is that number 1?)", "other (or is that number 0?)"],
        ),
    ],
)
def test_names_stand_in_the_configuration(config: Mapping[str, object], expected: list[str]) -> None:
    assert names(config) == expected


# Windows ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("aggregation", "expected", "supporting", "contradicting"),
    [
        # .5 is the best support; c decides .85, of which its own rest (.6 + .15) is .8 contradicted: .5 · .8 = .4.
        ("max", (0.5, 0.4, 0.1), TWO, THREE),
        ("strongest", (0.25, 0.6, 0.15), THREE, THREE),
    ],
)
def test_windows_make_one_judgement(
    aggregation: Aggregation, expected: tuple[float, ...], supporting: Span, contradicting: Span
) -> None:
    reads = [
        WindowReading(ONE, Probabilities(0.1, 0.1, 0.8)),
        WindowReading(TWO, Probabilities(0.5, 0.2, 0.3)),
        WindowReading(THREE, Probabilities(0.25, 0.6, 0.15)),
    ]
    found = aggregated(reads, aggregation)
    assert values(found.probabilities) == pytest.approx(expected)
    assert (found.supporting, found.contradicting) == (supporting, contradicting)


def test_one_window_stays_what_it_is_and_a_sure_one_leaves_nothing() -> None:
    for aggregation in ("max", "strongest"):
        for given in (Probabilities(0.2, 0.3, 0.5), Probabilities(1.0, 0.0, 0.0), Probabilities(0.7, 0.0, 0.3)):
            assert values(aggregated([WindowReading(ONE, given)], aggregation).probabilities) == pytest.approx(
                values(given)
            )


# Opinions --------------------------------------------------------------------------------------------------------


def test_the_evidence_is_the_window_that_decided() -> None:
    assert asked({"ah": (0.9, 0, 0.1), "bh": (0.1, 0, 0.9)}).evidence == ONE
    assert asked({"ah": (0.1, 0, 0.9), "bh": (0.1, 0.8, 0.1)}).evidence == TWO


def test_a_supported_false_version_is_the_evidence_against() -> None:
    found = asked({"ah": (0.1, 0, 0.9), "bh": (0.1, 0, 0.9), "af": (0.1, 0, 0.9), "bf": (0.9, 0, 0.1)})
    assert found.evidence == TWO
    assert found.objection == "the premise is nearer to the false version: f"
    assert values(found.probabilities) == pytest.approx(
        (0.01 / 0.91, 0.81 / 0.91, 0.09 / 0.91)
    )  # both supported is left out: .1 × .9


def test_what_was_not_read_is_said_where_nothing_was_found() -> None:
    found = asked({"ah": (0.1, 0, 0.9), "bh": (0.1, 0, 0.9)})
    assert (found.evidence, found.abstained) == (None, False)
    assert found.reason == "of 5 windows the 2 were read that share the most words with the statement"
    assert asked({"ah": (0.9, 0, 0.1), "bh": (0.1, 0, 0.9)}).reason is None


def test_numbers_that_overflow_decide_nothing() -> None:
    nan = float("nan")
    found = asked({"ah": (nan, nan, nan), "bh": (1, 0, 0)})
    assert found.abstained
    assert found.reason == "the numbers of the model overflow; set dtype: float32"
