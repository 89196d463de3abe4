"""A training recipe: one YAML file that says what the network learns from and how."""

from __future__ import annotations

from itertools import accumulate, pairwise
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

WARMUP = 60
"""Steps in which the learning rate rises."""


class Recipe(BaseModel):
    """The options of a training run; runs with the same recipe and data see the same rows in the same order."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    backbone: str
    """Name of a packaged model; the network starts from its weights."""
    start: Path | None = None
    """Folder of an exported network to continue from, instead of an empty adapter and new heads."""
    rank: int = Field(32, ge=1)
    """Rank of the adapter."""
    frozen_layers: int = Field(4, ge=0)
    """Number of bottom layers without an adapter."""
    batch: int = Field(16, ge=1)
    """Rows per step, over all processes."""
    rate: float = Field(3e-4, gt=0)
    """Highest learning rate of AdamW; in each round it rises over ``WARMUP`` steps, then falls linearly to zero."""
    seed: int = 0
    rounds: list[list[dict[str, int]]]
    """Each round is a list of stages, and each stage says how many rows to draw from each source. In every round the
    rate rises and falls once. A source that is used up starts again. Sources: ``written`` (``data/written``),
    ``open_set`` (its parts 1 to 5), one part alone (``open_set_6`` to ``open_set_15``), ``realsumm``, ``bump``,
    ``bump_threeway`` and the sets of ``data/entailment``."""
    averaged_rounds: int = Field(1, ge=1)
    """Average the final adapters of the last N rounds (stochastic weight averaging with a cyclical rate,
    Izmailov et al. 2018). ``start`` counts as a round."""

    @property
    def stages(self) -> list[dict[str, int]]:
        """The stages of all rounds, in order."""
        return [stage for each in self.rounds for stage in each]

    @property
    def round_ends(self) -> list[int]:
        """The number of steps done at the end of each round."""
        return list(accumulate(sum(sum(stage.values()) // self.batch for stage in stages) for stages in self.rounds))

    @property
    def averaged_ends(self) -> list[int]:
        """The ends of the rounds that are averaged; 0 stands for ``start``."""
        return [*([0] if self.start else []), *self.round_ends][-self.averaged_rounds :]

    def compute_rate(self, step: int) -> float:
        """Return the learning rate of a step, counted from 0."""
        for start, end in pairwise([0, *self.round_ends]):
            if step < end:
                return self.rate * min(1.0, (step - start + 1) / WARMUP) * (end - step) / (end - start)
        return 0.0


def load_recipe(file: Path) -> Recipe:
    return Recipe.model_validate(YAML(typ="safe").load(file.read_text(encoding="utf-8")))
