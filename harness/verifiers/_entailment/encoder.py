"""The frozen encoder: texts as token ids, premises as states of every layer, hypotheses as embeddings.

It is BERT (Devlin et al. 2019), computed from its weights: transformers, which could, takes two seconds to import.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from harness import store
from harness.text import encodable
from harness.verifiers._entailment.network import FIRST, HEADS, MATCHES, Hypotheses, Premises
from harness.weights.device import place

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

MODEL = "all-minilm-l6-v2"
"""The packaged encoder that the network was trained over; another has other layers."""
LAYERS = 6
PARTS: Mapping[str, str] = {
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
    "out": "attention.output.dense", "norm": "attention.output.LayerNorm",
    "up": "intermediate.dense", "down": "output.dense", "last": "output.LayerNorm",
}  # fmt: skip  # a table
"""Part of a layer, as the network calls it → as the encoder's file does."""
_TINY = 1e-12

Ids = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Encoder:
    """The weights and the tokenizer, in memory."""

    weights: Mapping[str, Tensor]
    """As the file names them."""
    tokenizer: Tokenizer

    def ids(self, texts: Sequence[str]) -> list[Ids]:
        """The tokens of each text, with the two that frame it; none is cut."""
        return [tuple(found.ids) for found in self.tokenizer.encode_batch([*map(encodable, texts)])]

    def premises(self, texts: Sequence[Ids]) -> Premises:
        """The texts, encoded: what goes into each trained layer."""
        import torch

        ids, mask = padded(texts)
        with torch.inference_mode():
            return Premises(torch.stack([*islice(self._states(ids, mask), FIRST, None)], dim=1), mask)

    def hypotheses(self, asked: Sequence[tuple[Ids, Ids]]) -> Hypotheses:
        """Hypotheses, each with its premise's tokens; premises are numbered by their first mention."""
        import torch

        numbers = {premise: number for number, premise in enumerate(dict.fromkeys(premise for premise, _ in asked))}
        places = {hypothesis: place for place, hypothesis in enumerate(dict.fromkeys(each for _, each in asked))}
        ids, mask = padded(list(places))
        each = torch.tensor([places[hypothesis] for _, hypothesis in asked])
        found, _ = padded([matched(premise, hypothesis) for premise, hypothesis in asked])
        of = torch.tensor([numbers[premise] for premise, _ in asked])
        with torch.inference_mode():
            states = next(islice(self._states(ids, mask), FIRST, None))
        return Hypotheses(states[each], mask[each], found, of)

    def layer(self, number: int) -> dict[str, Tensor]:
        """The weights of a layer, from 0, as the network names them."""
        return {
            f"{mine}.{kind}": self.weights[f"encoder.layer.{number}.{theirs}.{kind}"]
            for mine, theirs in PARTS.items()
            for kind in ("weight", "bias")
        }

    def _states(self, ids: Tensor, mask: Tensor) -> Iterator[Tensor]:
        """What goes into each layer, from the lowest: (texts, tokens, dimensions)."""
        from torch.nn.functional import layer_norm

        words, places, kinds = (
            self.weights[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")
        )
        scale, shift = (self.weights[f"embeddings.LayerNorm.{kind}"] for kind in ("weight", "bias"))
        states = layer_norm(words[ids] + places[: ids.shape[1]] + kinds[0], scale.shape, scale, shift, _TINY)
        yield states
        for number in range(LAYERS - 1):
            states = _layer(self.layer(number), states, mask)
            yield states


@cache
def encoder() -> Encoder:
    """The packaged encoder; fetched the first time, ``StoreError`` where it cannot be had."""
    place("cpu")
    from safetensors.torch import load_file
    from tokenizers import Tokenizer

    folder = store.path(MODEL)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return Encoder(load_file(folder / "model.safetensors"), tokenizer)


def _layer(layer: Mapping[str, Tensor], states: Tensor, mask: Tensor) -> Tensor:
    from torch.nn import functional

    def linear(name: str, of: Tensor) -> Tensor:
        return functional.linear(of, layer[f"{name}.weight"], layer[f"{name}.bias"])

    def norm(name: str, of: Tensor) -> Tensor:
        return functional.layer_norm(of, of.shape[-1:], layer[f"{name}.weight"], layer[f"{name}.bias"], _TINY)

    query, key, value = (
        linear(name, states).reshape(*states.shape[:2], HEADS, -1).transpose(1, 2) for name in ("query", "key", "value")
    )
    mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None, None, :])
    states = norm("norm", states + linear("out", mixed.transpose(1, 2).flatten(2)))
    return norm("last", states + linear("down", functional.gelu(linear("up", states))))


def padded(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """The rows as one matrix, and the mask that is true where a row has a value."""
    import torch

    longest = max(map(len, rows))
    values = torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows])
    mask = torch.tensor([[True] * len(row) + [False] * (longest - len(row)) for row in rows])
    return values, mask


def matched(premise: Ids, hypothesis: Ids) -> Ids:
    """For each token of the hypothesis: 0 not in the premise, 1 in it, 2 in it beside the same neighbour."""
    there, beside = set(premise[1:-1]), set(pairwise(premise))
    found = [int(token in there) for token in hypothesis]
    for at, pair in enumerate(pairwise(hypothesis)):
        if pair in beside:
            found[at] = found[at + 1] = MATCHES - 1
    return tuple(found)
