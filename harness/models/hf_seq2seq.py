"""Sequence-to-sequence models through transformers, from the hub or a folder: BART, PEGASUS, T5, LED and others."""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import Field, model_validator

from harness.errors import ModelError
from harness.models.local import Completion, LocalModel, Prompt, fit_prompt
from harness.records import Message, Request
from harness.weights.source import Head

if TYPE_CHECKING:
    from transformers import GenerationConfig

_MAX_NEW_TOKENS = 128
"""Limit on new tokens if neither user nor model sets one; transformers would silently stop at 20."""


class HFSeq2Seq(LocalModel):
    """A model that turns an article into a summary, without a prompt; unset options keep the model's own values.

    Rounding depends on the batch size, so the choice between two nearly equal tokens may depend on the other texts in
    the batch; ``batch_size: 1`` avoids this.
    """

    head: ClassVar[Head] = "seq2seq"
    reads_references: ClassVar[bool] = False
    auto_batch: ClassVar[int] = 8
    memory_options: ClassVar[str] = "max_input or num_beams"

    prefix: str | None = None
    """Text to put before the article: a task ("summarize: "), or a question for Flan-T5; null for the model's own."""
    max_input: int | None = Field(None, ge=8)
    """Tokens to read, prefix included; null for the model's own limit. The rest of a longer article is left out."""
    max_new_tokens: int | None = Field(None, ge=1, le=1_000_000)
    """Token limit of a summary; null for the model's own, or 128 if it has none."""
    min_new_tokens: int | None = Field(None, ge=0)
    """Minimum number of tokens of a summary; null for the model's own."""
    num_beams: int | None = Field(None, ge=1, le=64)
    """Number of beams in the search, 1 for greedy; null for the model's own."""
    length_penalty: float | None = None
    """Beam scores are divided by length to this power: values above 0 favour longer texts."""
    no_repeat_ngram_size: int | None = Field(None, ge=0)
    """Forbid repeating runs of this many tokens; 0 for no limit, null for the model's own."""
    repetition_penalty: float | None = Field(None, gt=0, le=10)
    """Divisor for the scores of tokens that are already in the summary; null for the model's own."""

    @model_validator(mode="after")
    def _check_lengths(self) -> Self:
        if (self.min_new_tokens or 0) > (self.max_new_tokens or 10**9):
            raise ValueError(
                f"min_new_tokens {self.min_new_tokens} is above max_new_tokens {self.max_new_tokens}; "
                f"lower min_new_tokens or raise max_new_tokens"
            )
        return self

    def encode(self, request: Request) -> Prompt:
        prefix = str(self._task.get("prefix", "")) if self.prefix is None else self.prefix
        article, limit = request.item.article, self._input_limit
        whole = [Message("user", prefix + article.body)]
        remedy = "shorten the prefix, or raise max_input"
        [message], cut = fit_prompt(whole, article, lambda turns: len(self._tokenize(turns[0].content)), limit, remedy)
        return Prompt(request, self._tokenize(message.content), cut)

    def complete(self, prompts: Sequence[Prompt]) -> list[Completion]:
        import torch

        model, texts = self.checkpoint.model, [prompt.tokens for prompt in prompts]
        # set on the model, because generate() would replace None with the model's own values
        model.generation_config = self._generation
        # pad to whole attention windows, because LED warns about partial ones
        windows = getattr(model.config, "attention_window", None) or 1
        window = windows if isinstance(windows, int) else max(windows)
        longest = math.ceil(max(map(len, texts)) / window) * window
        pad = self.checkpoint.tokenizer.pad_token_id or 0
        ids = torch.tensor([[*text, *[pad] * (longest - len(text))] for text in texts], device=model.device)
        mask = torch.tensor([[1] * len(text) + [0] * (longest - len(text)) for text in texts], device=model.device)
        more = {}
        if "global_attention_mask" in inspect.signature(model.forward).parameters:
            # LED: only the first token attends to all others (Beltagy et al. 2020, section 6)
            more["global_attention_mask"] = torch.zeros_like(mask)
            more["global_attention_mask"][:, 0] = 1
        generate: Any = model.generate
        with torch.inference_mode():
            output = generate(input_ids=ids, attention_mask=mask, **more)
        return [self._decode(row[1:]) for row in output.tolist()]  # the first token is the decoder's start

    def _tokenize(self, text: str) -> list[int]:
        """Tokenize a text, with the special tokens that the model expects around it."""
        return list(self.checkpoint.tokenizer(text, verbose=False)["input_ids"])

    def _decode(self, row: Sequence[int]) -> Completion:
        tokenizer, generation = self.checkpoint.tokenizer, self._generation
        eos = generation.eos_token_id
        ends = eos if isinstance(eos, list) else [eos]
        end = next((place for place, token in enumerate(row) if token in ends), None)
        text = str(tokenizer.decode(list(row[:end]), skip_special_tokens=True))
        if "<n>" in tokenizer.get_vocab():  # PEGASUS's token for a line break
            text = "\n".join(line.strip() for line in text.split("<n>"))
        tokens = len(row) if end is None else end + 1
        # at the token limit, BART is forced to write an end token
        forced = generation.forced_eos_token_id is not None and tokens == generation.max_new_tokens
        return Completion(text.strip(), tokens, end is not None and not forced)

    @cached_property
    def _task(self) -> Mapping[str, Any]:
        """The model's own settings for summarisation, such as T5's beams and prefix; empty if it has none."""
        tasks = getattr(self.checkpoint.model.config, "task_specific_params", None) or {}
        return dict(tasks.get("summarization", {}))

    @cached_property
    def _input_limit(self) -> float:
        """Maximum number of tokens to read at once."""
        positions = self.checkpoint.positions or math.inf
        if self.max_input is not None and self.max_input > positions:
            raise ModelError(
                f"max_input {self.max_input:,} is above the {positions:,} tokens that "
                f"{self.source.name} can read; lower it, or leave it out"
            )
        return self.max_input or min(self.checkpoint.longest or math.inf, positions)

    @cached_property
    def _generation(self) -> GenerationConfig:
        """The model's own generation config without sampling, changed by the options."""
        model = self.checkpoint.model
        own = deepcopy(model.generation_config)
        assert own is not None  # noqa: S101  # a model that can generate has one
        own.update(**self._task)
        # the model's own lengths include the decoder's start token
        most = self.max_new_tokens or own.max_new_tokens or (own.max_length and own.max_length - 1) or _MAX_NEW_TOKENS
        names = ("max_decoder_position_embeddings", "max_position_embeddings")
        positions = next(filter(None, (getattr(model.config, name, None) for name in names)), math.inf)
        if most >= positions:
            raise ModelError(
                f"max_new_tokens {most:,} is above the {positions - 1:,} tokens that {self.source.name} can write; "
                f"lower it"
            )
        if (least := self.min_new_tokens) is None:
            least = own.min_new_tokens or max(0, (own.min_length or 0) - 1)
            least = least if least < most else 0  # the model's own minimum would leave no room for the end token
        if least > most:
            raise ModelError(f"min_new_tokens {least:,} is above the model's limit of {most:,}; set max_new_tokens")
        own.update(max_length=None, min_length=None, max_new_tokens=most, min_new_tokens=least or None)
        own.update(do_sample=False, temperature=None, top_k=None, top_p=None, typical_p=None)
        for name in ("num_beams", "length_penalty", "no_repeat_ngram_size", "repetition_penalty"):
            if (value := getattr(self, name)) is not None:
                setattr(own, name, value)
        if own.num_beams in (None, 1):
            own.update(length_penalty=None, early_stopping=None)
        return own
