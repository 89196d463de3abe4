"""Load a model and its tokenizer through transformers."""

from __future__ import annotations

import re
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.errors import ModelError
from harness.weights import store
from harness.weights.source import HUB_TIMEOUT, REQUIRED, Head, ModelSource, find_problems, list_packaged

if TYPE_CHECKING:
    from transformers import PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase

_CLASSES: dict[Head, str] = {
    "causal": "AutoModelForCausalLM",
    "seq2seq": "AutoModelForSeq2SeqLM",
    "classifier": "AutoModelForSequenceClassification",
    "encoder": "AutoModel",
}
"""Head → class in transformers."""


class WrongTaskError(Exception):
    """The model was made for another task."""


class TokenizerError(Exception):
    """The model's tokenizer cannot be loaded."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A model in memory and its tokenizer."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase

    @property
    def longest(self) -> int | None:
        """Maximum number of tokens to read, set by the tokenizer or else by ``positions``; None for no limit."""
        limit = self.tokenizer.model_max_length
        return int(limit) if limit < 10**6 else self.positions  # transformers writes 10**30 for no limit

    @property
    def positions(self) -> int | None:
        """Number of position embeddings of the model or of its encoder; None if it has none."""
        config = self.model.config
        count: int | None = getattr(config, "max_encoder_position_embeddings", None)  # LED's decoder reads less
        count = count or getattr(config, "max_position_embeddings", None)
        if not count:
            return None
        for name, module in self.model.named_modules():
            # in RoBERTa and similar models, positions start after the padding's index
            if name.endswith("position_embeddings") and getattr(module, "padding_idx", None) is not None:
                return count - int(module.padding_idx) - 1
        return count


def load(
    source: ModelSource, revision: str | None, dtype: str, device: str, head: Head = "causal", layers: int | None = None
) -> Checkpoint:
    """Load a model onto a device, with its tokenizer; if that fails, ModelError says why and what to do.

    ``dtype`` names a torch type, or is ``auto`` for the stored type. ``layers`` is the number of an encoder's first
    layers to load; None loads all. Code that comes with a model runs only if the source is trusted.
    """
    if faults := list(find_problems(source, head)):
        raise ModelError("\n".join(faults))
    try:
        with require_memory(source.name, "take a smaller model, or dtype: bfloat16"), _silence_libraries(source):
            checkpoint = _read(source, revision, dtype, head, layers)
            return Checkpoint(checkpoint.model.eval().to(device), checkpoint.tokenizer)
    except ModelError:
        raise
    except Exception as error:  # the loaders' errors share no base class: tokenizers raise Exception itself
        raise ModelError(_explain(source, error, head)) from error


@contextmanager
def _silence_libraries(source: ModelSource) -> Iterator[None]:
    """Silence the libraries' progress bars and hints, except for hub downloads."""
    from transformers.utils import logging

    if source.kind == "hub":
        yield
        return
    verbosity = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        with redirect_stderr(StringIO()), warnings.catch_warnings(action="ignore"):
            yield
    finally:
        logging.set_verbosity(verbosity)


def _read(source: ModelSource, revision: str | None, dtype: str, head: Head, layers: int | None) -> Checkpoint:
    trust = {"trust_remote_code": source.trusted}
    if source.kind == "hub":
        if snapshot := _find_snapshot(source.name, revision):
            return _load_pretrained(snapshot, dtype, head, layers, **trust)
        return _load_pretrained(source.name, dtype, head, layers, revision=revision, **trust)
    if source.kind == "gguf":
        return _load_gguf(source.path, dtype)
    path = store.path(source.name) if source.kind == "packaged" else source.path
    if path.suffix == ".gguf":
        return _load_packaged_gguf(source.name, path, dtype)
    return _load_pretrained(str(path), dtype, head, layers, **trust)


