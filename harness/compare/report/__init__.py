"""A comparison in the terminal, as Markdown, as one HTML page, as JSON and as CSV."""

from __future__ import annotations

import importlib

from harness.compare.compared import Comparison


def render(found: Comparison, form: str) -> str:
    """The comparison in a format; only the module that writes it is imported."""
    module, function = {
        "terminal": ("terminal", "render"),
        "md": ("markdown", "render"),
        "html": ("html", "render"),
        "json": ("rows", "as_json"),
        "csv": ("rows", "as_csv"),
    }[form]
    text: str = getattr(importlib.import_module(f"{__name__}.{module}"), function)(found)
    return text
