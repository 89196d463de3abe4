"""Completing batches of prompts with a causal language model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.records import Message

if TYPE_CHECKING:
    import torch
    from transformers import LogitsProcessorList, PreTrainedModel, PreTrainedTokenizerBase


@dataclass(frozen=True, slots=True)
class Decoding:
    """How tokens are chosen: the likeliest at temperature 0, else drawn."""

    max_new_tokens: int
    temperature: float
    top_p: float
    top_k: int | None
    repetition_penalty: float


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model wrote after a prompt."""

    text: str
    """Without the tokens that end it and the white space around it."""
    tokens: int
    """How many it made, the one that ends the text included."""
    ended: bool
    """Whether it ended the text itself, before its token limit."""


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

    @property
    def chats(self) -> bool:
        """Whether it has a chat template."""
        return self.tokenizer.chat_template is not None

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
            text = str(self.tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True))
        except TemplateError as error:
            raise ValueError(f"the model's chat template refuses the prompt: {error}") from None
        return list(self.tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])

    def complete(self, prompts: Sequence[Sequence[int]], decoding: Decoding, seeds: Sequence[int]) -> list[Completion]:
        """One completion a prompt, in order; what is drawn for a prompt depends on its own seed alone."""
        import torch

        ids, mask = self._padded(prompts)
        with torch.inference_mode():
            output = self.model.generate(
                input_ids=ids,
                attention_mask=mask,
                generation_config=self._greedy(decoding),
                logits_processor=_drawn(decoding, seeds),
            )
        return [self._completion(row) for row in output[:, ids.shape[1] :].tolist()]

    def _padded(self, prompts: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
        """Token ids and mask, (prompts, longest prompt), padded on the left so that all prompts end together."""
        import torch

        longest = max(map(len, prompts))
        pads = [longest - len(prompt) for prompt in prompts]
        # Padded with a token of its own: a repetition penalty looks at masked tokens too, and would punish another.
        ids = [[prompt[0]] * pad + list(prompt) for pad, prompt in zip(pads, prompts, strict=True)]
        mask = [[0] * pad + [1] * len(prompt) for pad, prompt in zip(pads, prompts, strict=True)]
        return torch.tensor(ids, device=self.model.device), torch.tensor(mask, device=self.model.device)

    def _greedy(self, decoding: Decoding) -> Any:
        """The likeliest token by the scores that the processors leave; drawing is theirs."""
        from transformers import GenerationConfig

        return GenerationConfig(
            max_new_tokens=decoding.max_new_tokens,
            do_sample=False,
            repetition_penalty=decoding.repetition_penalty,
            eos_token_id=list(self.ends) or None,
            pad_token_id=self.ends[0] if self.ends else 0,
        )

    def _completion(self, row: Sequence[int]) -> Completion:
        end = next((place for place, token in enumerate(row) if token in self.ends), None)
        written = list(row[:end])
        text = self.tokenizer.decode(written, skip_special_tokens=True)
        return Completion(str(text).strip(), len(written) + (end is not None), end is not None)


def _drawn(decoding: Decoding, seeds: Sequence[int]) -> LogitsProcessorList:
    """Temperature, top-k and top-p as transformers applies them, then a draw for each row from its own generator."""
    from transformers import (
        LogitsProcessorList,
        TemperatureLogitsWarper,
        TopKLogitsWarper,
        TopPLogitsWarper,
    )

    found = LogitsProcessorList()
    if decoding.temperature == 0:
        return found
    found.append(TemperatureLogitsWarper(decoding.temperature))
    if decoding.top_k is not None:
        found.append(TopKLogitsWarper(decoding.top_k))
    if decoding.top_p < 1:
        found.append(TopPLogitsWarper(decoding.top_p))
    found.append(_Draw(seeds))
    return found


class _Draw:
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
