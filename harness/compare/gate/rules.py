"""The rules of a gate, as a YAML file says them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from harness.data import yaml
from harness.data.validation import validate
from harness.data.yaml import Document, Key
from harness.errors import ConfigError, DataError, Problem
from harness.files import show

Share = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Tolerance(BaseModel):
    """How much more something may take: ``times`` the baseline's mean, ``plus`` an amount that is always allowed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)

    times: float = Field(1.0, ge=1, allow_inf_nan=False)
    """A factor: 1.5 allows half as much again."""
    plus: float = Field(0.0, ge=0, allow_inf_nan=False)
    """In seconds a summary, or in the currency for 1,000 summaries: what is too small to matter."""


_METRICS = {"fact_recall": 0.02, "faithfulness": 0.02}


class Rules(BaseModel):
    """What a run must hold against its baseline. A rule that is null is not checked."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)

    only: list[str] = Field(default_factory=list)
    """The systems that are held against the baseline's; all of the baseline's where this is left out."""
    essential_facts_lost: int | None = Field(0, ge=0)
    """Essential facts that the baseline keeps and the run does not: lost, contradicted, undecided or without a verdict;
    at most so many a system."""
    contradictions_added: int | None = Field(0, ge=0)
    """Facts contradicted, more than in the baseline: at most so many a system."""
    missing_values_added: int | None = Field(0, ge=0)
    """Values that are missing, more than in the baseline: at most so many a system."""
    metrics: dict[str, Share | None] | None = Field(default_factory=lambda: dict[str, float | None](_METRICS))
    """Metric → by how much it may be worse, in its own units; judged by the 95% interval of the difference."""
    latency: Tolerance | None = None
    """Seconds a summary."""
    cost: Tolerance | None = None
    """Price of 1,000 summaries."""
    undecided: Literal["fail", "warn"] = "fail"
    """What comes of a rule that these articles are too few to decide."""


@dataclass(frozen=True)
class Ruling:
    """Rules with their place, for what is wrong with them."""

    rules: Rules
    document: Document | None = field(default=None, repr=False)

    @property
    def source(self) -> str:
        """The file, as its user would type it."""
        return show(self.document.path) if self.document else "the default rules"

    def only(self, systems: Sequence[str]) -> Ruling:
        """The rules for these systems alone; as they are, where none is named."""
        return replace(self, rules=self.rules.model_copy(update={"only": list(systems)})) if systems else self

    def names(self, key: Key) -> bool:
        """Whether a person wrote the rule; else it is a default one."""
        return str(key[0]) in self.rules.model_fields_set

    def problem(self, key: Key, message: str) -> Problem:
        """A problem with a rule."""
        if self.document:
            return self.document.problem(key, message)
        return Problem("", None, yaml.format_key(key), message)


def load(path: Path | None) -> Ruling:
    """The rules in a file, or the default ones; ConfigError names all that is wrong."""
    if path is None:
        return Ruling(Rules())
    document = yaml.load_yaml(path, ConfigError)
    try:
        return Ruling(validate(Rules, document.data, (), document), document)
    except DataError as error:
        raise ConfigError.of(error.problems) from None
