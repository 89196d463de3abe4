"""How likely a causal language model finds texts after a prefix, token by token."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from harness.verifiers._tree import Prefix, Tree, batches

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_ROWS = 128
"""Rows of logits in single precision at once: 25 MB with a vocabulary of 50,000."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a model expected where a text has its tokens; every array has one entry a token."""

    chance: Floats
    """Log-probability (natural) of the token."""
    best: Floats
    """Log-probability of the token that the model found likeliest there."""
    expected: Ints
    """Id of that token."""
    spread: Floats
    """Entropy of what the model expected, in nats."""

    def __len__(self) -> int:
        return len(self.chance)


class Reader:
    """A causal language model that is asked for probabilities."""

    def __init__(self, model: PreTrainedModel, batch_tokens: int) -> None:
        self._model = model.eval()
        self._batch_tokens = batch_tokens

    def read(self, prefix: Sequence[int], texts: Sequence[Sequence[int]]) -> list[Reading]:
        """One reading a text, as if each stood alone after the prefix. Both are token ids, and neither is empty."""
        import torch

        if not texts:
            return []
        with torch.inference_mode():
            after = Prefix(self._model, prefix, logits_to_keep=1)
            return [reading for batch in batches(texts, self._batch_tokens) for reading in _read(after, Tree(batch))]


def _read(after: Prefix, tree: Tree) -> Iterator[Reading]:
    """Of a tree's texts."""
    import torch

    end = after.output.logits[0]
    inner = sorted({parent for parent in tree.parents if parent})
    logits = end
    if inner:
        output = after.read(tree, logits_to_keep=torch.tensor(inner, device=end.device) - 1)
        logits = torch.cat([end, output.logits[0]])
    return _readings(tree, [0, *inner], logits)


def context(model: PreTrainedModel) -> int | None:
    """Tokens that prefix and text may have together, all of them seen; None where the model names no limit."""
    config = model.config.get_text_config()
    limits = (getattr(config, name, None) for name in ("max_position_embeddings", "sliding_window"))
    return min((limit for limit in limits if limit), default=None)


def _readings(tree: Tree, nodes: Sequence[int], logits: torch.Tensor) -> Iterator[Reading]:
    """``logits``: after each of the nodes, (nodes, vocabulary)."""
    import torch

    rows = {node: row for row, node in enumerate(nodes)}
    before = torch.tensor([rows[parent] for parent in tree.parents], device=logits.device)
    tokens = torch.tensor(tree.tokens, device=logits.device)
    parts = [_outlook(logits[start : start + _ROWS]) for start in range(0, len(logits), _ROWS)]
    total, best, expected, spread = map(torch.cat, zip(*parts, strict=True))
    chance = logits[before, tokens].float() - total[before]
    by_node = [part.cpu().numpy() for part in (chance, best[before], expected[before], spread[before])]
    for path in tree.paths:
        own = np.array(path) - 1
        yield Reading(*(part[own] for part in by_node))


def _outlook(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """For each row: the logarithm of its sum, the best log-probability, whose that is, and the entropy."""
    single = logits.float()
    total = single.logsumexp(dim=-1)
    highest, expected = single.max(dim=-1)
    mean = (single.softmax(dim=-1) * single).sum(dim=-1)
    return total, highest - total, expected, total - mean
