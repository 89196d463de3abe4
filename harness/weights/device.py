"""Which device a model is loaded onto."""

from __future__ import annotations

import os

from harness.errors import ModelError


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
