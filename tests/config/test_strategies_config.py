"""The example config of strategies, run with the packaged models on less than it asks for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness import config, pipeline, store

CONFIG = Path(__file__).resolve().parents[2] / "configs" / "strategies.yaml"
SMALL = (
    "models.smollm2.max_new_tokens=8",
    "models.drawing.max_new_tokens=8",
    "models.best-of-4.n=2",
    "models.best-of-4.verifier=lexical",
    "models.revised.verifier=lexical",
    "verifier=lexical",
    "scorers=[length, cost]",
)
NAME = "smollm2-135m-instruct"


def test_strategies_use_another_verifier_than_judges_them() -> None:
    loaded = config.load(CONFIG)
    assert list(loaded.models) == ["smollm2", "drawing", "revised", "best-of-4", "in-parts"]
    for name in ("revised", "best-of-4"):
        assert getattr(loaded.models[name], "verifier").signature() != loaded.verifier.signature()  # noqa: B009  # typed as Model
    assert getattr(loaded.models["revised"], "base") is loaded.models["smollm2"]  # noqa: B009


@pytest.mark.slow
@pytest.mark.skipif(not store.installed(NAME), reason=f"{NAME} is not here; fetch it: harness models pull {NAME}")
def test_each_strategy_is_a_system_with_its_own_cost(tmp_path: Path) -> None:
    loaded = replace(config.load(CONFIG, SMALL), output=tmp_path / "run")
    outcome = pipeline.run(loaded, use_cache=False)
    assert outcome.results.manifest.problems == ()
    made = {summary.system: summary.generation for summary in outcome.results.summaries}
    assert all(each.text for each in made.values())
    assert len(made["best-of-4/plain"].steps) == 2
    assert made["best-of-4/plain"].new_tokens == 16
    assert made["revised/plain"].steps[0].text == made["smollm2/plain"].text
    assert made["in-parts/plain"].how == "read in 2 parts, whose summaries were read at once"
    assert made["in-parts/plain"].new_tokens == 24