def _find_snapshot(name: str, revision: str | None) -> str | None:
    """Return the model's folder in the local cache if the hub cannot be reached, else None.

    Raises the hub's error if the cache lacks the model. Without this check, transformers would retry for minutes.
    """
    from huggingface_hub import HfApi, try_to_load_from_cache

    try:
        HfApi().model_info(name, revision=revision, timeout=HUB_TIMEOUT)
    except Exception:
        cached = try_to_load_from_cache(name, "config.json", revision=revision or "main")
        if isinstance(cached, str):
            return str(Path(cached).parent)
        raise
    return None


def _load_pretrained(model: str, dtype: str, head: Head, layers: int | None, **where: Any) -> Checkpoint:
    # small files first, so that errors in them are reported before gigabytes are downloaded
    from transformers import AutoConfig, AutoTokenizer

    config: PreTrainedConfig = AutoConfig.from_pretrained(model, **where)
    if head == "causal" and config.is_encoder_decoder:
        raise WrongTaskError  # otherwise, transformers would load only the decoder
    if layers is not None:
        if layers > config.num_hidden_layers:
            raise ModelError(f"layer is {layers}, but the model has only {config.num_hidden_layers} layers; lower it")
        config.num_hidden_layers = layers
    try:
        tokenizer = AutoTokenizer.from_pretrained(model, **where)
    except (ImportError, MemoryError):
        raise
    except Exception as error:  # the loaders' errors share no base class
        raise TokenizerError(error) from error
    return Checkpoint(_load_model(model, dtype, head, config=config, **where), tokenizer)


def _load_gguf(file: Path, dtype: str) -> Checkpoint:
    from transformers import AutoConfig, AutoTokenizer, GgufConfig

    # reading the file's header is slow; passing the config to the model saves a second read
    config = AutoConfig.from_pretrained(file.parent, gguf_file=file.name)
    how = {"config": config, "quantization_config": GgufConfig(dequantize=True)}
    model = _load_model(str(file.parent), dtype, "causal", gguf_file=file.name, **how)
    return Checkpoint(model, AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name))


def _load_model(name: str, dtype: str, head: Head, **how: Any) -> PreTrainedModel:
    """Load a model; raise ValueError if its files lack weights that it needs."""
    import transformers

    loader: Any = getattr(transformers, _CLASSES[head])
    loaded = loader.from_pretrained(name, dtype=dtype, output_loading_info=True, **how)
    model: PreTrainedModel = loaded[0]
    modules = dict(model.named_modules())
    missing = [
        key
        for key in sorted(loaded[1]["missing_keys"])
        if not (head == "encoder" and "pooler" in key)
        # PEGASUS computes its position embeddings, which are sines
        and "Sinusoidal" not in type(modules.get(key.rpartition(".")[0])).__name__
    ]
    if missing:  # transformers would fill them with random numbers
        raise ValueError(
            f"{len(missing):,} weights are missing, such as {missing[0]}; the model was made for another task"
        )
    return model.get_encoder() if head == "encoder" and model.config.is_encoder_decoder else model


# Memory ------------------------------------------------------------------------------------------------------------


@contextmanager
def require_memory(what: str, remedy: str) -> Iterator[None]:
    """If memory runs out, raise a ModelError that names what did not fit and what to do."""
    try:
        yield
    except (MemoryError, RuntimeError, OSError) as error:
        if is_out_of_memory(error):
            raise ModelError(f"{what} does not fit into memory; {remedy}") from error
        raise


def is_out_of_memory(error: Exception) -> bool:
    """True if an error of torch, Python or the system says that memory ran out."""
    import torch

    return isinstance(error, MemoryError | torch.OutOfMemoryError) or "allocate memory" in str(error)


# Unpacked copies ----------------------------------------------------------------------------------------------------


def _load_packaged_gguf(name: str, file: Path, dtype: str) -> Checkpoint:
    """Load a packaged GGUF model from an unpacked copy in the user's cache.

    transformers unpacks the 98 MB of smollm2-135m-instruct in 15 s, and loads the unpacked 538 MB in 0.7 s.
    """
    from safetensors import SafetensorError

    copy = store.home() / "unpacked" / f"{name}-{store.checksum(name)[:12]}-transformers-{version('transformers')}"
    try:
        _unpack(file, copy)
        return _load_pretrained(str(copy), dtype, "causal", None)
    except (OSError, SafetensorError):  # no room for a copy, or a damaged copy
        shutil.rmtree(copy, ignore_errors=True)
        return _load_gguf(file, dtype)


