"""Static batching: prompts of like length are completed together, by transformers' own ``generate``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from harness.models._batches import Batches, BatchResult
from harness.models._decoding import Decoding

if TYPE_CHECKING:
    import torch
    from transformers import GenerationConfig, PreTrainedModel


class StaticBatching:
    """A model that keeps what it has read in its own way: a state, or a window of it."""

    def __init__(self, model: PreTrainedModel, ends: Sequence[int]) -> None:
        self._model, self._ends = model, list(ends)
        self._batches: Batches | None = None

    def complete(
        self, prompts: Sequence[Sequence[int]], seeds: Sequence[int], decoding: Decoding, most: int
    ) -> Iterator[BatchResult[int, list[int]]]:
        """The number of each prompt with the tokens after it, batch by batch; ``most``: prompts at once."""

        def written(batch: Sequence[int]) -> list[list[int]]:
            return self._written([prompts[number] for number in batch], [seeds[number] for number in batch], decoding)

        self._batches = self._batches or Batches(most)
        # The longest first: a batch that does not fit into memory is then the first one.
        return self._batches.work(sorted(range(len(prompts)), key=lambda number: -len(prompts[number])), written)

    def _written(self, prompts: Sequence[Sequence[int]], seeds: Sequence[int], decoding: Decoding) -> list[list[int]]:
        """The tokens after each prompt, in order; behind the one that ends a text, any."""
        import torch

        ids, mask = self._padded(prompts)
        generate: Any = self._model.generate
        with torch.inference_mode():
            output = generate(
                input_ids=ids,
                attention_mask=mask,
                generation_config=self._greedy(decoding),
                logits_processor=decoding.processors(seeds),
            )
        return list(output[:, ids.shape[1] :].tolist())

    def _padded(self, prompts: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
        """Token ids and mask, (prompts, longest prompt), padded on the left so that all prompts end together."""
        import torch

        longest = max(map(len, prompts))
        pads = [longest - len(prompt) for prompt in prompts]
        # Padded with a token of its own: a repetition penalty looks at masked tokens too, and would punish another.
        ids = [[prompt[0]] * pad + list(prompt) for pad, prompt in zip(pads, prompts, strict=True)]
        mask = [[0] * pad + [1] * len(prompt) for pad, prompt in zip(pads, prompts, strict=True)]
        return torch.tensor(ids, device=self._model.device), torch.tensor(mask, device=self._model.device)

    def _greedy(self, decoding: Decoding) -> GenerationConfig:
        """The likeliest token by the scores that the processors leave: penalties and drawing are theirs."""
        from transformers import GenerationConfig

        return GenerationConfig(
            max_new_tokens=decoding.max_new_tokens,
            do_sample=False,
            eos_token_id=self._ends or None,
            pad_token_id=self._ends[0] if self._ends else 0,
        )
