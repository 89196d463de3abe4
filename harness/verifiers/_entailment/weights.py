"""The weights of the network: those of a packaged backbone with what was learned on top, in 8-bit integers.

The adapter is a low-rank update of some matrices (LoRA: Hu et al. 2022): W + B·A. A matrix is quantised column by
column, symmetrically, to 7 of its 8 bits: CPUs without VNNI add two products in 16 bits, which overflow with all eight.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ADAPTER = "adapter.safetensors"
_LARGEST = 64


@dataclass(frozen=True, slots=True)
class Source:
    """Where a weight of the graph comes from."""

    tensor: str
    """Its name in the backbone."""
    transposed: bool = False
    quantised: bool = False


def assembled(
    backbone: Path, adapter: Path, sources: Mapping[str, Source]
) -> Iterator[tuple[str, NDArray[np.float32] | NDArray[np.int8]]]:
    """Each weight of the graph by its name there; one matrix at a time is in memory twice."""
    from safetensors import safe_open

    with safe_open(backbone, framework="numpy") as base, safe_open(adapter, framework="numpy") as learned:
        adapted = frozenset(learned.keys())
        for name, source in sources.items():
            weight = _merged(source.tensor, base, learned, adapted)
            weight = weight.T if source.transposed else weight
            yield name, quantised(weight)[0] if source.quantised else weight


def _merged(tensor: str, base: Any, learned: Any, adapted: frozenset[str]) -> NDArray[np.float32]:
    import numpy as np

    weight: NDArray[np.float32] = base.get_tensor(tensor)
    if f"{tensor}.A" in adapted:
        down, up = (learned.get_tensor(f"{tensor}.{side}").astype(np.float32) for side in "AB")
        weight = weight + up @ down
    return weight


def quantised(weight: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """A matrix as integers, and the step of each column: [rows, columns], [columns]."""
    import numpy as np

    step = (2 * np.abs(weight).max(axis=0) / np.float32(2 * _LARGEST)).astype(np.float32)
    return np.clip(np.rint(weight / step), -_LARGEST, _LARGEST).astype(np.int8, order="C"), step
