"""The parts of ``nli`` that need no model: class names and combining windows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from harness.checker_en.windows import Retrieved
from harness.errors import ModelError
from harness.records import Probabilities, Span
from harness.verifiers.cross_encoder import Meaning, list_class_names, read_meanings
from harness.verifiers.nli import combine

ONE, TWO, THREE = (Span(at, at + 1, text) for at, text in enumerate("abc"))


@pytest.mark.parametrize(
    ("named", "labels", "meanings"),
    [
        (("contradiction", "entailment", "neutral"), None, ("contradiction", "entailment", "neutral")),
        (("SUPPORTS", "REFUTES", "NOT ENOUGH INFO"), None, ("entailment", "contradiction", "neutral")),
        (("not_entailment", "entailment"), None, ("not_entailment", "entailment")),
        (("entailment", "neutral"), ("not_entailment", "entailment"), ("not_entailment", "entailment")),
    ],
)
def test_names_give_the_meanings_unless_labels_is_set(
    named: Sequence[str], labels: tuple[Meaning, ...] | None, meanings: tuple[Meaning, ...]
) -> None:
    assert read_meanings("m", named, labels) == meanings


@pytest.mark.parametrize(
    ("named", "labels", "message"),
    [
        (("LABEL_0", "LABEL_1"), None, r"LABEL_0, LABEL_1, .* labels: \[not_entailment, entailment\]"),
        (("entailment", "entails"), None, "which one is entailment"),
        (
            ("a", "b", "c"),
            ("entailment", "neutral"),
            "the option labels lists 2 classes, but m has 3; give the meaning of each, in this order: a, b, c",
        ),
        (("a", "b"), ("neutral", "neutral"), "which one is entailment"),
        (("score",), None, "m outputs one number, not classes"),
    ],
)
def test_error_about_unknown_classes_says_what_to_write(
    named: Sequence[str], labels: tuple[Meaning, ...] | None, message: str
) -> None:
    with pytest.raises(ModelError, match=message):
        read_meanings("m", named, labels)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, ["LABEL_0", "LABEL_1"]),
        ({"id2label": {"1": "b", "0": "a"}}, ["a", "b"]),
        ({"id2label": {0: "a", 1: "b"}, "label2id": {"a": 0, "b": 1}}, ["a", "b"]),
        ({"id2label": {"0": "a", "2": "c"}}, ["a", "LABEL_1"]),
    ],
)
def test_class_names_are_read_from_the_configuration(config: Mapping[str, object], expected: list[str]) -> None:
    assert list_class_names(config) == expected


def test_hand_worked_combination_of_windows() -> None:
    """The best support is .5. The most decisive window, the third, splits the rest: .5 × .6 / .75 = .4 contradicted."""
    windows = [Probabilities(0.1, 0.1, 0.8), Probabilities(0.5, 0.2, 0.3), Probabilities(0.25, 0.6, 0.15)]
    found = combine(Retrieved((ONE, TWO, THREE), 0), windows)
    assert found.probabilities.values == pytest.approx((0.5, 0.4, 0.1))
    assert found.evidence == TWO


@pytest.mark.parametrize("given", [(0.2, 0.3, 0.5), (1.0, 0.0, 0.0), (0.7, 0.0, 0.3)])
def test_single_window_keeps_its_probabilities(given: tuple[float, float, float]) -> None:
    assert combine(Retrieved((ONE,), 0), [Probabilities(*given)]).probabilities.values == pytest.approx(given)


def test_overflowing_numbers_are_an_abstention() -> None:
    nan = float("nan")
    found = combine(Retrieved((ONE, TWO), 0), [Probabilities(nan, nan, nan), Probabilities(1, 0, 0)])
    assert found.abstained
    assert "float32" in (found.reason or "")
