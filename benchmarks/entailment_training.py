"""Training the network of the verifier ``entailment``."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from benchmarks.entailment_data import Block
from harness import progress
from harness.verifiers._entailment.encoder import LAYERS, Encoder, Ids
from harness.verifiers._entailment.network import FIRST, MATCHES, Premises, logits

STATEMENTS = 90
"""Statements of a batch, about."""
PREMISE_TOKENS = 2400
"""Tokens of the premises of a batch, about."""
RATE, HEAD_RATE = 1e-4, 1e-3
"""Learning rates of the layers, which begin as the encoder's, and of what begins at random."""
DROPOUT = 0.1
_CLASSES = {"supported": 0, "contradicted": 1, "absent": 2, "unsupported": 3}


def initial(encoder: Encoder, seed: int) -> dict[str, Tensor]:
    """The encoder's own upper layers, and a head drawn at random."""
    torch.manual_seed(seed)
    weights: dict[str, Tensor] = {}
    for number in range(LAYERS - FIRST):
        weights |= {f"{number}.{name}": part for name, part in encoder.layer(FIRST + number).items()}
        for mine in ("key", "value"):
            weights[f"{number}.premise.{mine}.weight"] = weights[f"{number}.{mine}.weight"]
            weights[f"{number}.premise.{mine}.bias"] = weights[f"{number}.{mine}.bias"]
    width = len(weights["0.query.bias"])
    weights["match"] = 0.02 * torch.randn(MATCHES, width)
    for name, (rows, columns) in {
        "pool": (1, width), "vote": (3, width), "whole": (width, 3 * width), "label": (3, width),
    }.items():  # fmt: skip  # a table
        bound = 1 / math.sqrt(columns)
        weights[f"{name}.weight"] = torch.empty(rows, columns).uniform_(-bound, bound)
        weights[f"{name}.bias"] = torch.zeros(rows)
    return {name: weight.detach().clone() for name, weight in weights.items()}


@dataclass
class Batches:
    """Blocks as tensors; premises are encoded once and kept, in half of the room."""

    encoder: Encoder
    _states: dict[Ids, Tensor] = field(default_factory=dict)
    _ids: dict[str, Ids] = field(default_factory=dict)

    def encode(self, blocks: Iterable[Block]) -> None:
        """Encode the premises that are new."""
        texts = {text for block in blocks for text in (block.premise, *(text for text, _ in block.statements))}
        new = sorted(texts - set(self._ids))
        self._ids |= dict(zip(new, self.encoder.ids(new), strict=True)) if new else {}
        waiting = sorted({self._ids[block.premise] for block in blocks} - set(self._states), key=len)
        with progress.bar("encode", len(waiting)) as advance:
            for start in range(0, len(waiting), 32):
                part = waiting[start : start + 32]
                found = self.encoder.premises(part).states.to(torch.bfloat16)
                self._states |= {ids: found[at, :, : len(ids)].clone() for at, ids in enumerate(part)}
                advance(len(part))

    def logits(self, weights: Mapping[str, Tensor], batch: Sequence[Block], dropout: float = 0.0) -> Tensor:
        asked = [(self._ids[block.premise], self._ids[text]) for block in batch for text, _ in block.statements]
        with torch.autocast("cpu", torch.bfloat16):
            hypotheses = self.encoder.hypotheses(asked)
            return logits(weights, self._premises(list(dict.fromkeys(premise for premise, _ in asked))), hypotheses,
                          dropout).float()  # fmt: skip  # one call

    def _premises(self, texts: Sequence[Ids]) -> Premises:
        longest = max(map(len, texts))
        first = self._states[texts[0]]
        states = torch.zeros(len(texts), first.shape[0], longest, first.shape[2], dtype=torch.bfloat16)
        mask = torch.zeros(len(texts), longest, dtype=torch.bool)
        for at, ids in enumerate(texts):
            states[at, :, : len(ids)], mask[at, : len(ids)] = self._states[ids], True
        return Premises(states, mask)

    def drawn(self, blocks: Sequence[Block], draw: random.Random | None) -> list[list[Block]]:
        """The blocks in batches of like premise length; in order where nothing is drawn."""
        order = list(blocks)
        if draw:
            draw.shuffle(order)
        pools = [order[start : start + 200] for start in range(0, len(order), 200)]
        found = [batch for pool in pools for batch in self._cut(pool)]
        if draw:
            draw.shuffle(found)
        return found

    def _cut(self, pool: Sequence[Block]) -> Iterator[list[Block]]:
        batch: list[Block] = []
        statements = tokens = 0
        for block in sorted(pool, key=lambda block: len(self._ids[block.premise])):
            length = len(self._ids[block.premise])
            if batch and (statements + len(block.statements) > STATEMENTS or tokens + length > PREMISE_TOKENS):
                yield batch
                batch, statements, tokens = [], 0, 0
            batch.append(block)
            statements, tokens = statements + len(block.statements), tokens + length
        if batch:
            yield batch


def train(batches: Batches, blocks: Sequence[Block], seed: int) -> dict[str, Tensor]:
    """One pass over the blocks with AdamW, the rate rising over the first 6% and then falling to nothing."""
    weights = initial(batches.encoder, seed)
    batches.encode(blocks)
    learned = {name: weight.requires_grad_() for name, weight in weights.items() if ".premise." not in name}
    layers = [weight for name, weight in learned.items() if name[0].isdigit()]
    head = [weight for name, weight in learned.items() if not name[0].isdigit()]
    optimiser = torch.optim.AdamW(
        [{"params": layers, "lr": RATE}, {"params": head, "lr": HEAD_RATE}], weight_decay=0.01
    )
    plan = batches.drawn(blocks, random.Random(seed))  # noqa: S311  # no secret is drawn
    rising = max(1, len(plan) * 6 // 100)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / rising, max(0.02, (len(plan) - step) / (len(plan) - rising + 1)))
    )
    with progress.bar("train", len(plan)) as advance:
        for batch in plan:
            optimiser.zero_grad()
            torch.autograd.backward(_loss(batches.logits(weights, batch, DROPOUT), batch))
            torch.nn.utils.clip_grad_norm_([*layers, *head], 1.0)
            optimiser.step()
            schedule.step()
            advance(1)
    return {name: weight.detach() for name, weight in weights.items()}


def _loss(found: Tensor, batch: Sequence[Block]) -> Tensor:
    """Cross-entropy; where contradicted and absent are not told apart, of their sum."""
    told = torch.tensor([_CLASSES[told] for block in batch for _, told in block.statements])
    shares = found.log_softmax(dim=-1)
    exact = -shares.gather(1, told.clamp(max=2)[:, None]).squeeze(1)
    return torch.where(told == 3, -torch.logsumexp(shares[:, 1:], dim=-1), exact).mean()
