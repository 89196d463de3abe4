"""Rewriting batches of texts with a sequence-to-sequence model."""

from __future__ import annotations

import inspect
import math
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.models._completion import Completion
from harness.weights.checkpoint import Checkpoint

if TYPE_CHECKING:
    from transformers import GenerationConfig, PreTrainedModel

_MOST = 128
"""New tokens where neither the user nor the model names a limit; transformers would stop at 20 and say nothing."""
_LINE_BREAK = "<n>"
"""PEGASUS's token for a line break."""


@dataclass(frozen=True, slots=True)
class Search:
    """How a text is looked for; None for the model's own way."""

    max_new_tokens: int | None
    min_new_tokens: int | None
    num_beams: int | None
    length_penalty: float | None
    no_repeat_ngram_size: int | None
    repetition_penalty: float | None


class Seq2Seq:
    """A model and its tokenizer, in memory."""

    def __init__(self, checkpoint: Checkpoint, search: Search) -> None:
        self.model, self._tokenizer = checkpoint.model, checkpoint.tokenizer
        self.positions = checkpoint.positions or math.inf
        """Tokens that it can read at most."""
        self.reads: float = min(checkpoint.longest or math.inf, self.positions)
        """Tokens that it was made to read."""
        self.writes: float = _decoder_positions(self.model) - 1
        """Tokens that it can write at most."""
        task = _summarising(self.model)
        self.prefix = str(task.pop("prefix", ""))
        """What its authors put before a text that is to be summarised."""
        # On the model, not handed to generate(): what is None there is filled from what the model has.
        self.model.generation_config = self._generation = _merged(self.model, task, search)
        self._line_break = _LINE_BREAK if _LINE_BREAK in self._tokenizer.get_vocab() else None
        windows = getattr(self.model.config, "attention_window", None) or 1
        self._window = windows if isinstance(windows, int) else max(windows)
        """LED reads whole windows, and warns of it where a text is not padded to them."""
        self._looks_everywhere = "global_attention_mask" in inspect.signature(self.model.forward).parameters

    @property
    def max_new_tokens(self) -> int:
        """Tokens after which a text is cut."""
        return int(self._generation.max_new_tokens or 0)

    def encode(self, text: str) -> list[int]:
        """The token ids of a text, with those that the model wants around it."""
        return list(self._tokenizer(text, verbose=False)["input_ids"])

    def write(self, texts: Sequence[Sequence[int]]) -> list[Completion]:
        """A completion for each text, in order."""
        import torch

        most = math.ceil(max(map(len, texts)) / self._window) * self._window
        pad = self._tokenizer.pad_token_id or 0
        ids = torch.tensor([[*text, *[pad] * (most - len(text))] for text in texts], device=self.model.device)
        mask = torch.tensor([[1] * len(text) + [0] * (most - len(text)) for text in texts], device=ids.device)
        more = {}
        if self._looks_everywhere:  # its first token sees, and is seen by, all others (Beltagy et al. 2020, section 6)
            more["global_attention_mask"] = torch.zeros_like(mask).index_fill(
                1, torch.tensor([0], device=ids.device), 1
            )
        generate: Any = self.model.generate
        with torch.inference_mode():
            output = generate(input_ids=ids, attention_mask=mask, **more)
        return [self._completion(row[1:]) for row in output.tolist()]  # the first token is the decoder's start

    def _completion(self, row: Sequence[int]) -> Completion:
        named = self._generation.eos_token_id
        ends = named if isinstance(named, list) else [named]
        end = next((place for place, token in enumerate(row) if token in ends), None)
        text = str(self._tokenizer.decode(list(row[:end]), skip_special_tokens=True))
        if self._line_break:
            text = "\n".join(line.strip() for line in text.split(self._line_break))
        tokens = len(row) if end is None else end + 1
        # BART writes its last token as an end whether the text ends there or not.
        forced = self._generation.forced_eos_token_id is not None and tokens == self.max_new_tokens
        return Completion(text.strip(), tokens, end is not None and not forced)


def _summarising(model: PreTrainedModel) -> dict[str, Any]:
    """What the model's authors set for summaries alone, where it does several tasks: T5's beams and prefix."""
    tasks = getattr(model.config, "task_specific_params", None) or {}
    return dict(tasks.get("summarization", {}))


def _decoder_positions(model: PreTrainedModel) -> float:
    config = model.config
    named = getattr(config, "max_decoder_position_embeddings", None) or getattr(config, "max_position_embeddings", None)
    return named or math.inf


def _merged(model: PreTrainedModel, task: dict[str, Any], search: Search) -> GenerationConfig:
    """The model's own way to look for a text, changed where the user says so; it draws nothing."""
    own = deepcopy(model.generation_config)
    assert own is not None  # noqa: S101  # a model that can generate has one
    own.update(**task)
    # Lengths of the model's own count the token that the decoder starts with.
    most = search.max_new_tokens or own.max_new_tokens or (own.max_length and own.max_length - 1) or _MOST
    least = search.min_new_tokens
    if least is None:
        least = own.min_new_tokens or max(0, (own.min_length or 0) - 1)
        least = least if least < most else 0  # below it nothing could end
    own.update(max_length=None, min_length=None, max_new_tokens=most, min_new_tokens=min(least, most) or None)
    own.update(do_sample=False, temperature=None, top_k=None, top_p=None, typical_p=None)
    for name in ("num_beams", "length_penalty", "no_repeat_ngram_size", "repetition_penalty"):
        if (value := getattr(search, name)) is not None:
            setattr(own, name, value)
    if own.num_beams in (None, 1):
        own.update(length_penalty=None, early_stopping=None)
    return own
