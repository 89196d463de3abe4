"""Outputs that other evaluation tools wrote, as rows of ours."""

from __future__ import annotations

from pathlib import Path

from harness.models._imported import lm_eval, promptfoo
from harness.models._imported.tool import Tool


def tool(path: Path) -> Tool | None:
    """The tool that wrote a file; None where it is a table of ours, or cannot be read."""
    if path.suffix.lower() == ".json":
        return promptfoo.TOOL
    return lm_eval.TOOL if path.suffix.lower() == ".jsonl" and lm_eval.wrote(path) else None
