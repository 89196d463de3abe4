"""``docs/scorers.md`` against the scorers that there are."""

from __future__ import annotations

import re
from pathlib import Path

from harness import plugins
from harness.seams import Scorer

PAGE = Path(__file__).parents[2] / "docs" / "scorers.md"
ROWS = [line.split("|")[1:4] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]


def test_page_lists_every_scorer_with_its_options() -> None:
    listed = {kind: _names(options) for kinds, _, options in ROWS for kind in _names(kinds)}
    assert sorted(listed) == plugins.list_kinds(Scorer)
    for kind, options in listed.items():
        known = set(plugins.find(Scorer, kind).model_fields)
        others = {name for other in ("bleu", "chrf") for name in plugins.find(Scorer, other).model_fields}
        assert known <= set(options), kind
        assert set(options) <= (others if kind in ("bleu", "chrf") else known), kind


def _names(cell: str) -> list[str]:
    return re.findall(r"`(\w+)`", cell)
