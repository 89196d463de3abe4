"""The rules of a gate, read from YAML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, Field

from harness.data import yaml
from harness.data.validation import STRICT, validate
from harness.data.yaml import Document, Key
from harness.errors import ConfigError, DataError
from harness.files import show


class Tolerance(BaseModel):
    """An upper limit: the baseline's mean, multiplied by ``times``, plus a fixed allowance, ``plus``."""

    model_config = STRICT

    times: float = Field(1.0, ge=1, allow_inf_nan=False)
    """A factor: 1.5 allows 50% more."""
    plus: float = Field(0.0, ge=0, allow_inf_nan=False)
    """An amount too small to matter, in seconds per summary, or in currency units per 1,000 summaries."""


class Rules(BaseModel):
    """Limits on how much worse a run may be than the baseline. A rule that is null is not checked."""

    model_config = STRICT

    only: list[str] = Field(default_factory=list)
    """The systems to check (default: all of the baseline's)."""
    essential_facts_lost: int | None = Field(0, ge=0)
    """Maximum number, per system, of essential facts that the baseline keeps and the run does not: lost, contradicted,
    undecided or not checked."""
    contradictions_added: int | None = Field(0, ge=0)
    """Maximum number, per system, of facts that the run contradicts and the baseline does not."""
    missing_values_added: int | None = Field(0, ge=0)
    """Maximum number, per system, of additional missing values."""
    metrics: dict[str, Annotated[float, Field(ge=0, allow_inf_nan=False)] | None] | None = Field(
        default_factory=lambda: dict[str, float | None](fact_recall=0.02, faithfulness=0.02)
    )
    """How much worse each metric may be, in its own units; judged by the 95% interval of the difference."""
    latency: Tolerance | None = None
    """Seconds per summary."""
    cost: Tolerance | None = None
    """Price per 1,000 summaries."""
    undecided: Literal["fail", "warn"] = "fail"
    """What to do with a rule that cannot be decided because there are too few articles."""


class Margin(NamedTuple):
    """A rule that limits how much worse a metric may be."""

    key: Key
    metric: str
    tolerance: Tolerance


@dataclass(frozen=True)
class LoadedRules:
    """Rules with the file that they come from, so that a problem can name the line."""

    rules: Rules
    document: Document | None = field(default=None, repr=False)

    @property
    def source(self) -> str:
        return show(self.document.path) if self.document else "the default rules"

    def only(self, systems: Sequence[str]) -> LoadedRules:
        """Restrict the rules to these systems; without any, change nothing."""
        return replace(self, rules=self.rules.model_copy(update={"only": list(systems)})) if systems else self

    def margins(self) -> Iterator[Margin]:
        for name, margin in (self.rules.metrics or {}).items():
            if margin is not None:
                yield Margin(("metrics", name), name, Tolerance(plus=margin))
        if self.rules.latency:
            yield Margin(("latency",), "seconds", self.rules.latency)
        if self.rules.cost:
            yield Margin(("cost",), "price_per_1000", self.rules.cost)


def load(path: Path | None) -> LoadedRules:
    """Load the rules from a file, or the default rules; a ConfigError lists all problems."""
    if path is None:
        return LoadedRules(Rules())
    document = yaml.load_yaml(path)
    try:
        return LoadedRules(validate(Rules, document.data, (), document), document)
    except DataError as error:
        raise ConfigError.of(error.problems) from None
