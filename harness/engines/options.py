"""What a config says of the engine."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["local", "ray"]


class Workers(BaseModel):
    """What each worker of a model, of the verifier or of the scorers takes of the cluster."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    cpus: float = Field(1, gt=0)
    """Processor cores of each worker."""
    gpus: float = Field(0, ge=0)
    """GPUs of each worker; 0.5 lets two share one."""
    count: int | None = Field(None, ge=1)
    """How many workers; as many as the cluster has room for where it is left out."""
    batch: int = Field(32, ge=1)
    """Requests, or pairs to judge, that a worker gets at a time, and that are asked again when it is lost."""


class EngineOptions(BaseModel):
    """How the work is spread: in this process one after the other, or over a Ray cluster."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    kind: Kind = "local"
    """local, or ray (pip install 'fact-harness[ray]')."""
    address: str | None = None
    """The cluster's head as HOST:PORT, or auto; where it is left out, a cluster of this machine alone is started."""
    workers: dict[str, Workers] = Field(default_factory=dict)
    """What workers take, by the name of a model, or verifier or scorers."""
