"""The parts of ``nli`` that need no model: class names, combining windows, and invalid templates."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from pydantic import ValidationError

from harness.checker_en.windows import Retrieved
from harness.errors import ModelError
from harness.records import Probabilities, Span
from harness.verifiers.cross_encoder import Meaning, read_meanings
from harness.verifiers.nli import NLI, combine

ONE, TWO, THREE = (Span(at, at + 1, text) for at, text in enumerate("abc"))


def name_classes(*names: str) -> Mapping[str, object]:
    return {"id2label": dict(enumerate(names))}


@pytest.mark.parametrize(
    ("config", "labels", "meanings"),
    [
        (name_classes("contradiction", "entailment", "neutral"), None, ("contradiction", "entailment", "neutral")),
        (name_classes("SUPPORTS", "REFUTES", "NOT ENOUGH INFO"), None, ("entailment", "contradiction", "neutral")),
        (name_classes("not_entailment", "entailment"), None, ("not_entailment", "entailment")),
        (name_classes("entailment", "neutral"), ("not_entailment", "entailment"), ("not_entailment", "entailment")),
        ({"id2label": {"1": "entailment", "0": "neutral"}}, None, ("neutral", "entailment")),
    ],
)
def test_names_give_the_meanings_unless_labels_is_set(
    config: Mapping[str, object], labels: tuple[Meaning, ...] | None, meanings: tuple[Meaning, ...]
) -> None:
    assert read_meanings("m", config, labels) == meanings


@pytest.mark.parametrize(
    ("config", "labels", "message"),
    [
        ({}, None, r"LABEL_0, LABEL_1, .* labels: \[not_entailment, entailment\]"),
        ({"id2label": {"0": "a", "2": "c"}}, None, "a, LABEL_1, "),
        (name_classes("entailment", "entails"), None, "which one is entailment"),
        (
            name_classes("a", "b", "c"),
            ("entailment", "neutral"),
            "the option labels lists 2 classes, but m has 3; give the meaning of each, in this order: a, b, c",
        ),
        (name_classes("score"), None, "m outputs one number, not classes"),
    ],
)
def test_error_about_unknown_classes_says_what_to_write(
    config: Mapping[str, object], labels: tuple[Meaning, ...] | None, message: str
) -> None:
    with pytest.raises(ModelError, match=message):
        read_meanings("m", config, labels)


@pytest.mark.parametrize("template", ["{premise}", "{premise} {premise} {hypothesis}"])
def test_template_without_one_place_for_each_text_is_an_error(template: str) -> None:
    with pytest.raises(ValidationError, match=r"write \{premise\} once and \{hypothesis\} once, as in 'premise: "):
        NLI(model="org/writer", template=template)


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
