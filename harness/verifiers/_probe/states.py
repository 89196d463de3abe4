"""What a language model has in mind at each token of a statement that it reads after a premise: its hidden states.

While it reads, a language model carries along what it would expect and whether what it meets fits what it has read:
probes of its hidden states tell false statements from true ones better than the likelihood that it gives them (Azaria &
Mitchell 2023, arXiv 2304.13734), and token by token (Orgad et al. 2024, arXiv 2410.02707).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from harness.text import normalise
from harness.verifiers._likelihood.statement import Statement, Tokens
from harness.verifiers._tree import Prefix, Tree, batches
from harness.weights.checkpoint import load
from harness.weights.memory import enough_memory
from harness.weights.source import source

if TYPE_CHECKING:
    from transformers import PreTrainedModel

MODEL = "smollm2-135m-instruct"
LAYERS = (15, 21)
"""After which of its 30 blocks the states are taken; those above the last are not computed."""
FRAME = "\n\nIn short:"
"""What stands between premise and statement."""
BATCH_TOKENS = 512
"""Tokens of statements that are read at once."""

States = npt.NDArray[np.float32]
"""(tokens, width of all ``LAYERS`` together)."""


class StateReader:
    """The lower blocks of the packaged language model."""

    def __init__(self) -> None:
        checkpoint = load(source(MODEL), None, "float32", "cpu")
        self._tokens = Tokens(checkpoint.tokenizer)
        self._model = _lower(checkpoint.model, LAYERS[-1])

    def statement(self, text: str) -> Statement:
        """The text as the model reads it."""
        return self._tokens.statement(text)

    def read(self, premise: str, statements: Sequence[str]) -> list[States]:
        """The states at the tokens of each statement; the premise, of which there are words, is read once for all."""
        import torch

        texts = [self.statement(text).ids for text in statements]
        found: list[States] = []
        with (
            torch.inference_mode(),
            enough_memory(f"{MODEL} with a premise of {len(premise):,} characters", "split it"),
        ):
            after = Prefix(self._model, self._tokens.prefix(normalise(premise).strip() + FRAME))
            for batch in batches(texts, BATCH_TOKENS):
                tree = Tree(batch)
                output = after.read(tree, output_hidden_states=True)
                states = torch.cat([output.hidden_states[layer][0] for layer in LAYERS], dim=-1).float().numpy()
                found += [states[np.array(path) - 1] for path in tree.paths]
        return found


def _lower(model: PreTrainedModel, blocks: int) -> PreTrainedModel:
    """The model's first blocks, without what turns their states into words."""
    import torch

    base: Any = model.base_model
    base.layers = base.layers[:blocks]
    base.norm = torch.nn.Identity()  # the last state is taken as it is, as those below it are
    lower: PreTrainedModel = base
    return lower
