"""Texts as one vector a token, by any encoder that transformers loads."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness import store
from harness.errors import HarnessError, ModelError

if TYPE_CHECKING:
    import torch

# Byte-level tokenizers that tell a word at the start of a text from the same word behind a space.
_PREFIXED = ("Roberta", "GPT2")
_UNLIMITED = 10**6
"""transformers writes 10**30 where a tokenizer names no limit."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """The tokens of a text as the model saw them."""

    ids: tuple[int, ...]
    vectors: torch.Tensor
    """(tokens, dimensions) of the layer asked for, each of length 1."""
    cut: bool
    """Whether the text is longer than the model reads."""


class Encoder:
    """A model and its tokenizer, in memory."""

    def __init__(self, model: Any, tokenizer: Any, batch_size: int) -> None:
        self._model, self._tokenizer, self._batch_size = model, tokenizer, batch_size
        self._space = " " if type(tokenizer).__name__.startswith(_PREFIXED) else ""
        named = tokenizer.model_max_length
        self._longest = named if named < _UNLIMITED else getattr(model.config, "max_position_embeddings", None)
        self.frame = frozenset({tokenizer.cls_token_id, tokenizer.sep_token_id})
        """The ids of the tokens that stand around every text and are no part of it."""

    def tokens(self, text: str) -> tuple[tuple[int, ...], bool]:
        """The token ids of a text, cut where the model can read no more, and whether they are."""
        ids = self._tokenizer(self._space + text.strip(), verbose=False)["input_ids"]
        if self._longest is None or len(ids) <= self._longest:
            return tuple(ids), False
        kept = self._tokenizer(self._space + text.strip(), truncation=True, max_length=self._longest)["input_ids"]
        return tuple(kept), True

    def encode(self, texts: Sequence[str]) -> dict[str, Encoded]:
        """Text → its tokens. Texts of like length share a batch; which do depends on the texts, not on their order."""
        read = sorted(((*self.tokens(text), text) for text in set(texts)), key=lambda entry: (len(entry[0]), entry[2]))
        found: dict[str, Encoded] = {}
        for start in range(0, len(read), self._batch_size):
            batch = read[start : start + self._batch_size]
            vectors = self._vectors([ids for ids, _, _ in batch])
            found |= {text: Encoded(ids, vectors[at, : len(ids)], cut) for at, (ids, cut, text) in enumerate(batch)}
        return found

    def _vectors(self, batch: Sequence[Sequence[int]]) -> torch.Tensor:
        """(texts, longest, dimensions), padded on the right."""
        import torch

        longest = max(map(len, batch))
        pad = self._tokenizer.pad_token_id or 0
        ids = torch.tensor([[*text, *[pad] * (longest - len(text))] for text in batch], device=self._model.device)
        mask = torch.tensor([[1] * len(text) + [0] * (longest - len(text)) for text in batch], device=ids.device)
        with torch.inference_mode():
            states = self._model(input_ids=ids, attention_mask=mask).last_hidden_state
        return torch.nn.functional.normalize(states.float(), dim=-1).cpu()


def load(model: Path | str, revision: str | None, layer: int | None, batch_size: int, device: str) -> Encoder:
    """The first ``layer`` layers of a model, or all of them; ModelError, with what to do, where it cannot be had."""
    import torch
    from transformers import AutoTokenizer

    place = device if device != "auto" else "cuda" if torch.cuda.is_available() else "cpu"
    where = str(store.path(model) if isinstance(model, str) and model in store.names() else model)
    how = {"revision": revision, "trust_remote_code": False}
    try:
        with _quiet():
            tokenizer = AutoTokenizer.from_pretrained(where, **how)
            encoder = _encoder(where, _config(where, layer, how), how)
            return Encoder(encoder.eval().to(place), tokenizer, batch_size)
    except HarnessError:
        raise
    except Exception as error:  # the loaders' errors have no common base: tokenizers raise Exception itself
        first = str(error).strip().partition("\n")[0] or type(error).__name__
        raise ModelError(
            f"the encoder {model.name if isinstance(model, Path) else model} cannot be loaded ({first}); "
            f"connect to the hub once, or take a folder or a packaged model (all-minilm-l6-v2)"
        ) from error


def _encoder(where: str, config: Any, how: dict[str, Any]) -> Any:
    """A model whose every weight was in its files, but for the pooler's, which no token's vector depends on."""
    import torch
    from transformers import AutoModel

    loaded, said = AutoModel.from_pretrained(where, config=config, dtype=torch.float32, output_loading_info=True, **how)
    missing = sorted(name for name in said["missing_keys"] if "pooler" not in name)
    if missing:  # transformers fills them with random numbers and goes on
        raise ModelError(f"{len(missing):,} weights of the encoder are missing from its files, {missing[0]} for one")
    return loaded.get_encoder() if loaded.config.is_encoder_decoder else loaded


def _config(where: str, layer: int | None, how: dict[str, Any]) -> Any:
    """The model's configuration with its layers above ``layer`` left out."""
    from transformers import AutoConfig

    config = AutoConfig.from_pretrained(where, **how)
    if layer is not None:
        if layer > config.num_hidden_layers:
            raise ModelError(f"layer is {layer}, and the model has {config.num_hidden_layers}; set one of those")
        config.num_hidden_layers = layer
    return config


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the bars and the report of layers left out, which are left out on purpose."""
    from transformers.utils import logging

    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()
