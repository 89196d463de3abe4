"""Many texts after one prefix, read by a causal language model in one pass.

The prefix is read once. The continuations are laid out as a tree, in which texts that begin alike share their
beginning: each token attends to the prefix and to its own beginning alone. Tree attention: Miao et al. 2024, SpecInfer
(arXiv 2305.09781).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from transformers import PreTrainedModel


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


class Prefix:
    """A prefix that a model has read, after which it reads trees."""

    def __init__(self, model: PreTrainedModel, ids: Sequence[int], **options: Any) -> None:
        import torch

        self._model = model
        self._length = len(ids)
        tokens = torch.tensor([list(ids)], device=model.device)
        self.output = model(input_ids=tokens, use_cache=True, **options)
        self._cache = self.output.cache

    def read(self, tree: Tree, **options: Any) -> Any:
        """What the model makes of a tree's nodes, in their order; the prefix stays as it was."""
        import torch

        device, before = self._model.device, self._length
        sees = np.concatenate([np.ones((len(tree.tokens), before), np.bool_), tree.sees()], axis=1)
        output = self._model(
            input_ids=torch.tensor([tree.tokens], device=device),
            attention_mask=torch.from_numpy(sees).to(device)[None, None],
            position_ids=torch.tensor([tree.depths()], device=device) + before,
            cache=self._cache,
            use_cache=True,
            **options,
        )
        self._cache.crop(-len(tree.tokens))
        return output


def batches(texts: Sequence[Sequence[int]], most: int) -> Iterator[list[Sequence[int]]]:
    """The texts in order, as many together as have ``most`` tokens; a longer one stands alone."""
    batch: list[Sequence[int]] = []
    for text in texts:
        if batch and sum(map(len, batch)) + len(text) > most:
            yield batch
            batch = []
        batch.append(text)
    if batch:
        yield batch
