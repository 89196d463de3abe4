"""The network: the hypothesis reads the premise.

The frozen encoder's lower layers read either text by itself. In each layer above them the hypothesis's tokens attend to
one another and to the premise's tokens as the frozen encoder has them below the same layer. The premise never reads the
hypothesis, so it is encoded once, whatever is asked of it: several times cheaper than a cross-encoder, which reads both
anew for each pair. The layers begin as the encoder's own (MiniLM: Wang et al. 2020, BERT's layers: Devlin et al. 2019)
and are then trained. That lower layers need not see both texts is known from DeFormer (Cao et al. 2020).

Shapes: B premises of up to P tokens, H hypotheses of up to T tokens, D dimensions, L trained layers. Masks are true at
tokens.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

FIRST = 2
"""The encoder's lowest layer, from 0, that has a trained one in its place."""
HEADS = 12
"""Attention heads of the encoder, and so of the network."""
MATCHES = 3
"""What is said of each token of the hypothesis: not in the premise, in it, in it beside the same neighbour."""
_TINY = 1e-12
_NEVER = -1e4
_VOTES = 0.3
"""How much the weakest token counts beside the whole."""


@dataclass(frozen=True, slots=True)
class Premises:
    """Premises as the frozen encoder has them."""

    states: Tensor
    """(B, L, P, D): what goes into each layer from ``FIRST`` on."""
    mask: Tensor
    """(B, P)."""


@dataclass(frozen=True, slots=True)
class Hypotheses:
    """Hypotheses, and what each is held against."""

    states: Tensor
    """(H, T, D): as the frozen encoder has them below the first trained layer."""
    mask: Tensor
    """(H, T)."""
    matched: Tensor
    """(H, T) of 0 to MATCHES - 1."""
    premise: Tensor
    """(H,): the premise of each."""


def logits(weights: Mapping[str, Tensor], premises: Premises, asked: Hypotheses, dropout: float = 0.0) -> Tensor:
    """(H, 3): supported, contradicted, absent. ``dropout`` is for training."""
    from torch.nn import functional

    states = asked.states + functional.embedding(asked.matched, weights["match"])
    beside = premises.mask[asked.premise]
    for number in range(premises.states.shape[1]):
        layer = {
            name.removeprefix(f"{number}."): part for name, part in weights.items() if name.startswith(f"{number}.")
        }
        states = _layer(layer, states, asked, premises.states[:, number], beside, dropout)
    return _classified(weights, states, asked.mask, dropout)


def _layer(
    layer: Mapping[str, Tensor], states: Tensor, asked: Hypotheses, read: Tensor, beside: Tensor, dropout: float
) -> Tensor:
    """BERT's layer, after LayerNorm, with the premise's keys and values beside the hypothesis's own."""
    import torch
    from torch.nn import functional

    keys, values = (_heads(_linear(layer, name, states)) for name in ("key", "value"))
    with torch.no_grad():  # the premise's side is the encoder's, as it came
        further = [_heads(_linear(layer, f"premise.{name}", read))[asked.premise] for name in ("key", "value")]
    mixed = functional.scaled_dot_product_attention(
        _heads(_linear(layer, "query", states)),
        torch.cat([keys, further[0]], dim=2),
        torch.cat([values, further[1]], dim=2),
        attn_mask=torch.cat([asked.mask, beside], dim=1)[:, None, None, :],
    )
    mixed = _linear(layer, "out", mixed.transpose(1, 2).flatten(2))
    states = _norm(layer, "norm", states + functional.dropout(mixed, dropout))
    wide = functional.gelu(_linear(layer, "up", states))
    return _norm(layer, "last", states + functional.dropout(_linear(layer, "down", wide), dropout))


def _classified(weights: Mapping[str, Tensor], states: Tensor, mask: Tensor, dropout: float) -> Tensor:
    """The whole hypothesis (first token, an attention pool and the mean), and the votes of its tokens.

    Of the votes for a label the least counts, softly: one unsupported word makes a statement unsupported.
    """
    import torch
    from torch.nn import functional

    share = _linear(weights, "pool", states).squeeze(-1).masked_fill(~mask, _NEVER).softmax(dim=-1)
    pooled = (share[..., None] * states).sum(dim=1)
    mean = (states * mask[..., None]).sum(dim=1) / mask.sum(dim=1, keepdim=True)
    whole = functional.gelu(_linear(weights, "whole", torch.cat([states[:, 0], pooled, mean], dim=-1)))
    votes = _linear(weights, "vote", states).masked_fill(~mask[..., None], -_NEVER)
    weakest = math.log(10) - torch.logsumexp(-votes, dim=1)
    return _linear(weights, "label", functional.dropout(whole, dropout)) + _VOTES * weakest


def _linear(weights: Mapping[str, Tensor], name: str, states: Tensor) -> Tensor:
    from torch.nn import functional

    return functional.linear(states, weights[f"{name}.weight"], weights[f"{name}.bias"])


def _norm(weights: Mapping[str, Tensor], name: str, states: Tensor) -> Tensor:
    from torch.nn import functional

    scale = weights[f"{name}.weight"]
    return functional.layer_norm(states, scale.shape, scale, weights[f"{name}.bias"], _TINY)


def _heads(states: Tensor) -> Tensor:
    """(texts, tokens, D) to (texts, heads, tokens, D / heads)."""
    return states.reshape(*states.shape[:-1], HEADS, -1).transpose(1, 2)
