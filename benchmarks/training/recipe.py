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
    start: Path | None = None
    """Folder of an exported network to continue from, instead of the bare backbone."""
    rank: int = Field(32, ge=1)
    """Rank of the adapter."""
    frozen_layers: int = Field(4, ge=0)
    """Layers at the bottom without an adapter."""
    batch: int = Field(16, ge=1)
    """Rows per step, over all processes."""
    rate: float = Field(3e-4, gt=0)
    """Highest learning rate of AdamW."""
    seed: int = 0
    dropout: float = Field(0.0, ge=0, lt=1)
    """Dropout of hidden states and attention, so that the network does not memorise rows of an earlier training."""
    written: int = Field(0, ge=0)
    """Rows of ``data/written``. As below, a source with fewer rows than its count is drawn from again."""
    open_set: dict[int, int] = {}
    """Part of the open set → rows drawn from it."""
    sets: dict[str, int] = {}
    """Set of ``data/entailment`` → rows drawn from it."""
    realsumm: int = Field(0, ge=0)
    bump_threeway: int = Field(0, ge=0)
    bump: int = Field(0, ge=0)


def load_recipe(file: Path) -> Recipe:
    """Read a recipe; a relative ``start`` is relative to the file."""
    recipe = Recipe.model_validate(YAML(typ="safe").load(file.read_text(encoding="utf-8")))
    if recipe.start is None:
        return recipe
    return recipe.model_copy(update={"start": file.parent / recipe.start})
