"""The parts of ``entailment`` that need no trained weights."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from harness.checker_en.compare import Finding
from harness.checker_en.entailment.calibrator import Calibrator, features
from harness.checker_en.entailment.network import Doubt, Reading
from harness.checker_en.findings import Findings, findings_depend
from harness.checker_en.probabilities import against
from harness.records import Pair, Probabilities, Span
from harness.verifiers.entailment import Entailment


@pytest.mark.parametrize(
    ("alone", "contrast", "expected"),
    [
        # a false version that the premise does not support changes nothing
        ((0.6, 0.1, 0.3), 0.0, (0.6, 0.1, 0.3)),
        # one that it surely supports takes everything
        ((0.6, 0.1, 0.3), 1.0, (0.0, 1.0, 0.0)),
        # of .5 × .5 each: statement alone, contrast alone, neither; both is impossible
        ((0.5, 0.0, 0.5), 0.5, (1 / 3, 1 / 3, 1 / 3)),
        # alone .9 × .2 = .18, denied .8 × .1 = .08, neither .1 × .2 = .02, shared 1 : 1; the sum is .28
        ((0.9, 0.05, 0.05), 0.8, (0.18 / 0.28, 0.09 / 0.28, 0.01 / 0.28)),
        # nothing is left to share where the statement was certain
        ((1.0, 0.0, 0.0), 0.5, (1.0, 0.0, 0.0)),
    ],
)
def test_a_false_version_takes_what_it_explains(
    alone: tuple[float, float, float], contrast: float, expected: tuple[float, float, float]
) -> None:
    found = against(Probabilities(*alone), contrast)
    assert (found.supported, found.contradicted, found.absent) == pytest.approx(expected, abs=1e-6)


def test_two_certainties_that_exclude_each_other_leave_both_open() -> None:
    found = against(Probabilities(1.0, 0.0, 0.0), 1.0)
    assert (found.supported, found.contradicted, found.absent) == pytest.approx((0.5, 0.5, 0.0), abs=1e-6)


def test_a_calibrator_is_a_softmax_of_weighted_features_and_each_use_has_its_own(tmp_path: Path) -> None:
    file = tmp_path / "calibrator.json"
    weights = {"short": [[0, 1], [0, 0], [0, 0]], "long": [[0, 0], [0, 0], [1.0986122886681098, 0]]}
    names = {"short": ["supported"], "long": ["order"]}
    file.write_text(json.dumps({"features": names, "weights": weights, "card": {}}), encoding="utf-8")
    calibrator = Calibrator.load(file)
    values = {"supported": np.log(2), "order": 1.0}
    whole, part = (calibrator.probabilities(values, reading) for reading in ("short", "long"))
    assert (whole.supported, whole.contradicted, whole.absent) == pytest.approx((0.5, 0.25, 0.25))  # 2 : 1 : 1
    assert (part.supported, part.contradicted, part.absent) == pytest.approx((0.2, 0.2, 0.6))  # ln 3 is 1.0986


def test_features_say_how_strong_the_strongest_conflict_of_each_kind_is() -> None:
    strong, weak = (
        Finding("number", "conflict", strength, Span(0, 1, "3"), Span(0, 1, "4")) for strength in (0.9, 0.2)
    )
    read, read_near = Probabilities(0.2, 0.2, 0.6), Probabilities(0.1, 0.6, 0.3)
    told = features(read, read_near, Findings((weak, strong), 0.5, 0.4, 0.3, None, words=4), True)
    assert (told["conflict_number"], told["conflict_date"], told["verbatim"]) == (0.9, 0.0, 1.0)
    log_odds = (told["supported"], told["contradicted"], told["near_supported"])
    assert log_odds == pytest.approx([np.log(1 / 3)] * 3)
    assert told["near_contradicted"] == pytest.approx(np.log(2))
    assert (told["alignment"], told["order"], told["coverage"]) == (0.5, 0.4, 0.3)


def test_signature_names_what_findings_depend_on() -> None:
    assert findings_depend().items() <= Entailment().depends().items()


def test_the_words_that_are_likely_wrong_are_told_those_side_by_side_as_one() -> None:
    """A word counts with any of its tokens: "voted" of "vot" and "ed"; an article by itself does not."""
    text = "The plan was voted down by 16 to 15, the mayor said."
    wrong = ("The", "ed", "down", "15", "the", "mayor")
    tokens = ["The", "plan", "was", "vot", "ed", "down", "by", "16", "to", "15", ",", "the", "mayor", "said", "."]
    starts = [text.index(token) for token in tokens]
    doubts = tuple(
        Doubt(start, start + len(token), 0.5 if token in wrong else -3.0)
        for start, token in zip(starts, tokens, strict=True)
    )
    read = Reading(Probabilities(0.1, 0.8, 0.1), doubts)
    assert read.doubted(text) == ["voted down", "15", "mayor"]


def test_a_contradicted_statement_says_at_which_words() -> None:
    (verdict,) = Entailment().verify(
        [Pair("The council approved the plan on Monday.", "The council rejected the plan.")]
    )
    assert verdict.label == "contradicted"
    assert [(each.kind, each.stated, each.found) for each in verdict.differences] == [("wording", "rejected", None)]
