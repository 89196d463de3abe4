"""How many tokens a model reads at once."""

from __future__ import annotations

from harness.weights.checkpoint import Checkpoint

_UNLIMITED = 10**6
"""transformers writes 10**30 where a tokenizer names no limit."""


def longest(checkpoint: Checkpoint) -> int | None:
    """Tokens that the model reads at once, as its tokenizer says, else its positions; None where neither limits it."""
    named = checkpoint.tokenizer.model_max_length
    if named < _UNLIMITED:
        return int(named)
    return positions(checkpoint)


def positions(checkpoint: Checkpoint) -> int | None:
    """Tokens that the model has positions for, its encoder's where it has one; None where any number will do."""
    config = checkpoint.model.config
    named: int | None = getattr(config, "max_encoder_position_embeddings", None)  # LED's encoder reads more
    named = named or getattr(config, "max_position_embeddings", None)
    return named and named - _unused(checkpoint)


def _unused(checkpoint: Checkpoint) -> int:
    """Positions that no token gets: RoBERTa and its kin count from behind the padding's."""
    for name, module in checkpoint.model.named_modules():
        if name.endswith("position_embeddings") and getattr(module, "padding_idx", None) is not None:
            return int(module.padding_idx) + 1
    return 0
