"""Causal language models through transformers: from the hub, a folder, a GGUF file or the packaged models."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import Field, model_validator

from harness.errors import ModelError
from harness.models.local import Completion, LocalModel, Prompt, fit_prompt
from harness.records import Message, Request
from harness.seams import GenerativeModel
from harness.servers.answers import THOUGHT, remove_thoughts
from harness.weights.source import Head, Named

if TYPE_CHECKING:
    import torch
    from transformers import LogitsProcessorList

_PROMPT_END = 16
"""Number of tokens at the end of a prompt in which to look for an open <think> tag; some tokenizers split the tag."""
_TODAY = date(2026, 1, 1)
"""The date that chat templates see as today's. With the real date, the prompts of some models would change daily."""
_DIRECTIVES = (*(f"%{letter}" for letter in "aAbBcdeFHIjmMpSUwWxXyY"), "%-d", "%-m")
"""The directives of ``strftime`` that chat templates may use."""


class HFCausal(LocalModel, GenerativeModel):
    """A language model that continues a prompt with a summary. Reasoning before the answer is removed."""

    head: ClassVar[Head] = "causal"
    auto_batch: ClassVar[int] = 16
    memory_options: ClassVar[str] = "max_new_tokens or max_context"

    model: Named
    """A packaged model's name, a hub id (org/name), a folder that save_pretrained wrote, or a .gguf file."""
    chat: bool = True
    """Apply the model's chat template to the prompt; false sends plain text, for a model without a template."""
    max_new_tokens: int = Field(128, ge=1, le=1_000_000)
    """Token limit of a summary; its record says if the limit was hit. A reasoning model needs many more."""
    max_context: int | None = Field(None, ge=2)
    """Token limit of prompt and summary together; null for the model's own."""
    temperature: float = Field(0.0, ge=0, le=10)
    """Sampling temperature. 0 takes the most likely token each time; above 0, tokens are sampled with the request's
    seed."""
    top_p: float = Field(1.0, gt=0, le=1)
    """Sample from the most likely tokens that together have this probability (nucleus sampling)."""
    top_k: int | None = Field(None, ge=1)
    """Sample from this many of the most likely tokens; null for all."""
    repetition_penalty: float = Field(1.0, gt=0, le=10)
    """Divisor for the scores of tokens that are already in the prompt or the summary; 1 for no penalty (Keskar
    et al. 2019)."""

    @model_validator(mode="after")
    def _check_context(self) -> Self:
        if self.max_context is not None and self.max_context <= self.max_new_tokens:
            raise ValueError(
                f"max_context {self.max_context} leaves no room for a prompt with max_new_tokens "
                f"{self.max_new_tokens}; raise max_context or lower max_new_tokens"
            )
        return self

    @property
    def sampled(self) -> bool:
        return self.temperature > 0

    def encode(self, request: Request) -> Prompt:
        remedy = "shorten the instruction, lower max_new_tokens, or take a model with a longer context"
        article, limit = request.item.article, self._prompt_limit
        messages, cut = fit_prompt(request.messages, article, lambda turns: len(self._tokenize(turns)), limit, remedy)
        return Prompt(request, self._tokenize(messages), cut)

    def complete(self, prompts: Sequence[Prompt]) -> list[Completion]:
        import torch
        from transformers import GenerationConfig

        model, texts = self.checkpoint.model, [prompt.tokens for prompt in prompts]
        longest = max(map(len, texts))
        # pad with the prompt's first token, because a repetition penalty counts masked tokens too
        ids = [[text[0]] * (longest - len(text)) + text for text in texts]
        mask = [[0] * (longest - len(text)) + [1] * len(text) for text in texts]
        config = GenerationConfig(
            max_new_tokens=self.max_new_tokens,
            do_sample=False,
            repetition_penalty=self.repetition_penalty,
            eos_token_id=self._ends or None,
            pad_token_id=self._ends[0] if self._ends else 0,
        )
        # otherwise, unset options would take the model's own values; ``_ends`` was read from them above
        model.generation_config = GenerationConfig()
        generate: Any = model.generate
        with torch.inference_mode():
            output = generate(
                input_ids=torch.tensor(ids, device=model.device),
                attention_mask=torch.tensor(mask, device=model.device),
                generation_config=config,
                logits_processor=self._make_processors([prompt.request.seed for prompt in prompts]),
            )
        written = output[:, longest:].tolist()
        return [self._decode(text, tokens) for text, tokens in zip(texts, written, strict=True)]

    def _make_processors(self, seeds: Sequence[int]) -> LogitsProcessorList:
        """Make the logits processors that sample a token for each row; none at temperature 0."""
        from transformers import LogitsProcessorList, TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

        processors = LogitsProcessorList()
        if self.temperature:
            processors.append(TemperatureLogitsWarper(self.temperature))
            if self.top_k is not None:
                processors.append(TopKLogitsWarper(self.top_k))
            if self.top_p < 1:
                processors.append(TopPLogitsWarper(self.top_p))
            processors.append(TokenSampler(seeds))
        return processors

    def _tokenize(self, messages: Sequence[Message]) -> list[int]:
        """Tokenize a prompt: through the chat template, or as plain text with a blank line between messages.

        Raises ValueError if the template refuses the messages; some templates accept no system role.
        """
        from jinja2 import TemplateError

        tokenizer = self.checkpoint.tokenizer
        if not self.chat:
            return list(tokenizer("\n\n".join(message.content for message in messages), verbose=False)["input_ids"])
        if tokenizer.chat_template is None:
            raise ModelError(f"{self.source.name} has no chat template; set chat: false to send plain text")
        turns = [{"role": message.role, "content": message.content} for message in messages]
        template = _fix_date(tokenizer.get_chat_template())
        try:
            prompt = tokenizer.apply_chat_template(
                turns, chat_template=template, tokenize=False, add_generation_prompt=True
            )
        except TemplateError as error:
            raise ValueError(f"the model's chat template refuses the prompt: {error}") from None
        return list(tokenizer(str(prompt), add_special_tokens=False, verbose=False)["input_ids"])

    def _decode(self, prompt: Sequence[int], row: Sequence[int]) -> Completion:
        tokenizer = self.checkpoint.tokenizer
        end = next((place for place, token in enumerate(row) if token in self._ends), None)
        written = list(row[:end])
        text = str(tokenizer.decode(written, skip_special_tokens=True))
        # if the prompt ends with an open <think> tag, repeat it: without the tag, unfinished reasoning looks like text
        opened = str(tokenizer.decode(list(prompt[-_PROMPT_END:]))).rstrip().endswith(THOUGHT)
        text = remove_thoughts(f"{THOUGHT if opened else ''}{text}")
        return Completion(text, len(written) + (end is not None), end is not None)

    @cached_property
    def _ends(self) -> list[int]:
        """The tokens that end a text."""
        config = self.checkpoint.model.generation_config
        ends = config.eos_token_id if config else None
        candidates = [*(ends if isinstance(ends, list) else [ends]), self.checkpoint.tokenizer.eos_token_id]
        return [token for token in dict.fromkeys(candidates) if token is not None]

    @cached_property
    def context_length(self) -> float:
        """Token limit of prompt and answer together."""
        own = getattr(self.checkpoint.model.config.get_text_config(), "max_position_embeddings", None)
        return min(own or math.inf, self.max_context or math.inf)

    @property
    def _prompt_limit(self) -> float:
        """Token limit of a prompt."""
        if self.context_length <= self.max_new_tokens:
            raise ModelError(
                f"max_new_tokens {self.max_new_tokens} leaves no room for a prompt: {self.source.name} has a "
                f"context of {self.context_length:,} tokens; lower max_new_tokens"
            )
        return self.context_length - self.max_new_tokens


def _fix_date(template: str) -> str:
    """Make a chat template print ``_TODAY`` as today's date.

    transformers does not let a caller replace the function ``strftime_now``, so a macro of that name shadows it.
    """
    filters = "".join(f" | replace({directive!r}, {_TODAY.strftime(directive)!r})" for directive in _DIRECTIVES)
    macro = f"{{% macro strftime_now(format) %}}{{{{ format{filters} }}}}{{% endmacro %}}\n"
    return macro + template if "strftime_now" in template else template


class TokenSampler:
    """A logits processor that samples a token for each row and gives all other tokens a score of -inf.

    Each row has its own generator, so its token does not depend on the other rows.
    """

    def __init__(self, seeds: Sequence[int]) -> None:
        import torch

        self._generators = [torch.Generator().manual_seed(seed) for seed in seeds]

    def __call__(self, _ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        import torch

        # on the CPU in float32, so that a seed gives the same token on every machine
        chances = scores.float().softmax(dim=-1).cpu()
        tokens = [torch.multinomial(row, 1, generator=own) for row, own in zip(chances, self._generators, strict=True)]
        return torch.full_like(scores, -torch.inf).scatter(1, torch.stack(tokens).to(scores.device), 0.0)
