"""Reading many pairs: each premise is encoded once, and hypotheses of like length share a batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from harness.records import Probabilities
from harness.verifiers._entailment.encoder import Encoder, Ids
from harness.verifiers._entailment.network import Premises, logits

if TYPE_CHECKING:
    from torch import Tensor

PREMISES = 4
"""Premises encoded at once."""
PAIRS = 48
"""Hypotheses that are read at once: with more, what lies between layers leaves the cache, and each takes longer."""
LONGEST = 256
"""Tokens of a hypothesis; a longer one is no statement, and is not read."""
_POSITIONS = 512
"""Tokens that the encoder has positions for; only what has hardly a space can be longer than that."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reader:
    """The encoder and the trained weights."""

    encoder: Encoder
    weights: Mapping[str, Tensor]

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Probabilities | None]:
        """For each premise and hypothesis the network's probabilities; None where one of them is too long."""
        texts = list(dict.fromkeys(text for pair in pairs for text in pair))
        ids = dict(zip(texts, self.encoder.ids(texts), strict=True))
        asked: dict[Ids, set[Ids]] = defaultdict(set)
        for premise, hypothesis in pairs:
            if len(ids[premise]) <= _POSITIONS and len(ids[hypothesis]) <= LONGEST:
                asked[ids[premise]].add(ids[hypothesis])
        found: dict[tuple[Ids, Ids], Probabilities] = {}
        for premises in _batches(sorted(asked, key=_by_length), PREMISES):
            found |= self._probabilities({premise: asked[premise] for premise in premises})
        return [found.get((ids[premise], ids[hypothesis])) for premise, hypothesis in pairs]

    def _probabilities(self, asked: Mapping[Ids, Iterable[Ids]]) -> dict[tuple[Ids, Ids], Probabilities]:
        """Of each premise and its hypotheses."""
        import torch

        premises, rows = self.encoder.premises(list(asked)), {premise: row for row, premise in enumerate(asked)}
        pairs = [(premise, hypothesis) for premise, hypotheses in asked.items() for hypothesis in hypotheses]
        found: dict[tuple[Ids, Ids], Probabilities] = {}
        for batch in _batches(sorted(pairs, key=lambda pair: (*_by_length(pair[1]), pair[0])), PAIRS):
            there = [rows[premise] for premise in dict.fromkeys(premise for premise, _ in batch)]
            beside = Premises(premises.states[there], premises.mask[there])
            with torch.inference_mode():
                shares = logits(self.weights, beside, self.encoder.hypotheses(batch)).double().softmax(dim=-1)
            found |= {pair: Probabilities(*row) for pair, row in zip(batch, shares.tolist(), strict=True)}
        return found


def _by_length(text: Ids) -> tuple[int, Ids]:
    """The short ones first, and always in one order."""
    return len(text), text


def _batches(items: Sequence[T], most: int) -> list[Sequence[T]]:
    return [items[start : start + most] for start in range(0, len(items), most)]
