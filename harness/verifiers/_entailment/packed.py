"""The network's weights on disk: safetensors, which executes no code; matrices as 8-bit integers with a scale a row."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

_SCALE = ".scale"
_LARGEST = 127


def save(weights: Mapping[str, Tensor], path: Path) -> None:
    """Write the weights; a matrix keeps, of each row, its largest magnitude exactly and the rest to 1/127 of it."""
    import torch
    from safetensors.torch import save_file

    packed: dict[str, Tensor] = {}
    for name, weight in weights.items():
        if weight.dim() < 2:  # biases and norms are few, and what they scale is large
            packed[name] = weight.detach().float().contiguous()
            continue
        scale = weight.detach().abs().amax(dim=1).clamp(min=1e-12) / _LARGEST
        packed[name] = (weight.detach() / scale[:, None]).round().to(torch.int8).contiguous()
        packed[name + _SCALE] = scale.contiguous()
    save_file(packed, str(path))


def load(path: Path) -> dict[str, Tensor]:
    """The weights as float32, matrices as near as they were kept."""
    from safetensors.torch import load_file

    packed = load_file(str(path))
    return {
        name: weight.float() * packed[name + _SCALE][:, None] if name + _SCALE in packed else weight
        for name, weight in packed.items()
        if not name.endswith(_SCALE)
    }
