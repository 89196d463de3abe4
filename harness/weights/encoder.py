"""Encode texts as one vector per token, with any encoder that transformers loads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.weights.load import Checkpoint, require_memory

if TYPE_CHECKING:
    import torch

# These byte-level tokenizers encode a word at the start of a text differently from a word after a space.
_PREFIXED = ("Roberta", "GPT2")


@dataclass(frozen=True, slots=True)
class Encoded:
    ids: tuple[int, ...]
    """The ids of the tokens that the model read."""
    vectors: torch.Tensor
    """Vectors of the last loaded layer (tokens × dimensions), float32, not normalised."""
    cut: bool
    """True if the text was truncated to the model's limit."""


class Encoder:
    """A model and its tokenizer, in memory."""

    def __init__(self, checkpoint: Checkpoint, batch_size: int) -> None:
        self._model, self._tokenizer, self._batch_size = checkpoint.model, checkpoint.tokenizer, batch_size
        self._space = " " if type(self._tokenizer).__name__.startswith(_PREFIXED) else ""
        self._longest = checkpoint.longest
        self.frame = frozenset({self._tokenizer.cls_token_id, self._tokenizer.sep_token_id})
        """The ids of the tokens that surround every text."""

    def tokens(self, text: str) -> tuple[tuple[int, ...], bool]:
        """Return the token ids of a text, up to the model's limit, and True if the text was longer."""
        ids = self._tokenizer(self._space + text.strip(), verbose=False)["input_ids"]
        if self._longest is None or len(ids) <= self._longest:
            return tuple(ids), False
        kept = self._tokenizer(self._space + text.strip(), truncation=True, max_length=self._longest)["input_ids"]
        return tuple(kept), True

    def encode(self, texts: Sequence[str]) -> dict[str, Encoded]:
        """Encode each text, in batches of similar length, which do not depend on the order of the texts."""
        read = sorted(((*self.tokens(text), text) for text in set(texts)), key=lambda entry: (len(entry[0]), entry[2]))
        encoded: dict[str, Encoded] = {}
        for start in range(0, len(read), self._batch_size):
            batch = read[start : start + self._batch_size]
            vectors = self._vectors([ids for ids, _, _ in batch])
            encoded |= {text: Encoded(ids, vectors[at, : len(ids)], cut) for at, (ids, cut, text) in enumerate(batch)}
        return encoded

    def _vectors(self, batch: Sequence[Sequence[int]]) -> torch.Tensor:
        """Return the vectors (texts × longest × dimensions), padded on the right."""
        import torch

        longest = max(map(len, batch))
        pad = self._tokenizer.pad_token_id or 0
        ids = torch.tensor([[*text, *[pad] * (longest - len(text))] for text in batch], device=self._model.device)
        mask = torch.tensor([[1] * len(text) + [0] * (longest - len(text)) for text in batch], device=ids.device)
        what = f"the encoder with {len(batch)} texts of up to {longest:,} tokens"
        with torch.inference_mode(), require_memory(what, f"lower batch_size (now {self._batch_size})"):
            vectors: torch.Tensor = self._model(input_ids=ids, attention_mask=mask).last_hidden_state
        return vectors.float().cpu()
