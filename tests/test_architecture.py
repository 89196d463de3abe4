"""The architecture: imports point down only, heavy packages are imported where they are used, rooms stay small."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import harness

PACKAGE = Path(harness.__file__).parent

# From top to bottom. A room (a top-level module or package) imports only from lower floors, and on the first and the
# last floor also from its neighbours.
FLOORS = (
    {"__main__", "cli", "view", "api", "export", "testing"},
    {"pipeline"},
    {"report"},
    {"trust", "stale", "schema"},
    {"compare", "stages", "manifest"},
    {"config", "suggest", "models", "verifiers"},
    {"data", "checker_en", "scorers"},
    {"document", "stats", "engines", "servers", "weights"},
    {"records", "seams", "plugins", "signature", "errors", "text", "claims", "languages", "files"}
    | {"progress", "cores"},
)  # fmt: skip  # one floor per line
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
OPEN = {0, len(FLOORS) - 1}
"""Floors whose rooms may import each other."""

LINES: dict[str, tuple[int, int]] = {
    "checker_en": (7, 7),
    "cli": (18, 10),  # agreement with ratings, export
    "compare": (25, 14),
    "config": (13, 8),  # the option facts
    "data": (40, 24),  # ratings; hints about columns
    "document": (13, 9),
    "engines": (4, 2),
    "models": (15, 8),
    "report": (20, 11),
    "scorers": (16, 11),  # rubric and preference, which ask a language model
    "servers": (8, 5),  # questions with a few choices, which judge and the judged scorers share
    "stages": (12, 8),  # judge, which keeps the answers of language models; suggested facts
    "stats": (11, 9),
    "suggest": (14, 11),  # English words and sentences, which only suggestions use; models that suggest facts
    "top level": (36, 20),  # the pytest plugin, export, judgements, titles in other languages; warnings of stale runs
    "trust": (23, 11),
    "verifiers": (27, 15),  # values and names that differ, in other languages; Chinese firms and split names
    "view": (18, 12),
    "weights": (9, 5),
}
"""Room → maximum number of lines, in hundreds, and of files. To raise a number, give the reason on its line."""

HEAVY = {"torch", "transformers", "datasets", "evaluate", "spacy", "ray", "rouge_score", "nltk", "sklearn"}

MAX_LINES = 60
"""Lines of a function: one screen."""


@dataclass(frozen=True)
class Module:
    path: Path
    """Below the package."""
    tree: ast.Module
    lines: int

    @property
    def room(self) -> str:
        return self.path.parts[0].removesuffix(".py")


@cache
def modules() -> list[Module]:
    texts = {path.relative_to(PACKAGE): path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py"))}
    return [Module(path, ast.parse(text), len(text.splitlines())) for path, text in texts.items()]


def list_imports(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The full names that import statements among these nodes import."""
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            yield from (f"{module}{alias.name}" for alias in node.names)


def test_every_room_has_a_floor() -> None:
    assert {module.room for module in modules()} - {"__init__"} == set(FLOOR)


def test_imports_point_down_only() -> None:
    wrong = [
        f"{module.path} imports {name}"
        for module in modules()
        for name in list_imports(ast.walk(module.tree))
        if name.startswith("harness.") and (target := name.split(".")[1]) in FLOOR
        if module.room in FLOOR and target != module.room and not may_import(module.room, target)
    ]
    assert wrong == []


def may_import(room: str, other: str) -> bool:
    above, below = FLOOR[room], FLOOR[other]
    return below > above or (below == above and above in OPEN)


def test_rooms_do_not_grow() -> None:
    sizes: dict[str, list[int]] = defaultdict(list)
    for module in modules():
        sizes[module.room if len(module.path.parts) > 1 else "top level"].append(module.lines)
    grown = {
        room: (sum(lines), len(lines))
        for room, lines in sizes.items()
        if sum(lines) > 100 * LINES[room][0] or len(lines) > LINES[room][1]
    }
    assert grown == {}


def test_heavy_packages_are_imported_where_they_are_used() -> None:
    at_start = [(module.path, name) for module in modules() for name in list_imports(module.tree.body)]
    assert [f"{path} imports {name}" for path, name in at_start if name.split(".")[0] in HEAVY] == []


def test_functions_fit_on_a_screen() -> None:
    long = [
        f"{module.path}: {node.name} starts in line {node.lineno}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= MAX_LINES
    ]
    assert long == []
