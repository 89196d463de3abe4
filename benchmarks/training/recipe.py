"""A training recipe: one YAML file that says what the network learns from and how."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

WARMUP = 60
"""Steps in which the learning rate rises."""


class Recipe(BaseModel):
    """The options of a training; two trainings with the same recipe and data see the same rows in the same order."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    backbone: str
    """Name of a packaged model; the network starts from its weights."""
    rank: int = Field(32, ge=1)
    """Rank of the adapter."""
    frozen_layers: int = Field(4, ge=0)
    """Layers at the bottom without an adapter."""
    batch: int = Field(16, ge=1)
    """Rows per step, over all processes."""
    rate: float = Field(3e-4, gt=0)
    """Highest learning rate of AdamW; in each round it rises over ``WARMUP`` steps, then falls linearly to zero."""
    seed: int = 0
    rounds: list[list[dict[str, int]]]
    """Each round is a list of stages, and each stage says how many rows to draw from each source. In every round the
    rate rises and falls once. A source that is used up starts again. Sources: ``written`` (``data/written``),
    ``open_set``, ``realsumm``, ``bump``, ``bump_threeway`` and the sets of ``data/entailment``."""

    @property
    def stages(self) -> list[dict[str, int]]:
        """The stages of all rounds, in order."""
        return [stage for each in self.rounds for stage in each]

    def compute_rate(self, step: int) -> float:
        """Return the learning rate of a step, counted from 0."""
        for stages in self.rounds:
            steps = sum(sum(stage.values()) // self.batch for stage in stages)
            if step < steps:
                return self.rate * min(1.0, (step + 1) / WARMUP) * (1 - step / steps)
            step -= steps
        return 0.0


def load_recipe(file: Path) -> Recipe:
    return Recipe.model_validate(YAML(typ="safe").load(file.read_text(encoding="utf-8")))
