"""Data sets of the ``datasets`` library: on the hub, in a folder, or in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.errors import MissingDependencyError

_FORMATS = {".jsonl": "json", ".json": "json", ".csv": "csv", ".parquet": "parquet"}


def is_saved(folder: Path) -> bool:
    """Whether save_to_disk wrote the folder."""
    return any((folder / file).is_file() for file in ("dataset_dict.json", "state.json"))


def load(name: str, config: str | None, split: str, revision: str | None = None, streaming: bool = False) -> Any:
    """A split, as a table or a stream of rows; the library does not document what it raises."""
    try:
        import datasets
    except ImportError as error:
        raise MissingDependencyError(f"{name} needs a package: pip install 'fact-harness[datasets]'") from error

    datasets.disable_progress_bars()
    path = Path(name)
    if path.is_file() and (kind := _FORMATS.get(path.suffix.lower())):
        return datasets.load_dataset(kind, data_files={split: name}, split=split)
    if not is_saved(path):
        return datasets.load_dataset(name, config, split=split, revision=revision, streaming=streaming)
    saved = datasets.load_from_disk(name)
    if isinstance(saved, dict) and split not in saved:
        raise ValueError(f"its splits are {', '.join(saved)}")
    return saved[split] if isinstance(saved, dict) else saved
