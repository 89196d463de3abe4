"""How likely a causal language model finds texts after a prefix, token by token.

The prefix is read once. The continuations are laid out as a tree, in which texts that begin alike share their
beginning, and read in one pass: each token attends to the prefix and to its own beginning alone. Tree attention:
Miao et al. 2024, SpecInfer (arXiv 2305.09781).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import torch
    from transformers import Cache, PreTrainedModel

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


class Tree:
    """Token sequences laid out so that equal beginnings stand once; node 0 is the end of the prefix."""

    def __init__(self, texts: Sequence[Sequence[int]]) -> None:
        self.tokens: list[int] = []
        """Node → token, for the nodes from 1 on."""
        self.parents: list[int] = []
        self.paths: list[list[int]] = []
        """Text → the nodes of its tokens."""
        known: dict[tuple[int, int], int] = {}
        for text in texts:
            path, node = [], 0
            for token in text:
                step = (node, token)
                if step not in known:
                    self.tokens.append(token)
                    self.parents.append(node)
                    known[step] = len(self.tokens)
                node = known[step]
                path.append(node)
            self.paths.append(path)

    def depths(self) -> list[int]:
        """Tokens between the prefix and each node."""
        found = [0]
        for parent in self.parents:
            found.append(found[parent] + 1)
        return [depth - 1 for depth in found[1:]]

    def sees(self) -> npt.NDArray[np.bool_]:
        """(nodes, nodes): whether the row's node attends to the column's."""
        found = np.eye(len(self.tokens), dtype=np.bool_)
        for node, parent in enumerate(self.parents):
            if parent:
                found[node] |= found[parent - 1]
        return found


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
            ids = torch.tensor([list(prefix)], device=self._model.device)
            output = self._model(input_ids=ids, use_cache=True, logits_to_keep=1)
            trees = (Tree(batch) for batch in _batches(texts, self._batch_tokens))
            return [
                reading for tree in trees for reading in self._read(tree, output.logits[0], output.cache, len(prefix))
            ]

    def _read(self, tree: Tree, end: torch.Tensor, cache: Cache, before: int) -> Iterator[Reading]:
        """Of a tree's texts after ``before`` tokens, with the logits at their ``end``; the cache is left as it was."""
        import torch

        device = end.device
        inner = sorted({parent for parent in tree.parents if parent})
        logits = end
        if inner:
            sees = np.concatenate([np.ones((len(tree.tokens), before), np.bool_), tree.sees()], axis=1)
            output = self._model(
                input_ids=torch.tensor([tree.tokens], device=device),
                attention_mask=torch.from_numpy(sees).to(device)[None, None],
                position_ids=torch.tensor([tree.depths()], device=device) + before,
                cache=cache,
                use_cache=True,
                logits_to_keep=torch.tensor(inner, device=device) - 1,
            )
            cache.crop(-len(tree.tokens))
            logits = torch.cat([end, output.logits[0]])
        return _readings(tree, [0, *inner], logits)


def context(model: PreTrainedModel) -> int | None:
    """Tokens that prefix and text may have together, all of them seen; None where the model names no limit."""
    config = model.config.get_text_config()
    limits = (getattr(config, name, None) for name in ("max_position_embeddings", "sliding_window"))
    return min((limit for limit in limits if limit), default=None)


def _batches(texts: Sequence[Sequence[int]], most: int) -> Iterator[list[Sequence[int]]]:
    """The texts in order, as many together as have ``most`` tokens; a longer one stands alone."""
    batch: list[Sequence[int]] = []
    for text in texts:
        if batch and sum(map(len, batch)) + len(text) > most:
            yield batch
            batch = []
        batch.append(text)
    yield batch


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
