"""Reading many pairs: each premise is encoded once, and pairs of like length share a batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.records import Probabilities
from harness.verifiers._entailment.encoder import Encoder, Ids
from harness.verifiers._entailment.network import logits

if TYPE_CHECKING:
    from torch import Tensor

PREMISES = 16
"""Premises encoded at once."""
PAIRS = 64
"""Hypotheses that are read at once."""
LONGEST = 256
"""Tokens of a hypothesis; a longer one is no statement, and is not read."""
_POSITIONS = 512
"""Tokens that the encoder has positions for; only what has hardly a space can be longer than that."""


@dataclass(frozen=True, slots=True)
class Reader:
    """The encoder and the trained weights."""

    encoder: Encoder
    weights: Mapping[str, Tensor]

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Probabilities | None]:
        """For each premise and hypothesis the network's probabilities; None where one of them is too long."""
        texts = list(dict.fromkeys(text for pair in pairs for text in pair))
        ids = dict(zip(texts, self.encoder.ids(texts), strict=True))
        asked = {
            (ids[premise], ids[hypothesis])
            for premise, hypothesis in pairs
            if len(ids[premise]) <= _POSITIONS and len(ids[hypothesis]) <= LONGEST
        }
        found: dict[tuple[Ids, Ids], Probabilities] = {}
        for batch in _batches(sorted(asked, key=lambda pair: (len(pair[0]), pair))):
            found |= dict(zip(batch, self._probabilities(batch), strict=True))
        return [found.get((ids[premise], ids[hypothesis])) for premise, hypothesis in pairs]

    def _probabilities(self, batch: Sequence[tuple[Ids, Ids]]) -> list[Probabilities]:
        import torch

        premises = self.encoder.premises(list(dict.fromkeys(premise for premise, _ in batch)))
        with torch.inference_mode():
            found = logits(self.weights, premises, self.encoder.hypotheses(batch)).double().softmax(dim=-1)
        return [Probabilities(*row) for row in found.tolist()]


def _batches(pairs: Sequence[tuple[Ids, Ids]]) -> Iterator[list[tuple[Ids, Ids]]]:
    """Batches of up to ``PREMISES`` premises and ``PAIRS`` pairs; those of one premise stand together."""
    batch: list[tuple[Ids, Ids]] = []
    for pair in pairs:
        there = {premise for premise, _ in batch}
        if len(batch) == PAIRS or len(there | {pair[0]}) > PREMISES:
            yield batch
            batch = []
        batch.append(pair)
    if batch:
        yield batch
