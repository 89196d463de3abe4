"""docs/adding-a-plugin.md says what a prediction holds, field by field."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from harness.verifiers.prediction import Prediction

PAGE = Path(__file__).resolve().parents[2] / "docs" / "adding-a-plugin.md"


def test_the_page_names_every_field_of_a_prediction_in_order() -> None:
    table = PAGE.read_text(encoding="utf-8").partition("A `Prediction` is")[2].partition("\n\nWhat a verifier says")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == [field.name for field in fields(Prediction)]
