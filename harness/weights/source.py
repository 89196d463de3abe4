"""Where the weights of a model are: in the store, in a GGUF file, in a folder, or on the hub."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from harness import store
from harness.files import show
from harness.seams import Located
from harness.signature import digest, file_digest

_ANSWER_WITHIN = 5.0
"""Seconds that the hub has to name a commit."""
_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
_WEIGHTS = ("*.safetensors", "*.bin")
_TOKENIZER = ("tokenizer.json", "tokenizer.model", "vocab.json", "vocab.txt", "spiece.model", "tekken.json")


@dataclass(frozen=True, slots=True)
class Source:
    """A model by kind, the name it goes by, and its path where it has one."""

    kind: Literal["packaged", "gguf", "folder", "hub", "unknown"]
    name: str
    path: Path = Path()


def placed(value: object) -> object:
    """A model as the config names it, a path in it taken from the config's folder."""
    if not isinstance(value, Located):
        return value
    path = (value.folder / Path(value).expanduser()).absolute()  # a bare "x" would read as a name again
    return str(path) if _names_path(value) or path.exists() else value


def source(model: str) -> Source:
    """What a name stands for: a packaged model first, then a path, then a repository of the hub."""
    path = Path(model).expanduser()
    if model in store.names():
        return Source("packaged", model)
    if model.endswith(".gguf"):
        return Source("gguf", path.name, path)
    if _names_path(model) or path.exists():
        return Source("folder", path.name, path)
    return Source("hub" if _HUB_ID.fullmatch(model) else "unknown", model)


def problems(found: Source) -> Iterator[str]:
    """What keeps the weights from being loaded, as far as the file system can tell."""
    match found.kind:
        case "gguf":
            yield from _gguf_problems(found.path)
        case "folder":
            yield from _folder_problems(found.path)
        case "unknown":
            near = get_close_matches(found.name, store.names(), n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            yield (
                f"{found.name!r} is no packaged model{hint} (packaged: {', '.join(store.names())}); "
                f"a path begins with ./ or / or ends in .gguf, a model of the hub is written org/name"
            )


def writes_text(found: Source) -> bool:
    """Whether it may be a language model: a packaged one is known, of the others only loading tells."""
    return found.kind != "packaged" or store.entry(found.name).main.endswith(".gguf")


def weights(found: Source) -> str:
    """The SHA-256 that says which weights these are; empty for the hub, whose commits say it."""
    match found.kind:
        case "packaged":
            return store.checksum(found.name)
        case "gguf" if found.path.is_file():
            return file_digest(found.path)
        case "folder" if found.path.is_dir():
            files = sorted(path for path in found.path.iterdir() if path.is_file() and not path.name.startswith("."))
            return digest([[path.name, file_digest(path)] for path in files])
    return ""


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
    if not any(any(path.glob(pattern)) for pattern in _WEIGHTS):
        yield f"{show(path)} has no weights ({' or '.join(_WEIGHTS)})"
    if not any((path / name).is_file() for name in _TOKENIZER):
        yield f"{show(path)} has no tokenizer ({', '.join(_TOKENIZER)}); save it there with the model"


def commit(found: Source, revision: str | None) -> str | None:
    """The commit of a hub model: of the local cache, else as the hub says; as asked for where neither answers."""
    if found.kind != "hub":
        return None
    from huggingface_hub import HfApi, try_to_load_from_cache

    cached = try_to_load_from_cache(found.name, "config.json", revision=revision or "main")
    if isinstance(cached, str):
        return Path(cached).parent.name
    try:
        return HfApi().model_info(found.name, revision=revision, timeout=_ANSWER_WITHIN).sha or revision
    except Exception:  # noqa: BLE001  # whatever its HTTP library raises; loading will say what is wrong
        return revision
