"""A calibration file named by a config is applied, signed, and refused if made for another verifier."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from pydantic import Field

from harness.errors import ConfigError
from harness.records import Agreement, Pair, Probabilities
from harness.verifiers.calibration import OTHER_CODE
from harness.verifiers.decide import Prediction, abstain
from harness.verifiers.lexical import Lexical
from harness.verifiers.predictive import PredictiveVerifier

AGREEMENT = Agreement("labels.jsonl", 12, 340, 0.8, 0.87, 0.03, "its calibration", "2026-11-25", {"labels.jsonl": "ab"})
IDENTITY = {"supported": 1.0, "contradicted": 1.0, "absent": 1.0}
NOTHING = dict.fromkeys(IDENTITY, 0.0)


class Scripted(PredictiveVerifier):
    """Predicts supported 0.3 and contradicted 0.2 for ``0.3 0.2``, and abstains for ``?``."""

    strictness: int = Field(1, ge=0)
    """Changes only the signature."""

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        return [self._prediction(pair.hypothesis) for pair in pairs]

    def _prediction(self, text: str) -> Prediction:
        if text == "?":
            return abstain("no answer came")
        supported, contradicted = map(float, text.split())
        return Prediction(Probabilities(supported, contradicted, 1 - supported - contradicted))


def write_calibration(folder: Path, made_for: PredictiveVerifier, **changes: Any) -> Path:
    path = folder / "calibration.json"
    data = {
        "format": 1,
        "made_by": "test",
        "verifier": made_for.uncalibrated(),
        "recalibration": {"method": "vector", "weights": IDENTITY, "biases": NOTHING},
        "decision": {"low": 0.2, "threshold": 0.25, "high": 0.3},
        "agreement": asdict(AGREEMENT),
        "groups": ["a"],
        "report": {},
    }
    path.write_text(json.dumps({**data, **changes}), "utf-8")
    return path


def labels(verifier: PredictiveVerifier, *said: str) -> list[str]:
    return [verdict.label for verdict in verifier.verify([Pair("premise", text) for text in said])]


@pytest.mark.parametrize(
    ("method", "weights", "biases", "said", "expected"),
    [
        # a bias of log 2 doubles the odds of supported: 0.5 to 0.25 and 0.25 becomes 1 to 0.25 and 0.25
        ("vector", IDENTITY, {**NOTHING, "supported": math.log(2)}, "0.5 0.25", (2 / 3, 1 / 6, 1 / 6)),
        # the square roots of 1 and of the floor, 1e-6, have the ratio 1000
        ("temperature", dict.fromkeys(IDENTITY, 0.5), NOTHING, "1 0", (1000 / 1001, 0, 1 / 1001)),
    ],
)
def test_probabilities_are_recalibrated(
    tmp_path: Path, method: str, weights: object, biases: object, said: str, expected: tuple[float, ...]
) -> None:
    recalibration = {"method": method, "weights": weights, "biases": biases}
    path = write_calibration(tmp_path, Scripted(), recalibration=recalibration)
    (verdict,) = Scripted(calibration=path).verify([Pair("p", said)])
    assert verdict.probabilities.values == pytest.approx(expected)


def test_abstention_is_not_recalibrated(tmp_path: Path) -> None:
    (verdict,) = Scripted(calibration=write_calibration(tmp_path, Scripted())).verify([Pair("p", "?")])
    assert (verdict.label, verdict.reason) == ("uncertain", "no answer came")
    assert verdict.probabilities == Probabilities(1 / 3, 1 / 3, 1 / 3)


def test_signature_has_the_digest_of_the_calibration(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    here, there = (Scripted(calibration=write_calibration(folder, Scripted())) for folder in (tmp_path, other))
    assert here.signature() == there.signature()
    assert here.signature().startswith(f"{Scripted().signature()}|calibration:")
    assert "|calibration:" not in Scripted().signature()
    band = {"low": 0.1, "threshold": 0.2, "high": 0.3}
    changed = Scripted(calibration=write_calibration(other, Scripted(), decision=band))
    assert changed.signature() != here.signature()
    assert here.verify([Pair("p", "0.5 0.1")])[0].verifier == here.signature()


def test_agreement_comes_from_the_calibration(tmp_path: Path) -> None:
    assert Scripted().agreement() is None
    assert Scripted(calibration=write_calibration(tmp_path, Scripted())).agreement() == AGREEMENT
    found = Lexical(calibration=write_calibration(tmp_path, Lexical())).agreement()
    assert found is not None
    assert found.balanced_accuracy == 0.8
    assert set(found.fitted) == {"labels.jsonl", "realsumm_coverage.jsonl", "bump_threeway.jsonl", "bump_pairs.jsonl"}


def test_calibration_of_another_verifier_is_refused(tmp_path: Path) -> None:
    path = write_calibration(tmp_path, Scripted(strictness=2))
    problem = "calibration.json: verifier: was made for another verifier: strictness 2 (here 1); restore these options"
    (found,) = Scripted(calibration=path).check()
    assert problem in found
    with pytest.raises(ConfigError, match="or run harness calibrate"):
        Scripted(calibration=path).verify([Pair("p", "0.5 0.1")])
    assert labels(Scripted(strictness=2, calibration=path), "0.5 0.1") == ["supported"]


def test_changed_verifier_code_is_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    signature = Scripted().uncalibrated().partition("|code:")[0] + "|code:00000000"
    verifier = Scripted(calibration=write_calibration(tmp_path, Scripted(), verifier=signature))
    with caplog.at_level(logging.WARNING):
        assert labels(verifier, "0.5 0.1") == ["supported"]
    assert OTHER_CODE in caplog.text
    agreement = verifier.agreement()
    assert (agreement and agreement.caution) == OTHER_CODE


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("{", "Invalid JSON"),
        ('{"format": 2}', "format: Input should be 1"),
        ('{"format": 1}', "made_by: Field required; create the file with harness calibrate"),
        ({"decision": {"low": 0.4, "threshold": 0.2, "high": 0.5}}, "must be in ascending order"),
        (
            {"recalibration": {"method": "vector", "weights": {**IDENTITY, "absent": 1e999}, "biases": NOTHING}},
            "recalibration.weights.absent: Input should be a finite number",
        ),
    ],
)
def test_error_in_a_file_has_a_place_and_a_remedy(tmp_path: Path, written: str | dict[str, Any], message: str) -> None:
    path = write_calibration(tmp_path, Scripted(), **(written if isinstance(written, dict) else {}))
    if isinstance(written, str):
        path.write_text(written, "utf-8")
    (problem,) = Scripted(calibration=path).check()
    assert message in problem
    path.unlink()
    (problem,) = Scripted(calibration=path).check()
    assert problem.endswith("calibration.json: does not exist")


def test_calibrated_band_replaces_the_preset(tmp_path: Path) -> None:
    calibrated = Scripted(calibration=write_calibration(tmp_path, Scripted()))  # a band from .2 to .3
    assert labels(calibrated, "0.31 0.1", "0.21 0.1", "0.19 0.6", "0.1 0.44") == [
        "supported", "uncertain", "contradicted", "absent",
    ]  # fmt: skip  # in the order of the pairs


@pytest.mark.parametrize("option", [{"threshold": 0.7}, {"decisions": "strict"}])
def test_calibration_with_an_option_it_replaces_is_an_error(tmp_path: Path, option: dict[str, object]) -> None:
    verifier = Scripted.model_validate({**option, "calibration": write_calibration(tmp_path, Scripted())})
    assert list(verifier.check()) == [f"calibration replaces {next(iter(option))}; remove one of the two"]
