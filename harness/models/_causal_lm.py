"""Completing prompts with a causal language model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from harness.models._batches import Batches, BatchResult
from harness.models._completion import Completion
from harness.models._continuous_batching import Continuous
from harness.models._decoding import Decoding
from harness.records import Message
from harness.servers.thoughts import OPEN, without_thoughts

if TYPE_CHECKING:
    import torch
    from transformers import GenerationConfig, PreTrainedModel, PreTrainedTokenizerBase

_LAST = 16
"""Tokens at a prompt's end in which a tag is looked for; there are tokenizers to which it is several."""
_TODAY = date(2026, 1, 1)
"""The date of every prompt: some chat templates print today's, and one request would be another prompt each day."""
_DATED = {f"%{sign}": _TODAY.strftime(f"%{sign}") for sign in "aAbBcdHIjmMpSUwWxXyY"} | {
    "%F": _TODAY.isoformat(),
    "%e": f"{_TODAY.day:2}",
    "%-d": str(_TODAY.day),
    "%-m": str(_TODAY.month),
}
"""What each directive of ``strftime`` says of that date: those of Python, and those of C that templates use."""


class CausalLM:
    """A model and its tokenizer, in memory."""

    def __init__(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
        from transformers import GenerationConfig

        self.model = model.eval()
        self.tokenizer = tokenizer
        self.context: int | None = getattr(model.config.get_text_config(), "max_position_embeddings", None)
        """Tokens that a prompt and its completion may have together; None where the model names no limit."""
        ends = model.generation_config.eos_token_id if model.generation_config else None
        named = [*(ends if isinstance(ends, list) else [ends]), tokenizer.eos_token_id]
        self.ends: tuple[int, ...] = tuple(dict.fromkeys(token for token in named if token is not None))
        """The tokens that end a text."""
        # What a model's authors recommend (a temperature, a penalty) would otherwise apply where an option is unset.
        model.generation_config = GenerationConfig()
        self._way = _way(model, self.ends)

    def encode(self, messages: Sequence[Message], chat: bool) -> list[int]:
        """The token ids of a prompt: through the chat template, or as plain text with a blank line between messages.

        ValueError where the template refuses the messages: some know no system role.
        """
        from jinja2 import TemplateError

        if not chat:
            text = "\n\n".join(message.content for message in messages)
            return list(self.tokenizer(text, verbose=False)["input_ids"])
        turns = [{"role": message.role, "content": message.content} for message in messages]
        try:
            template = _dated(self.tokenizer.get_chat_template())
            text = str(
                self.tokenizer.apply_chat_template(
                    turns, chat_template=template, tokenize=False, add_generation_prompt=True
                )
            )
        except TemplateError as error:
            raise ValueError(f"the model's chat template refuses the prompt: {error}") from None
        return list(self.tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])

    def complete(
        self, prompts: Sequence[Sequence[int]], seeds: Sequence[int], decoding: Decoding, most: int
    ) -> Iterator[BatchResult[int, Completion]]:
        """The number of each prompt with its completion, as soon as it is made; ``most``: prompts at once.

        What is drawn for a prompt depends on its own seed alone.
        """
        for done in self._way.complete(prompts, seeds, decoding, most):
            completion = None if done.result is None else self._completion(prompts[done.row], done.result)
            yield BatchResult(done.row, completion, done.seconds)

    def _completion(self, prompt: Sequence[int], row: Sequence[int]) -> Completion:
        end = next((place for place, token in enumerate(row) if token in self.ends), None)
        written = list(row[:end])
        text = str(self.tokenizer.decode(written, skip_special_tokens=True))
        # Some chat templates begin the thought for the model: one that was cut off would be taken for the answer.
        begun = str(self.tokenizer.decode(list(prompt[-_LAST:]))).rstrip().endswith(OPEN)
        text = without_thoughts(f"{OPEN if begun else ''}{text}")
        return Completion(text, len(written) + (end is not None), end is not None)


def _dated(template: str) -> str:
    """A chat template to which today is ``_TODAY``, however it calls transformers' ``strftime_now``.

    A macro takes the function's place: transformers gives a template no function of ours.
    """
    if "strftime_now" not in template:
        return template
    said = "".join(f" | replace({directive!r}, {text!r})" for directive, text in _DATED.items())
    return f"{{% macro strftime_now(format) %}}{{{{ format{said} }}}}{{% endmacro %}}\n{template}"


def _way(model: PreTrainedModel, ends: Sequence[int]) -> Continuous | StaticBatching:
    """How a model completes prompts: by continuous batching where it can, else in static batches."""
    if windows := _windows(model):
        with suppress(Exception):  # whatever a model says to slots, transformers knows how to run it
            return Continuous(model, ends, windows)
    return StaticBatching(model, ends)


def _windows(model: PreTrainedModel) -> dict[str, int | None]:
    """Kind of layer → its attention window in tokens, None for all; empty where a layer does anything else."""
    from transformers.cache_utils import get_layer_types_and_kwargs

    config = model.config.get_text_config()
    if not getattr(model, "_can_compile_fullgraph", False) or config._attn_implementation != "sdpa":
        return {}  # it may not take a mask that is made for it
    kinds, _ = get_layer_types_and_kwargs(config)
    if not set(kinds) <= {"full_attention", "sliding_attention"}:
        return {}
    window = getattr(config, "sliding_window", None)
    return {kind: window if kind == "sliding_attention" else None for kind in dict.fromkeys(kinds)}


class StaticBatching:
    """Prompts of like length are completed together, by transformers' own ``generate``.

    For a model that keeps what it has read in its own way: a state, or a window of it.
    """

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
