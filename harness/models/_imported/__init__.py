"""Outputs that were made elsewhere, as rows: tables of our own, and files that other evaluation tools wrote."""

from __future__ import annotations

from pathlib import Path

from harness.models._imported import lm_eval, promptfoo, promptfoo_files, table
from harness.models._imported.reader import Reader

_WHOLE = (".json", ".yaml", ".yml", ".txt", ".xml")
"""File name endings that only promptfoo's files have."""
SUFFIXES = (".jsonl", ".csv", *_WHOLE)
"""File name endings that are read."""


def reader(path: Path) -> Reader:
    """What reads a file: the reader of the tool that wrote it, else that of tables of our own."""
    suffix = path.suffix.lower()
    if suffix in _WHOLE or promptfoo_files.wrote(path):
        return promptfoo.READER
    return lm_eval.READER if suffix == ".jsonl" and lm_eval.wrote(path) else table.READER
