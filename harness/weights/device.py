"""The device that a model is loaded onto, and what to do if its memory runs out."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from harness.errors import ModelError

_GPU_FILES = ("/dev/nvidiactl", "/dev/nvhost-gpu", "/dev/kfd", "/dev/dxg")
"""Device files of GPUs that torch supports: NVIDIA cards, NVIDIA boards, AMD, and Windows under WSL."""


def choose_device(device: str) -> str:
    """Choose the device to load onto; raise ModelError if torch does not have it."""
    # Torch reads this at import. By default, waiting threads spin and take the cores from one another when other
    # programs run too; with PASSIVE, a summary on two busy cores took a quarter of the time.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import torch

    devices = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if device == "auto":
        return next(name for name, available in devices.items() if available)
    if not devices[device.partition(":")[0]]:
        raise ModelError(
            f"torch finds no {device} here; set device: auto, or one of {', '.join(filter(devices.get, devices))}"
        )
    return device


@cache
def find_gpu() -> str | None:
    """Return torch's name for the GPU that ``auto`` chooses; None if it chooses the CPU.

    Importing torch takes seconds, so Linux machines without a GPU device file skip it.
    """
    if sys.platform == "linux" and not any(Path(file).exists() for file in _GPU_FILES):
        return None
    device = choose_device("auto")
    return None if device == "cpu" else device


@contextmanager
def require_memory(what: str, remedy: str) -> Iterator[None]:
    """Turn running out of memory into a ModelError that names what did not fit and what to do."""
    try:
        yield
    except (MemoryError, RuntimeError, OSError) as error:
        if is_out_of_memory(error):
            raise ModelError(f"{what} does not fit into memory; {remedy}") from error
        raise


def is_out_of_memory(error: Exception) -> bool:
    """True if an error of torch, Python or the system says that memory ran out."""
    import torch

    return isinstance(error, MemoryError | torch.OutOfMemoryError) or "allocate memory" in str(error)
