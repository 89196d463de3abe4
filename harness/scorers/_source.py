"""What a scorer loads: from the store, from a folder, or from the hub."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator

from harness import store
from harness.files import show
from harness.seams import Located
from harness.signature import digest, file_digest

_ANSWER_WITHIN = 5.0
"""Seconds that the hub has to name a commit."""


def _placed(value: object) -> object:
    if not isinstance(value, str) or value in store.names():
        return value
    path = Path(value).expanduser()
    path = value.folder / path if isinstance(value, Located) else path
    return path if value.startswith((".", "/", "~")) or path.exists() else str(value)


Named = Annotated[Path | str, BeforeValidator(_placed)]
"""An option that names a path (relative to the config file it is written in), a packaged model, or what a hub holds."""


def fault(model: Path | str) -> str | None:
    """What keeps an encoder from being loaded, as far as its name and the file system tell."""
    if isinstance(model, Path):
        if not model.is_dir():
            return f"{show(model)}: there is no such folder"
        there = (model / "config.json").is_file()
        return None if there else f"{show(model)} has no config.json; give a folder that save_pretrained wrote"
    if model in store.names():
        encodes = any(file.path == "config.json" for file in store.entry(model).files)
        return None if encodes else f"{model} is a {store.entry(model).what}, no encoder; take all-minilm-l6-v2"
    if model.count("/") != 1:
        return (
            f"{model!r} is no packaged model (packaged: {', '.join(store.names())}); "
            f"a path begins with ./ or /, a model of the hub is written org/name"
        )
    return None


def identity(model: Path | str, revision: str | None) -> str:
    """Which weights these are: a checksum, or a hub model's commit (the revision asked for where nobody knows it)."""
    if isinstance(model, Path):
        return folder_digest(model)
    if model in store.names():
        return store.checksum(model)[:16]
    return _commit(model, revision) or revision or "main"


def folder_digest(folder: Path, pattern: str = "*") -> str:
    """A hash of the files in a folder, names and all; of none where there is no such folder."""
    files = sorted(file for file in folder.glob(pattern) if file.is_file() and not file.name.startswith("."))
    return digest([[file.name, file_digest(file)] for file in files])


def _commit(model: str, revision: str | None) -> str | None:
    from huggingface_hub import HfApi, try_to_load_from_cache

    cached = try_to_load_from_cache(model, "config.json", revision=revision or "main")
    if isinstance(cached, str):
        return Path(cached).parent.name
    try:
        return HfApi().model_info(model, revision=revision, timeout=_ANSWER_WITHIN).sha
    except Exception:  # noqa: BLE001  # whatever its HTTP library raises; loading will say what is wrong
        return None
