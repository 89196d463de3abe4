"""The frozen encoder: texts as token ids, premises as states of every layer, hypotheses as embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from harness.verifiers._entailment.network import FIRST, MATCHES, Hypotheses, Premises
from harness.weights.checkpoint import load
from harness.weights.device import place
from harness.weights.source import source

if TYPE_CHECKING:
    from torch import Tensor

MODEL = "all-minilm-l6-v2"
"""The packaged encoder that the network was trained over; another has other layers."""

Ids = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Encoder:
    """A model and its tokenizer, in memory."""

    model: Any
    lower: Any
    """The same model up to the first trained layer, over the same weights."""
    tokenizer: Any

    def ids(self, texts: Sequence[str]) -> list[Ids]:
        """The tokens of each text, with the two that frame it; none is cut."""
        if not texts:
            return []
        return [tuple(row) for row in self.tokenizer(list(texts), verbose=False)["input_ids"]]

    def premises(self, texts: Sequence[Ids]) -> Premises:
        """The texts, encoded: what goes into each trained layer."""
        import torch

        ids, mask = padded(texts)
        with torch.inference_mode():
            found = self.model(input_ids=ids, attention_mask=mask, output_hidden_states=True).hidden_states
        return Premises(torch.stack(found[FIRST:-1], dim=1), mask)

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
            states = self.lower(input_ids=ids, attention_mask=mask).last_hidden_state
        return Hypotheses(states[each], mask[each], found, of)


@cache
def encoder() -> Encoder:
    """The packaged encoder; fetched the first time, ``StoreError`` where it cannot be had."""
    loaded = load(source(MODEL), None, "float32", place("cpu"), "encoder")
    return Encoder(loaded.model, lower(loaded.model), loaded.tokenizer)


def lower(model: Any) -> Any:
    """The model's layers below the first trained one: a hypothesis is read by no more of them."""
    found, layers = copy(model), copy(model.encoder)
    for module in (found, layers):
        module._modules = dict(module._modules)
    layers.layer = model.encoder.layer[:FIRST]
    found.encoder = layers
    return found


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
