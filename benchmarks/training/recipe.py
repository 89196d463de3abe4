"""A training recipe: one YAML file that says what the network learns from and how."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML


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
    """Highest learning rate of AdamW; it falls to zero at the last step."""
    seed: int = 0
    stages: list[dict[str, int]]
    """Rows to draw, by source, one stage after the other. A source that is used up starts again. Sources: ``written``
    (``data/written``), ``open_set``, ``realsumm``, ``bump``, ``bump_threeway`` and the sets of ``data/entailment``."""


def load_recipe(file: Path) -> Recipe:
    """Read a recipe."""
    return Recipe.model_validate(YAML(typ="safe").load(file.read_text(encoding="utf-8")))
