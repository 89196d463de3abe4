"""Whether a model reads a tree of texts as it reads each text alone: most do, some have no mask that could say so."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from harness.errors import ModelError
from harness.verifiers._likelihood.reader import Reader

PROBE = "The committee met on Monday, and it agreed on three things."
_TOLERANCE = 0.5
"""Nats that rounding may make of it in 8 bits of mantissa; texts that see one another differ by more."""


def probe(name: str, reader: Reader, ids: Sequence[int]) -> None:
    """ModelError where the readings of two texts that begin alike differ from those of each alone."""
    half, end = len(ids) // 2, ids[-2:]
    texts = [[*ids[half:]], [*ids[half : half + 1], *end, *ids[:half]], [*end, *ids[:half]]]
    try:
        together = reader.read(ids[:half], texts)
        alone = [reader.read(ids[:half], [text])[0] for text in texts]
    except (TypeError, ValueError, RuntimeError, AttributeError) as error:  # whatever its architecture lacks
        raise ModelError(_refused(name, str(error).partition("\n")[0])) from error
    apart = max(float(np.abs(one.chance - other.chance).max()) for one, other in zip(together, alone, strict=True))
    if not apart < _TOLERANCE:
        raise ModelError(_refused(name, f"they differ by {apart:.2g} nats"))


def _refused(name: str, why: str) -> str:
    return (
        f"{name} does not read several texts after one premise as it reads each alone ({why}); take a model with "
        f"attention of the usual kind, such as one of the Llama, Qwen or SmolLM families, and dtype: float32"
    )
