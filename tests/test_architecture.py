"""The house: imports point down only, heavy packages are imported where they are used, functions fit on a screen."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import harness

PACKAGE = Path(harness.__file__).parent

# From the top of the house to its ground. A room imports rooms below it; rooms on one floor do not know each other.
FLOORS = (
    {"__main__"},
    {"cli"},
    {"view"},
    {"pipeline", "metrics"},
    {"stages", "reports", "schema"},
    {"analysis"},
    {"manifest", "doctor", "stored"},
    {"plan"},
    {"config"},
    {"builder"},
    {"layers", "prompts", "suggestions"},
    {"plugins", "data", "engines"},
    {"models", "verifiers", "scorers"},
    {"claims", "perturbations"},
    {"weights", "syntax", "servers"},
    {"store", "seams"},
    {"text", "signature", "progress", "provenance", "files", "spool"},
    {"records"},
    {"errors"},
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}

HEAVY = {
    "torch",
    "transformers",
    "datasets",
    "evaluate",
    "spacy",
    "ray",
    "matplotlib",
    "rouge_score",
    "nltk",
    "sklearn",
}

MAX_LINES = 60
"""Of a function: a screen."""


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def room(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported(node: ast.AST) -> list[str]:
    """The modules that an import names, in full."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def test_every_room_has_a_floor() -> None:
    assert {room(path) for path, _ in modules()} - {"__init__"} == set(FLOOR)


def test_imports_point_down_only() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for path, tree in modules()
        for node in ast.walk(tree)
        for name in imported(node)
        if name.startswith("harness.") and (target := name.split(".")[1]) in FLOOR
        if room(path) in FLOOR and target != room(path) and FLOOR[target] <= FLOOR[room(path)]
    ]
    assert wrong == []


def test_heavy_packages_are_imported_where_they_are_used() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for path, tree in modules()
        for node in tree.body
        for name in imported(node)
        if name.split(".")[0] in HEAVY and room(path) != "metrics"  # only `evaluate` loads these, as its own classes
    ]
    assert wrong == []


@pytest.mark.parametrize("path", [path for path, _ in modules()], ids=lambda path: str(path.relative_to(PACKAGE)))
def test_functions_fit_on_a_screen(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    long = [
        f"{node.name}: {lines} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > MAX_LINES
    ]
    assert long == []
