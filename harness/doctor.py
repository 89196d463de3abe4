"""Check what works on this machine, and suggest repairs for the rest."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from harness.weights import store

NEEDED = ("torch", "transformers", "gguf", "accelerate", "spacy", "jinja2", "ruamel.yaml", "sentencex")
OPTIONAL = {"datasets": "articles from data sets", "evaluate": "metrics of the evaluate library"}


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check."""

    what: str
    ok: bool
    found: str
    remedy: str = ""
    optional: bool = False


def examine() -> list[Finding]:
    """Check everything that a base run needs, and the optional parts."""
    return [
        *_check_packages(),
        *_check_models(),
        _check_device(),
        _check_folder("results", Path("results"), "choose another folder with -o"),
        _check_folder("cache and models", store.home(), "set HARNESS_HOME to another folder"),
    ]


def _check_packages() -> Iterator[Finding]:
    for name in (*NEEDED, *OPTIONAL):
        optional = name in OPTIONAL
        use = f" (for {OPTIONAL[name]})" if optional else ""
        try:
            yield Finding(f"package {name}", True, metadata.version(name), optional=optional)
        except metadata.PackageNotFoundError:
            yield Finding(f"package {name}", False, f"not installed{use}", f"pip install {name}", optional)


def _check_models() -> Iterator[Finding]:
    for name in store.names():
        is_here = store.is_installed(name)
        state = "in the store" if is_here else "not downloaded; a run that needs it downloads it"
        yield Finding(f"model {name}", is_here, state, "" if is_here else f"harness models pull {name}", optional=True)


def _check_device() -> Finding:
    if util.find_spec("torch") is None:
        return Finding("device", False, "torch is not installed", "pip install torch")
    import torch

    if torch.cuda.is_available():
        return Finding("device", True, f"cuda: {torch.cuda.get_device_name()}")
    return Finding("device", True, "mps" if torch.backends.mps.is_available() else "cpu")


def _check_folder(what: str, folder: Path, remedy: str) -> Finding:
    nearest = next(path for path in (folder.resolve(), *folder.resolve().parents) if path.exists())
    if not os.access(nearest, os.W_OK):
        return Finding(what, False, "not writable", remedy)
    free = shutil.disk_usage(nearest).free / 1e9
    return Finding(what, free > 0.5, f"writable, {free:.1f} GB free", "" if free > 0.5 else "free some disk space")
