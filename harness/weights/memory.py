"""Running out of memory: saying what did not fit, and trying with less."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from harness.errors import ModelError

if TYPE_CHECKING:
    import torch


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
