"""Outputs that other evaluation tools wrote, as rows of ours."""

from __future__ import annotations

from pathlib import Path

from harness.models._imported import lm_eval, promptfoo, promptfoo_files
from harness.models._imported.tool import Tool

WHOLE = (".json", ".yaml", ".yml", ".txt", ".xml")
"""File name endings that only promptfoo's files have."""


def tool(path: Path) -> Tool | None:
    """The tool that wrote a file; None where it is a table of ours, or cannot be read."""
    suffix = path.suffix.lower()
    if suffix in WHOLE or (suffix in (".jsonl", ".csv") and promptfoo_files.wrote(path)):
        return promptfoo.TOOL
    return lm_eval.TOOL if suffix == ".jsonl" and lm_eval.wrote(path) else None
