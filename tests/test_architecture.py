"""The house: imports point down only, heavy packages are imported where they are used, functions fit on a screen."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import harness

PACKAGE = Path(harness.__file__).parent

# From the top of the house to its ground. A room imports rooms below it; rooms on one floor do not know each other.
FLOORS = (
    {"__main__"},
    {"cli"},
    {"view"},
    {"api"},
    {"pipeline"},
    {"report"},
    {"trust", "schema", "stale"},
    {"compare", "stages", "manifest"},
    {"config", "suggest"},
    {"models", "verifiers"},
    {"scorers"},
    {"data", "doctor"},
    {"claims", "checker_en"},
    {"languages", "plugins", "servers", "weights"},
    {"document", "stats", "engines", "seams", "spool", "files", "text"},
    {"records", "signature", "progress", "provenance", "errors"},
    {"cores"},
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}

HEAVY = {
    "torch",
    "transformers",
    "datasets",
    "evaluate",
    "spacy",
    "ray",
    "rouge_score",
    "nltk",
    "sklearn",
}

MAX_LINES = 60
"""Lines of a function: one screen."""


@dataclass(frozen=True)
class Module:
    """What the rules ask about a file."""

    path: Path
    """Below the package."""
    imports: list[str]
    """The modules that it imports anywhere, in full."""
    at_start: list[str]
    """Those that it imports as soon as it is imported itself."""
    functions: list[tuple[str, int]]
    """Each one's name and number of lines."""

    @property
    def room(self) -> str:
        return self.path.parts[0].removesuffix(".py")


@cache
def modules() -> list[Module]:
    return [module_at(path) for path in sorted(PACKAGE.rglob("*.py"))]


def module_at(path: Path) -> Module:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))
    functions = [
        (node.name, (node.end_lineno or 0) - node.lineno + 1)
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return Module(path.relative_to(PACKAGE), imported(nodes), imported(tree.body), functions)


def imported(nodes: Sequence[ast.AST]) -> list[str]:
    """The modules that imports among these name, in full."""
    plain = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    chosen = [
        f"{node.module}.{alias.name}"
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    ]
    return plain + chosen


def test_every_room_has_a_floor() -> None:
    assert {module.room for module in modules()} - {"__init__"} == set(FLOOR)


def test_imports_point_down_only() -> None:
    wrong = [
        f"{module.path} imports {name}"
        for module in modules()
        for name in module.imports
        if name.startswith("harness.") and (target := name.split(".")[1]) in FLOOR
        if module.room in FLOOR and target != module.room and FLOOR[target] <= FLOOR[module.room]
    ]
    assert wrong == []


def test_heavy_packages_are_imported_where_they_are_used() -> None:
    wrong = [
        f"{module.path} imports {name}"
        for module in modules()
        for name in module.at_start
        if name.split(".")[0] in HEAVY
    ]
    assert wrong == []


def test_functions_fit_on_a_screen() -> None:
    long = [
        f"{module.path}: {name}: {lines} lines"
        for module in modules()
        for name, lines in module.functions
        if lines > MAX_LINES
    ]
    assert long == []
