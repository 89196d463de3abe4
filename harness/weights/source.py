"""Where the weights of a model are: in the store, in a GGUF file, in a folder, or on the hub."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator

from harness import store
from harness.files import show
from harness.seams import Located, expanded
from harness.signature import digest, file_digest
from harness.weights import headers

_ANSWER_WITHIN = 5.0
"""Seconds that the hub has to name a commit."""
_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
_WEIGHTS = ("*.safetensors", "*.bin")
_TOKENIZER = (
    "tokenizer.json",
    "tokenizer.model",
    "vocab.json",
    "vocab.txt",
    "spiece.model",
    "spm.model",
    "sentencepiece.bpe.model",
    "tekken.json",
)

Head = Literal["causal", "seq2seq", "classifier", "encoder"]
"""What a model is loaded to do: continue a text, read one and write another, name the class of a text or a pair, give a
vector for each token."""

_UNFIT: dict[Head, str] = {
    "causal": "which writes no text; take a language model",
    "seq2seq": "no sequence-to-sequence model; take a folder, or a model of the hub (org/name), or kind: hf_causal",
    "classifier": "no classifier; take a folder, or a model of the hub (org/name)",
    "encoder": "no encoder; take all-minilm-l6-v2",
}
"""Head → what is said of a model that was made for something else."""


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model by kind, the name it goes by, and its path where it has one."""

    kind: Literal["packaged", "gguf", "folder", "hub", "unknown"]
    name: str
    path: Path = Path()
    trusted: bool = False
    """Whether code that comes with it is run."""


def placed(value: object) -> object:
    """A model as the config names it, a path in it taken from the config's folder."""
    if not isinstance(value, Located):
        return str(value.absolute()) if isinstance(value, Path) else value
    path = (value.folder / expanded(value)).absolute()  # a bare "x" would read as a name again
    return str(path) if _names_path(value) or path.exists() else value


Named = Annotated[str, BeforeValidator(placed)]
"""An option that names a packaged model, a path (relative to the config file it is written in), or what a hub holds."""


def source_of(model: str) -> ModelSource:
    """The source that a name stands for: a packaged model first, then a path, then a repository of the hub."""
    path = expanded(model)
    if model in store.names():
        return ModelSource("packaged", model)
    if model.endswith(".gguf"):
        return ModelSource("gguf", path.name, path)
    if _names_path(model) or path.exists():
        return ModelSource("folder", path.name, path)
    return ModelSource("hub" if _HUB_ID.fullmatch(model) else "unknown", model)


def reached(model: str) -> Iterator[str]:
    """What a plugin would load under a name that nobody pinned, in words; nothing for a packaged model."""
    if source_of(str(placed(model))).kind != "packaged":  # a folder beside the config may bear a packaged model's name
        yield f"loads the model {model}, which is none of the packaged ones"


def problems(source: ModelSource, head: Head) -> Iterator[str]:
    """What keeps the weights from being loaded for a purpose, as far as the file system can tell."""
    match source.kind:
        case "packaged" if source.name not in packaged(head):
            yield f"{source.name} is a {store.entry(source.name).what}, {_UNFIT[head]}"
        case "gguf" if head != "causal":
            yield f"{show(source.path)} is a language model, {_UNFIT[head]}"
        case "gguf":
            yield from _gguf_problems(source.path)
        case "folder":
            yield from _folder_problems(source.path)
        case "unknown":
            names = packaged(head)
            near = get_close_matches(source.name, names, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            listed = f" (packaged: {', '.join(names)})" if names else ""
            yield (
                f"{source.name!r} is no packaged model{hint}{listed}; "
                f"a path begins with ./ or / or ends in .gguf, a model of the hub is written org/name"
            )


def damages(source: ModelSource) -> Iterator[str]:
    """Impossible values in the headers of weights from others, found before anything of them is loaded."""
    files = sorted(source.path.glob("*.safetensors")) if source.kind == "folder" else []
    for file in [*files, *([source.path] if source.kind == "gguf" else [])]:
        yield from (f"{show(file)} {fault}" for fault in headers.faults(file))


def packaged(head: Head) -> list[str]:
    """The packaged models made for a purpose: one GGUF file continues texts, a folder of transformers' encodes them."""
    match head:
        case "causal":
            return [model.name for model in store.CATALOGUE if model.main.endswith(".gguf")]
        case "encoder":
            return [model.name for model in store.CATALOGUE if any(file.path == "config.json" for file in model.files)]
        case "classifier" | "seq2seq":
            return []


def weights(source: ModelSource) -> str:
    """The SHA-256 that says which weights these are; empty for the hub, whose commits say it."""
    match source.kind:
        case "packaged":
            return store.checksum(source.name)
        case "gguf" if source.path.is_file():
            return file_digest(source.path)
        case "folder":
            return folder_digest(source.path)
    return ""


def folder_digest(folder: Path, pattern: str = "*") -> str:
    """A hash of the files in a folder, names and all; of none where there is no such folder."""
    files = sorted(path for path in folder.glob(pattern) if path.is_file() and not path.name.startswith("."))
    return digest([[path.name, file_digest(path)] for path in files])


def _names_path(model: str) -> bool:
    return model.startswith((".", "/", "~")) or model.endswith(".gguf")


def _gguf_problems(path: Path) -> Iterator[str]:
    if not path.is_file():
        yield f"{show(path)}: there is no such file"
        return
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            yield f"{show(path)} is not a GGUF file, whatever its name says; fetch it again"


def _folder_problems(path: Path) -> Iterator[str]:
    if not path.is_dir():
        yield f"{show(path)}: there is no such folder"
        return
    if not (path / "config.json").is_file():
        yield f"{show(path)} has no config.json; give a folder that save_pretrained wrote, or a .gguf file"
        return
    if not any(any(path.glob(pattern)) for pattern in _WEIGHTS):
        yield f"{show(path)} has no weights ({' or '.join(_WEIGHTS)})"
    if not any((path / name).is_file() for name in _TOKENIZER):
        yield f"{show(path)} has no tokenizer ({', '.join(_TOKENIZER)}); save it there with the model"


def commit(source: ModelSource, revision: str | None) -> str | None:
    """The commit of a hub model: of the local cache, else as the hub says; as asked for where neither answers."""
    if source.kind != "hub":
        return None
    from huggingface_hub import HfApi, try_to_load_from_cache

    cached = try_to_load_from_cache(source.name, "config.json", revision=revision or "main")
    if isinstance(cached, str):
        return Path(cached).parent.name
    try:
        return HfApi().model_info(source.name, revision=revision, timeout=_ANSWER_WITHIN).sha or revision
    except Exception:  # noqa: BLE001  # whatever its HTTP library raises; loading will say what is wrong
        return revision
