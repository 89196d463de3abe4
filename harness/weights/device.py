"""The device that a model is loaded onto, and what to do where its memory runs out."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import ModelError

if TYPE_CHECKING:
    import torch

_BFLOAT16 = frozenset({"avx512_bf16", "amx_bf16", "bf16"})
"""What Linux calls the instructions for it, on x86 and on ARM."""


@cache
def multiplies_bfloat16() -> bool:
    """Whether the CPU has instructions for bfloat16, as far as the system says; torch is not asked, nor imported."""
    try:
        words = Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
    except OSError:  # not Linux
        return False
    return not _BFLOAT16.isdisjoint(words)


def place(device: str) -> str:
    """The device to load onto; ModelError where torch does not have it."""
    # Read when torch is first imported. Threads that wait by spinning take the cores from one another as soon as
    # other programs run too: with it a summary on two busy cores took a quarter of the time.
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


_GPU_FILES = ("/dev/nvidiactl", "/dev/nvhost-gpu", "/dev/kfd", "/dev/dxg")
"""What Linux has where there is a GPU that torch may use: NVIDIA's, one on a board of theirs, AMD's, one of Windows."""


@cache
def gpu() -> str | None:
    """The kind of GPU that ``auto`` takes, as torch calls it; None where it takes the CPU.

    Importing torch takes seconds, so a Linux that has no file of a GPU's driver is taken at its word.
    """
    if sys.platform == "linux" and not any(Path(file).exists() for file in _GPU_FILES):
        return None
    device = place("auto")
    return None if device == "cpu" else device


@contextmanager
def enough_memory(what: str, remedy: str) -> Iterator[None]:
    """Turn running out of memory into a ModelError that names what did not fit and what to do."""
    try:
        yield
    except (MemoryError, RuntimeError, OSError) as error:
        if ran_out(error):
            raise ModelError(f"{what} does not fit into memory; {remedy}") from error
        raise


def ran_out(error: Exception) -> bool:
    """Whether an error of torch's, of Python's or of the system's says that there was no memory left."""
    import torch

    return isinstance(error, MemoryError | torch.OutOfMemoryError) or "allocate memory" in str(error)


def free() -> None:
    """Give back what torch holds of a GPU's memory without need."""
    import torch

    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def available(device: torch.device) -> int:
    """Bytes that can still be had on a device."""
    import psutil
    import torch

    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    return int(psutil.virtual_memory().available)
