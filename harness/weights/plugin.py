"""Options shared by all plugins that load a model, and the model's part of their signatures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from importlib.metadata import version
from typing import Any, ClassVar

from pydantic import Field

from harness.seams import Plugin
from harness.weights.device import choose_device, find_gpu
from harness.weights.load import Checkpoint, load
from harness.weights.source import Head, ModelSource, Named, find_commit, hash_weights, problems, reached, source_of


class LoadsModel(Plugin):
    """A plugin that loads a model through transformers."""

    head: ClassVar[Head]
    """The purpose of the model."""
    unsigned: ClassVar[frozenset[str]] = frozenset({"model", "revision"})

    model: Named
    """A packaged model's name, a hub id (org/name), or a folder that save_pretrained wrote."""
    revision: str | None = None
    """Branch, tag or commit of a hub model; null for the version in the local cache, else the newest."""
    trust_remote_code: bool = False
    """Run code that comes with the model. It can do anything that you can, so read it first, and pin its revision."""
    device: str = Field("auto", pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$")
    """auto, cpu, mps, cuda or cuda:N; auto takes a GPU if there is one."""

    @classmethod
    def reaches(cls, options: Mapping[str, Any]) -> Iterable[str]:
        yield from super().reaches(options)
        if isinstance(model := options.get("model", cls.model_fields["model"].default), str):
            yield from reached(model)

    def check(self) -> Iterable[str]:
        yield from super().check()
        yield from problems(self.source, self.head)

    def depends(self) -> Mapping[str, str]:
        of_model = {"revision": self.commit or "unresolved"} if self.source.kind == "hub" else {"weights": self.weights}
        libraries = {name: version(name) for name in ("torch", "transformers")}
        on_gpu = {"gpu": kind} if self.device == "auto" and (kind := find_gpu()) else {}
        return {**super().depends(), "model": self.source.name, **of_model, **libraries, **on_gpu}

    @cached_property
    def source(self) -> ModelSource:
        return replace(source_of(self.model), trusted=self.trust_remote_code)

    @cached_property
    def commit(self) -> str | None:
        """The commit of a hub model, looked up once, so that the signature matches the loaded version."""
        return find_commit(self.source, self.revision)

    @cached_property
    def weights(self) -> str:
        """16 hex digits that identify the weights; empty for a hub model."""
        return hash_weights(self.source)[:16]

    def load(self, dtype: str, layers: int | None = None, head: Head | None = None) -> Checkpoint:
        """Load the model; ``dtype`` auto is float32 on the CPU, elsewhere the stored type.

        ``head`` overrides the purpose of the model.
        """
        device = choose_device(self.device)
        number = "float32" if dtype == "auto" and device == "cpu" else dtype
        return load(self.source, self.commit, number, device, head or self.head, layers)
