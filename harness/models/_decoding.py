"""Decoding options, and the logits processors that apply them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from transformers import LogitsProcessorList


@dataclass(frozen=True, slots=True)
class Decoding:
    """How tokens are chosen: the likeliest at temperature 0, else drawn."""

    max_new_tokens: int
    temperature: float
    top_p: float
    top_k: int | None
    repetition_penalty: float

    @property
    def plain(self) -> bool:
        """Whether it is always the token with the highest score as the model gives it."""
        return self.temperature == 0 and self.repetition_penalty == 1

    def processors(self, seeds: Sequence[int]) -> LogitsProcessorList:
        """What leaves the chosen token the highest score, for rows with these seeds: as transformers applies it."""
        from transformers import (
            LogitsProcessorList,
            RepetitionPenaltyLogitsProcessor,
            TemperatureLogitsWarper,
            TopKLogitsWarper,
            TopPLogitsWarper,
        )

        processors = LogitsProcessorList()
        if self.repetition_penalty != 1:
            processors.append(RepetitionPenaltyLogitsProcessor(self.repetition_penalty))
        if self.temperature:
            processors.append(TemperatureLogitsWarper(self.temperature))
            if self.top_k is not None:
                processors.append(TopKLogitsWarper(self.top_k))
            if self.top_p < 1:
                processors.append(TopPLogitsWarper(self.top_p))
            processors.append(Draw(seeds))
        return processors


class Draw:
    """Leaves each row one token, drawn with the row's own generator, so that a row does not depend on the others."""

    def __init__(self, seeds: Sequence[int]) -> None:
        import torch

        self._generators = [torch.Generator().manual_seed(seed) for seed in seeds]

    def __call__(self, _ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        import torch

        # On the CPU in float32, where one seed draws the same on every machine.
        chances = scores.float().softmax(dim=-1).cpu()
        tokens = [torch.multinomial(row, 1, generator=own) for row, own in zip(chances, self._generators, strict=True)]
        return torch.full_like(scores, -torch.inf).scatter(1, torch.stack(tokens).to(scores.device), 0.0)
