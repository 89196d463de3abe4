"""The base class of plugins that load a model: their options, and what identifies the model in a plugin's signature."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field

from harness.errors import ModelError
from harness.seams import Plugin
from harness.weights.load import Checkpoint, load
from harness.weights.source import (
    Head,
    ModelSource,
    Named,
    find_commit,
    find_problems,
    find_source,
    hash_weights,
    resolve_model,
)

_GPU_FILES = ("/dev/nvidiactl", "/dev/nvhost-gpu", "/dev/kfd", "/dev/dxg")
"""Device files of GPUs that torch supports: NVIDIA cards, NVIDIA boards, AMD, and WSL under Windows."""


class LoadsModel(Plugin):
    """A plugin that loads a model through transformers."""

    head: ClassVar[Head]
    unsigned: ClassVar[frozenset[str]] = frozenset({"model", "revision"})

    model: Named
    """A packaged model's name, a hub id (org/name), or a folder that save_pretrained wrote."""
    revision: str | None = None
    """Branch, tag or commit of a hub model. Default: the version in the local cache, or else the newest."""
    trust_remote_code: bool = False
    """Run code that comes with the model. The code can do anything that you can: read it first, and pin revision."""
    device: str = Field("auto", pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$")
    """auto, cpu, mps, cuda or cuda:N; auto takes a GPU if there is one."""

    @classmethod
    def reaches(cls, options: Mapping[str, Any]) -> Iterable[str]:
        yield from super().reaches(options)
        model = options.get("model", cls.model_fields["model"].default)
        # resolve the name first: a folder next to the config may have the name of a packaged model
        if isinstance(model, str) and find_source(str(resolve_model(model))).kind != "packaged":
            yield f"loads the model {model}, which is not a packaged one"

    def check(self) -> Iterable[str]:
        yield from super().check()
        yield from find_problems(self.source, self.head)

    def depends(self) -> Mapping[str, str]:
        of_model = {"revision": self.commit or "unresolved"} if self.source.kind == "hub" else {"weights": self.weights}
        libraries = {name: version(name) for name in ("torch", "transformers")}
        on_gpu = {"gpu": kind} if self.device == "auto" and (kind := find_gpu()) else {}
        return {**super().depends(), "model": self.source.name, **of_model, **libraries, **on_gpu}

    @cached_property
    def source(self) -> ModelSource:
        return replace(find_source(self.model), trusted=self.trust_remote_code)

    @cached_property
    def commit(self) -> str | None:
        """The commit of a hub model, looked up once, so that the signature names the loaded version; else None."""
        return find_commit(self.source, self.revision)

    @cached_property
    def weights(self) -> str:
        """16 hex digits that identify the weights; empty for a hub model."""
        return hash_weights(self.source)[:16]

    def load(self, dtype: str, layers: int | None = None) -> Checkpoint:
        """Load the model; ``dtype`` auto is float32 on the CPU, elsewhere the stored type."""
        device = _choose_device(self.device)
        dtype = "float32" if dtype == "auto" and device == "cpu" else dtype
        return load(self.source, self.commit, dtype, device, self.head, layers)


def _choose_device(device: str) -> str:
    """Choose the device to load onto; raise ModelError if torch does not have it."""
    # Torch reads this at import. By default, waiting threads spin, which slows down other threads if the cores are
    # busy; with PASSIVE, a summary on two busy cores took a quarter of the time.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import torch

    devices = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if device == "auto":
        return next(name for name, available in devices.items() if available)
    kind, _, number = device.partition(":")
    if not devices[kind] or (number and int(number) >= torch.cuda.device_count()):
        raise ModelError(
            f"torch finds no {device} here; set device: auto, or one of {', '.join(filter(devices.get, devices))}"
        )
    return device


@cache
def find_gpu() -> str | None:
    """Return torch's name for the GPU that ``auto`` chooses, or None if it chooses the CPU."""
    if sys.platform == "linux" and not any(Path(file).exists() for file in _GPU_FILES):
        return None  # without importing torch, which takes seconds
    device = _choose_device("auto")
    return None if device == "cpu" else device
