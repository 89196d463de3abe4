"""Which device a model is loaded onto."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from harness.errors import ModelError

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

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if device == "auto":
        return next(name for name, available in there.items() if available)
    if not there[device.partition(":")[0]]:
        raise ModelError(
            f"torch finds no {device} here; set device: auto, or one of {', '.join(filter(there.get, there))}"
        )
    return device
