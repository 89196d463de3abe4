"""Find a model's weights: among the packaged models, in a GGUF file, in a folder, or on the hub."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator

from harness.files import show
from harness.seams import Located, expand_home
from harness.signature import digest, file_digest
from harness.weights import store

HUB_TIMEOUT = 5.0
"""Seconds within which the hub must answer."""
_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
_WEIGHTS = ("*.safetensors", "*.bin")
_TOKENIZERS = ("tokenizer.json", "*.model", "vocab.*", "tekken.json")

Head = Literal["causal", "seq2seq", "classifier", "encoder"]
"""The purpose of a model: continue a text, turn one text into another, classify, or give a vector for each token."""

REQUIRED: dict[Head, str] = {
    "causal": "a causal language model, which continues a text; name one, or set kind: hf_seq2seq",
    "seq2seq": "a sequence-to-sequence model, which turns a text into another; name one, or set kind: hf_causal",
    "classifier": "a text classifier; name one, from a folder or the hub (org/name)",
    "encoder": "an encoder; name one, such as all-minilm-l6-v2",
}
"""The model that a purpose needs, and what to do if another one is named."""


@dataclass(frozen=True, slots=True)
class ModelSource:
    kind: Literal["packaged", "gguf", "folder", "hub", "unknown"]
    name: str
    path: Path = Path()
    trusted: bool = False
    """True if code that comes with the model may run."""


def find_source(model: str) -> ModelSource:
    """Return the source of the model with this name: a packaged model, else a path, else a repository on the hub."""
    path = expand_home(model)
    if model in store.list_names():
        return ModelSource("packaged", model)
    if model.endswith(".gguf"):
        return ModelSource("gguf", path.name, path)
    if _is_path(model) or path.exists():
        return ModelSource("folder", path.name, path)
    return ModelSource("hub" if _HUB_ID.fullmatch(model) else "unknown", model)


def resolve_model(value: object) -> object:
    """Make a path absolute, if it is relative to its config; leave the name of a model unchanged."""
    if not isinstance(value, Located):
        return str(value.absolute()) if isinstance(value, Path) else value
    path = (value.folder / expand_home(value)).absolute()  # a relative path could be taken for a model's name
    return str(path) if _is_path(value) or path.exists() else value


Named = Annotated[str, BeforeValidator(resolve_model)]
"""An option that names a packaged model, a path (relative to its config file), or a model of the hub."""


def _is_path(model: str) -> bool:
    return model.startswith((".", "/", "~")) or model.endswith(".gguf")


def find_problems(source: ModelSource, head: Head) -> Iterator[str]:
    """Yield the reasons why a model cannot be loaded for a purpose, as far as the file system shows them."""
    match source.kind:
        case "packaged" if source.name not in list_packaged(head):
            yield f"{source.name} is a {store.find_entry(source.name).what}, not {REQUIRED[head]}"
        case "gguf" if head != "causal":
            yield f"{show(source.path)} is a language model, not {REQUIRED[head]}"
        case "gguf" if not source.path.is_file():
            yield f"there is no file {show(source.path)}; paths are relative to the config's folder"
        case "folder":
            yield from _find_folder_problems(source.path)
        case "unknown":
            names = list_packaged(head)
            near = get_close_matches(source.name, names, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            known = f" (packaged: {', '.join(names)})" if names else ""
            yield (
                f"unknown model {source.name!r}{hint}{known}; "
                f"a path begins with ./ or / or ends in .gguf, and a hub model is written org/name"
            )


def _find_folder_problems(path: Path) -> Iterator[str]:
    if not path.is_dir():
        yield f"there is no folder {show(path)}; paths are relative to the config's folder"
        return
    if not (path / "config.json").is_file():
        yield f"{show(path)} has no config.json; give a folder that save_pretrained wrote, or a .gguf file"
        return
    if not any(any(path.glob(pattern)) for pattern in _WEIGHTS):
        yield f"{show(path)} has no weights ({' or '.join(_WEIGHTS)}); save the model there"
    if not any(any(path.glob(pattern)) for pattern in _TOKENIZERS):
        yield f"{show(path)} has no tokenizer ({' or '.join(_TOKENIZERS)}); save it there with the model"


def list_packaged(head: Head) -> list[str]:
    if head == "causal":
        return [model.name for model in store.CATALOGUE if model.main.endswith(".gguf")]
    if head == "encoder":
        return [model.name for model in store.CATALOGUE if any(file.path == "config.json" for file in model.files)]
    return []


def hash_weights(source: ModelSource) -> str:
    """Return the SHA-256 of the weights, or '' for a hub model, which is identified by its commit."""
    match source.kind:
        case "packaged":
            return store.checksum(source.name)
        case "gguf" if source.path.is_file():
            return file_digest(source.path)
        case "folder":
            return hash_folder(source.path)
    return ""


def hash_folder(folder: Path, pattern: str = "*") -> str:
    """Hash the names and contents of the files in a folder."""
    files = sorted(path for path in folder.glob(pattern) if path.is_file() and not path.name.startswith("."))
    return digest([[path.name, file_digest(path)] for path in files])


def find_commit(source: ModelSource, revision: str | None) -> str | None:
    """Look up the commit of a hub model in the local cache, else on the hub; return ``revision`` if both fail.

    None if the model is not from the hub.
    """
    if source.kind != "hub":
        return None
    from huggingface_hub import HfApi, try_to_load_from_cache

    cached = try_to_load_from_cache(source.name, "config.json", revision=revision or "main")
    if isinstance(cached, str):
        return Path(cached).parent.name
    try:
        return HfApi().model_info(source.name, revision=revision, timeout=HUB_TIMEOUT).sha or revision
    except Exception:  # noqa: BLE001  # whatever the hub's HTTP library raises; loading will say what is wrong
        return revision
