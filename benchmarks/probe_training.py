"""Training a probe of hidden states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from harness.verifiers._probe.head import Head

HIDDEN = 32
DROPOUT = (0.1, 0.3)
"""Of the states, and of the hidden layer."""
RATE, DECAY = 3e-3, 0.1
STATEMENTS = 64
"""Statements of a batch."""
TOKEN_ODDS = 5.0
"""What a token that is not borne out counts beside the many that are."""


@dataclass(frozen=True, slots=True)
class Example:
    """A statement that the language model has read."""

    states: npt.NDArray[np.float16]
    """(tokens, width)."""
    false: bool
    """Whether it is not borne out."""
    weight: float = 1.0
    changed: Sequence[bool] | None = None
    """Which of its tokens are not borne out; None where nobody knows."""


class _Probe(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.inner, self.outer = nn.Linear(width, HIDDEN), nn.Linear(HIDDEN, 1)
        self.pool = nn.Parameter(torch.tensor([0.5, 0.5, 0.0]))
        self.drop = nn.ModuleList(map(nn.Dropout, DROPOUT))

    def forward(self, states: Tensor, of: Tensor, statements: int) -> tuple[Tensor, Tensor]:
        """Log-odds of tokens and of statements; ``of`` is each token's statement."""
        hidden = self.drop[1](self.inner(self.drop[0](states)).relu())
        tokens = self.outer(hidden).squeeze(-1)
        most = torch.full((statements,), -torch.inf).scatter_reduce(0, of, tokens.detach(), "amax")
        worst = torch.zeros(statements).index_add(0, of, (tokens - most[of]).exp()).log() + most
        mean = torch.zeros(statements).index_add(0, of, tokens) / torch.bincount(of, minlength=statements)
        return tokens, self.pool[0] * worst + self.pool[1] * mean + self.pool[2]


def train(examples: Sequence[Example], passes: int, seed: int) -> Head:
    """AdamW, its rate rising over the first third and then falling to nothing (Smith 2018, arXiv 1708.07120)."""
    torch.manual_seed(seed)
    order = np.random.default_rng(seed)
    mean, deviation = _moments(examples)
    probe = _Probe(len(mean))
    optimiser = torch.optim.AdamW(probe.parameters(), weight_decay=DECAY)
    steps = passes * -(-len(examples) // STATEMENTS)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
    for _ in range(passes):
        places = order.permutation(len(examples))
        for start in range(0, len(examples), STATEMENTS):
            batch = [examples[at] for at in places[start : start + STATEMENTS]]
            optimiser.zero_grad()
            torch.autograd.backward(_loss(probe, batch, mean, deviation))
            optimiser.step()
            schedule.step()
    return _head(probe, mean, deviation)


def _moments(examples: Sequence[Example]) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of the states, of a tenth of the statements."""
    states = np.concatenate([each.states for each in examples[::10]]).astype(np.float32)
    return torch.from_numpy(states.mean(0)), torch.from_numpy(states.std(0) + 1e-3)


def _loss(probe: _Probe, batch: Sequence[Example], mean: Tensor, deviation: Tensor) -> Tensor:
    lengths = torch.tensor([len(each.states) for each in batch])
    of = torch.arange(len(batch)).repeat_interleave(lengths)
    states = (torch.from_numpy(np.concatenate([each.states for each in batch])).float() - mean) / deviation
    tokens, statements = probe(states, of, len(batch))
    weights = torch.tensor([each.weight for each in batch])
    cost = nn.functional.binary_cross_entropy_with_logits
    false = torch.tensor([float(each.false) for each in batch])
    loss = (cost(statements, false, reduction="none") * weights).mean()
    known = torch.tensor([each.changed is not None for each in batch])[of]
    if not known.any():
        return loss
    told = torch.tensor([float(new) for each in batch for new in each.changed or ()])
    by_token = cost(tokens[known], told, reduction="none", pos_weight=torch.tensor(TOKEN_ODDS))
    return loss + (by_token * weights[of][known]).mean()


def _head(probe: _Probe, mean: Tensor, deviation: Tensor) -> Head:
    pool = torch.cat([probe.outer.bias, probe.pool])
    parts = (mean, 1 / deviation, probe.inner.weight, probe.inner.bias, probe.outer.weight[0], pool)
    return Head(*(part.detach().numpy() for part in parts))
