"""The probes: how far each token of a statement is from being borne out, and what that makes of the statement.

A perceptron with one hidden layer gives each token log-odds. The statement's are weighed from their soft maximum (the
logarithm of the sum of their exponentials), since one word can make it false, and from their mean.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Head:
    """The weights of one probe."""

    mean: Floats
    """(width,): of the states that it was fitted on."""
    scale: Floats
    """(width,): one over their standard deviation."""
    inner: Floats
    """(hidden, width)."""
    inner_bias: Floats
    """(hidden,)."""
    outer: Floats
    """(hidden,)."""
    pool: Floats
    """Bias of a token; of the statement, what its worst tokens count, what their mean counts, and its bias."""

    def tokens(self, states: npt.NDArray[np.floating]) -> Floats:
        """Log-odds, one a token, that it is not borne out; ``states`` are (tokens, width)."""
        hidden = np.maximum(((states - self.mean) * self.scale) @ self.inner.T + self.inner_bias, 0)
        return np.asarray(hidden @ self.outer + self.pool[0], dtype=np.float32)

    def logit(self, tokens: Floats) -> float:
        """Log-odds that the statement is borne out, of those of its tokens."""
        _, worst, mean, bias = self.pool
        return -float(worst * np.logaddexp.reduce(tokens) + mean * tokens.mean() + bias)


@dataclass(frozen=True)
class Heads:
    """The two probes: of a statement about a summary, and about an article."""

    summary: Head
    article: Head

    def of(self, by_article: bool) -> Head:
        return self.article if by_article else self.summary

    @classmethod
    def load(cls, path: Path) -> Self:
        from safetensors.numpy import load_file

        kept = load_file(path)
        return cls(*(Head(*(kept[f"{which.name}.{part.name}"] for part in fields(Head))) for which in fields(cls)))

    def save(self, path: Path) -> None:
        """As safetensors, which execute no code."""
        from safetensors.numpy import save_file

        parts = {f"{which}.{name}": part for which, head in vars(self).items() for name, part in vars(head).items()}
        save_file({name: np.ascontiguousarray(part) for name, part in parts.items()}, path)
