"""Causal language models through transformers: from the hub, a folder, a GGUF file or the packaged models."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import Field, model_validator

from harness.errors import ModelError
from harness.models.context import fit_prompt
from harness.models.local import Completion, Draft, LocalModel, Row
from harness.records import Message, Request
from harness.seams import GenerativeModel
from harness.servers.answers import THOUGHT, remove_thoughts
from harness.weights.load import Checkpoint
from harness.weights.source import Head, Named

if TYPE_CHECKING:
    import torch
    from transformers import LogitsProcessorList

_PROMPT_END = 16
"""Number of tokens at the end of a prompt in which to look for an open <think> tag; some tokenizers split the tag."""
_TODAY = date(2026, 1, 1)
"""The date that chat templates get as today's. With the real date, the prompts of some models would change daily."""
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
    """Divisor for the scores of tokens that are already in the prompt or the summary; 1 for none (Keskar et al.
    2019)."""

    @model_validator(mode="after")
    def _check_options(self) -> Self:
        if self.samples > 1 and not self.sampled:
            raise ValueError(
                f"at temperature 0 all {self.samples} samples are identical; set temperature above 0, or samples: 1"
            )
        if self.max_context is not None and self.max_context <= self.max_new_tokens:
            raise ValueError(
                f"max_context {self.max_context} leaves no room for a prompt with max_new_tokens "
                f"{self.max_new_tokens}; raise max_context or lower max_new_tokens"
            )
        return self

    @property
    def sampled(self) -> bool:
        return self.temperature > 0

    def draft(self, request: Request) -> Draft:
        def encode(messages: Sequence[Message]) -> list[int]:
            return self._lm.encode(messages, self.chat)

        remedy = "shorten the instruction, lower max_new_tokens, or take a model with a longer context"
        room = self._prompt_limit
        messages, cut = fit_prompt(
            request.messages, request.item.article, lambda turns: len(encode(turns)), room, remedy
        )
        return Draft(request, [encode(messages)], cut)

    def complete(self, rows: Sequence[Row]) -> list[Completion]:
        from transformers import LogitsProcessorList, TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

        processors = LogitsProcessorList()
        if self.temperature:
            processors.append(TemperatureLogitsWarper(self.temperature))
            if self.top_k is not None:
                processors.append(TopKLogitsWarper(self.top_k))
            if self.top_p < 1:
                processors.append(TopPLogitsWarper(self.top_p))
            processors.append(TokenSampler([draft.request.seed for draft, _ in rows]))
        prompts = [prompt for _, prompt in rows]
        return self._lm.complete(prompts, self.max_new_tokens, self.repetition_penalty, processors)

    @cached_property
    def _lm(self) -> CausalLM:
        if self.chat and self.checkpoint.tokenizer.chat_template is None:
            raise ModelError(f"{self.source.name} has no chat template; set chat: false to send plain text")
        return CausalLM(self.checkpoint)

    @cached_property
    def _prompt_limit(self) -> float:
        """Token limit of a prompt."""
        context = min(self._lm.context or math.inf, self.max_context or math.inf)
        if context <= self.max_new_tokens:
            raise ModelError(
                f"max_new_tokens {self.max_new_tokens} leaves no room for a prompt: {self.source.name} has a "
                f"context of {context:,} tokens; lower max_new_tokens"
            )
        return context - self.max_new_tokens


class CausalLM:
    """A causal language model and its tokenizer, in memory."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        from transformers import GenerationConfig

        self.model, self.tokenizer = model, tokenizer = checkpoint.model, checkpoint.tokenizer
        self.context: int | None = getattr(model.config.get_text_config(), "max_position_embeddings", None)
        """Token limit of a prompt and its completion together; None if the model sets none."""
        ends = model.generation_config.eos_token_id if model.generation_config else None
        candidates = [*(ends if isinstance(ends, list) else [ends]), tokenizer.eos_token_id]
        self.ends = [token for token in dict.fromkeys(candidates) if token is not None]
        """The tokens that end a text."""
        # reset the config, because unset options would take the authors' values (a temperature, a penalty)
        model.generation_config = GenerationConfig()

    def encode(self, messages: Sequence[Message], chat: bool) -> list[int]:
        """Encode a prompt: through the chat template, or as plain text with a blank line between messages.

        Raises ValueError if the template refuses the messages; some templates accept no system role.
        """
        from jinja2 import TemplateError

        if not chat:
            text = "\n\n".join(message.content for message in messages)
            return list(self.tokenizer(text, verbose=False)["input_ids"])
        turns = [{"role": message.role, "content": message.content} for message in messages]
        template = _fix_date(self.tokenizer.get_chat_template())
        try:
            prompt = self.tokenizer.apply_chat_template(
                turns, chat_template=template, tokenize=False, add_generation_prompt=True
            )
        except TemplateError as error:
            raise ValueError(f"the model's chat template refuses the prompt: {error}") from None
        return list(self.tokenizer(str(prompt), add_special_tokens=False, verbose=False)["input_ids"])

    def complete(
        self,
        prompts: Sequence[Sequence[int]],
        max_new_tokens: int,
        repetition_penalty: float,
        processors: LogitsProcessorList,
    ) -> list[Completion]:
        """Complete each prompt, in order, choosing the token with the highest score after the processors."""
        import torch
        from transformers import GenerationConfig

        longest = max(map(len, prompts))
        pads = [longest - len(prompt) for prompt in prompts]
        # pad with the prompt's first token, because a repetition penalty counts masked tokens too
        ids = [[prompt[0]] * pad + list(prompt) for pad, prompt in zip(pads, prompts, strict=True)]
        mask = [[0] * pad + [1] * len(prompt) for pad, prompt in zip(pads, prompts, strict=True)]
        config = GenerationConfig(
            max_new_tokens=max_new_tokens,
            do_sample=False,
            repetition_penalty=repetition_penalty,
            eos_token_id=self.ends or None,
            pad_token_id=self.ends[0] if self.ends else 0,
        )
        generate: Any = self.model.generate
        with torch.inference_mode():
            output = generate(
                input_ids=torch.tensor(ids, device=self.model.device),
                attention_mask=torch.tensor(mask, device=self.model.device),
                generation_config=config,
                logits_processor=processors,
            )
        rows = output[:, longest:].tolist()
        return [self._completion(prompt, row) for prompt, row in zip(prompts, rows, strict=True)]

    def _completion(self, prompt: Sequence[int], row: Sequence[int]) -> Completion:
        end = next((place for place, token in enumerate(row) if token in self.ends), None)
        written = list(row[:end])
        text = str(self.tokenizer.decode(written, skip_special_tokens=True))
        # if the prompt ends with an open <think> tag, repeat it: without the tag, unfinished reasoning looks like text
        opened = str(self.tokenizer.decode(list(prompt[-_PROMPT_END:]))).rstrip().endswith(THOUGHT)
        text = remove_thoughts(f"{THOUGHT if opened else ''}{text}")
        return Completion(text, len(written) + (end is not None), end is not None)


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