def _unpack(file: Path, copy: Path) -> None:
    """Unpack a GGUF file into a folder of float32 weights, unless the folder exists; all or nothing."""
    from filelock import FileLock
    from safetensors.torch import save_model

    copy.parent.mkdir(parents=True, exist_ok=True)
    part = copy.with_name(f"{copy.name}.part")
    with FileLock(copy.with_name(f"{copy.name}.lock")):
        if copy.is_dir():
            return
        shutil.rmtree(part, ignore_errors=True)  # left by a killed process
        part.mkdir()
        try:
            checkpoint = _load_gguf(file, "float32")
            save_model(checkpoint.model, str(part / "model.safetensors"), metadata={"format": "pt"})
            checkpoint.model.config.save_pretrained(part)
            checkpoint.model.generation_config.save_pretrained(part)
            checkpoint.tokenizer.save_pretrained(part)
            part.rename(copy)
        finally:
            shutil.rmtree(part, ignore_errors=True)


# Messages -----------------------------------------------------------------------------------------------------------


def _explain(source: ModelSource, error: Exception, head: Head) -> str:
    """Explain why a model could not be loaded, and what to do."""
    text, first = str(error), _describe_error(error)
    if unknown := re.search(r"model type `([^`]+)` but Transformers does not recognize", text):
        return (
            f"{source.name} has the architecture {unknown[1]}, which transformers {version('transformers')} does not "
            f"know; install a newer transformers, or take another model"
        )
    if "trust_remote_code" in text:
        return (
            f"{source.name} needs code that comes with it. Read that code, then set trust_remote_code: true next to "
            f"model to run it; or take a model whose architecture is part of transformers"
        )
    if isinstance(error, WrongTaskError) or "Unrecognized configuration class" in text:
        return f"{source.name} is not {REQUIRED[head]}"
    if isinstance(error, ImportError) or "sentencepiece" in text:
        extra = "; pip install 'fact-harness[sentencepiece]'" if "sentencepiece" in text else ""
        return f"{source.name} needs a package that is not installed ({first}){extra}"
    if source.kind == "hub" and (reason := _explain_hub(source.name, error)):
        return reason
    if isinstance(error, TokenizerError):
        return f"cannot load the tokenizer of {source.name} ({first}); save it with the model, or take another model"
    if source.kind == "hub":
        packaged = list_packaged(head)
        instead = f", or take a packaged model ({', '.join(packaged)})" if packaged else ""
        return (
            f"cannot reach the hub for {source.name}, which is not in the local cache ({first}); "
            f"connect once to download it, or write ./{source.name} if it is a folder{instead}"
        )
    return f"cannot load {source.name} ({first}); check that its files are complete"


def _describe_error(error: Exception) -> str:
    if "ignore_mismatched_sizes" in str(error):
        return "the sizes of its weights differ from config.json"
    cause = error.__cause__ if isinstance(error, TokenizerError) and error.__cause__ else error
    first = str(cause).strip().partition("\n")[0]
    return first if " " in first else f"{type(cause).__name__} {first}".strip()


def _explain_hub(name: str, error: BaseException | None) -> str | None:
    """Explain why the hub refuses a model, or return None for any other error."""
    from huggingface_hub import errors

    while error is not None:
        match error:
            case errors.GatedRepoError():
                return f"{name} is gated: ask for access on the hub, then log in (hf auth login) or set HF_TOKEN"
            case errors.RevisionNotFoundError():
                return f"{name} has no such revision; set revision to one of its branches, tags or commits"
            case errors.RepositoryNotFoundError():
                return f"the hub has no {name}, or it is private; check the name, and HF_TOKEN for a private model"
        error = error.__cause__ or error.__context__
    return None
