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
    passes: int = Field(1, ge=1)
    """Number of passes; each pass draws the counts below from the sources."""
    rows: int | None = Field(None, ge=1)
    """Stop after this many rows, where the learning rate reaches zero."""
    seed: int = 0
    later_share: float = Field(1.0, ge=0, le=1)
    """Share of the counts below that each pass after the first uses."""
    dropout: float = Field(0.0, ge=0, lt=1)
    """Dropout of hidden states and attention, so that the network does not memorise rows of an earlier training."""
    written: int = Field(0, ge=0)
    """Rows of ``data/written``."""
    open_set: dict[int, list[int]] = {}
    """Pass → the parts of the open set that it sees in full."""
    sets: dict[str, int] = {}
    """Set of ``data/entailment`` → rows drawn from it, at most."""
    realsumm: int = Field(0, ge=0)
    bump_threeway: int = Field(0, ge=0)
    bump: int = Field(0, ge=0)


def load_recipe(file: Path) -> Recipe:
    """Read a recipe; a relative ``start`` is relative to the file."""
    recipe = Recipe.model_validate(YAML(typ="safe").load(file.read_text(encoding="utf-8")))
    if recipe.start is None:
        return recipe
    return recipe.model_copy(update={"start": file.parent / recipe.start})
