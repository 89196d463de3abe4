"""Read a YAML file that a person wrote: plain data, the line of every key, and errors that say what to type.

Scalars follow the core schema of YAML 1.2 and nothing else: no dates (they stay text), no tags, no merge keys. Keys are
text. Aliases are expanded, within a limit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.data.yaml import flow_lists, parser
from harness.errors import ConfigError, DataError, HarnessError, Problem
from harness.files import read_text, show

if TYPE_CHECKING:
    from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Key = tuple[str | int, ...]
"""A place in the data: ``("facts", 3, "evidence")``; items of a list are counted from 0."""

MAX_ALIAS_NODES = 20_000
"""Values that aliases may add to those written: an anchor bomb is refused before it is expanded."""
MAX_DEPTH = 100

_IMPLICIT_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge", "value")
)


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as plain data, with the places that its errors need."""

    path: Path
    data: dict[str, Any]
    lines: Mapping[Key, int]
    cut_lists: Mapping[Key, str] = field(default_factory=dict)
    """The lists in brackets in which a comma seems to have cut an entry in two → what to type instead."""

    def line(self, key: Key) -> int | None:
        """1-based line of a key; of its nearest parent where it is not there; None where that is the whole file."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key)

    def problem(self, key: Key, message: str) -> Problem:
        """A problem at the key's place."""
        return Problem(show(self.path), self.line(key), dotted(key), message)


def load(path: Path, error: type[HarnessError] = DataError) -> Document:
    """The one mapping that a YAML file holds; ``error``, with every problem found, where it holds none."""
    try:
        text = read_text(path)
    except DataError as failure:
        raise error.of(failure.problems) from None
    return parse(text, path, error)


def parse(text: str, path: Path, error: type[HarnessError] = DataError, first_line: int = 1) -> Document:
    """The one mapping that a YAML text holds, which starts on a given line of a file; else ``error``, as ``load``."""
    reader = _Reader(show(path), first_line - 1)
    data = reader.read(text)
    if data is None and not reader.problems:
        reader.refuse(None, (), "holds no data; write keys and their values (key: value)")
    elif data is not None and not isinstance(data, dict):
        reader.refuse(1, (), f"holds {kind_of(data)} at the top; write keys and their values (key: value)")
    if reader.problems or not isinstance(data, dict):
        raise error.of(reader.problems)
    return Document(path, data, reader.lines, reader.cut_lists)


def parse_value(text: str) -> object:
    """The value that text stands for behind ``--set key=``; ConfigError where it is no YAML."""
    reader = _Reader("", 0)
    value = reader.read(text)
    if reader.problems:
        message = reader.problems[0].message
        if text.lstrip().startswith("{{"):  # a template, in the quotes of the shell alone
            message = f"{message.removesuffix(f'; {parser.BRACES}')}; {parser.BRACES}: {json.dumps(text)}"
        raise ConfigError(f"{text!r} is no YAML value: {message}", reader.problems)
    return value


def holds_data(text: str) -> bool:
    """Whether YAML text has more than comments and white space."""
    return any(line.strip() and not line.lstrip().startswith("#") for line in text.split("\n"))


def dotted(key: Key) -> str:
    """``facts[3].evidence``, the way a key is written in messages."""
    shown = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in key)
    return shown.removeprefix(".")


def children(value: object) -> Iterable[tuple[str | int, Any]]:
    """Each key of a mapping, or number of a list, with the value that stands there; nothing of any other value."""
    return value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()


def kind_of(value: object) -> str:
    """A value's type and content in words, for messages."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"the truth value {str(value).lower()}"
        case int() | float():
            short = isinstance(value, float) or value.bit_length() < 200
            return f"the number {value}" if short else "a number of very many digits"
        case str():
            return f"the text {value!r}" if len(value) <= 60 else f"the text {value[:57]!r}…"
        case list():
            return "a list"
        case Mapping():
            return "a mapping"
        case _:
            return f"of the type {type(value).__name__}"


class _LoopError(Exception):
    """An anchor that is used inside its own value; carries the node."""


class _Reader:
    """Turns one text into plain data; what is wrong gathers in ``problems``."""

    def __init__(self, file: str, lines_before: int) -> None:
        self.file = file
        self.lines_before = lines_before
        self.lines: dict[Key, int] = {}
        self.cut_lists: dict[Key, str] = {}
        self.problems: list[Problem] = []
        self._text = ""

    def refuse(self, line: int | None, key: Key, message: str) -> None:
        """Note a problem on a 1-based line of the text."""
        self.problems.append(Problem(self.file, line and line + self.lines_before, dotted(key), message))

    def read(self, text: str) -> Any:
        """The data; None where there is none or where it cannot be composed."""
        self._text = text
        root = self._compose(text)
        if root is None or not self._expandable(root):
            return None
        return self._plain(root, ())

    def _compose(self, text: str) -> Node | None:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError

        yaml = YAML(typ="safe", pure=True)  # the default marks where folded text was folded
        yaml.max_depth = MAX_DEPTH
        yaml.composer.warn_double_anchors = False  # YAML lets a later anchor take an earlier one's name
        try:
            roots: list[Node] = list(yaml.compose_all(text))
        except YAMLError as failure:
            line, message = parser.explain(failure, text)
            self.refuse(line, (), message)
            return None
        for extra in roots[1:]:
            self.refuse(_line(extra), (), "is a second document; a file holds one (remove the line --- above)")
        return roots[0] if roots else None

    def _expandable(self, root: Node) -> bool:
        sizes: dict[int, int] = {}
        try:
            added = _expanded_size(root, sizes) - len(sizes)
        except _LoopError as loop:
            self.refuse(_line(loop.args[0]), (), "an anchor (&) is used inside its own value; write the value out")
            return False
        if added > MAX_ALIAS_NODES:
            message = f"its aliases (*) expand to {added:,} values, {MAX_ALIAS_NODES:,} are allowed; write them out"
            self.refuse(None, (), message)
        return added <= MAX_ALIAS_NODES

    def _plain(self, node: Node, key: Key) -> Any:
        """What a node says, as plain data. Its line is noted, and what is wrong with it."""
        from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

        if key:
            self.lines.setdefault(key, _line(node) + self.lines_before)
        tag = node.ctag
        if tag.handle is not None or str(tag) not in _IMPLICIT_TAGS:
            self.refuse(_line(node), key, f"tags are not read; remove {tag.handle or ''}{tag.suffix}")
        if isinstance(node, ScalarNode):
            return self._scalar(node, key)
        if isinstance(node, MappingNode):
            return {name: self._plain(value, (*key, name)) for name, value in self._pairs(node, key)}
        pieces, gaps = self._pieces(node) if isinstance(node, SequenceNode) and node.flow_style else ([], [])
        if entries := flow_lists.whole_entries(pieces, gaps):
            self.cut_lists[key] = flow_lists.explanation(entries)
        return [self._plain(value, (*key, index)) for index, value in enumerate(node.value)]

    def _pieces(self, node: SequenceNode) -> tuple[list[str | None], list[str]]:
        """The entries of a list in brackets as they are written, None for one in quotes; and the commas between."""
        from ruamel.yaml.nodes import ScalarNode

        pieces = [each.value if isinstance(each, ScalarNode) and each.style is None else None for each in node.value]
        gaps = [
            ", " if self._text[before.end_mark.index : after.start_mark.index].strip(",") else ","
            for before, after in pairwise(node.value)
        ]
        return pieces, gaps

    def _pairs(self, node: MappingNode, key: Key) -> Iterator[tuple[str, Node]]:
        for name_node, value in node.value:
            name = self._name(name_node, key)
            if name is None:
                continue
            place = (*key, name)
            if place in self.lines:
                self.refuse(_line(name_node), place, f"is already given on line {self.lines[place]}; keep one of them")
                continue
            self.lines[place] = _line(name_node) + self.lines_before
            yield name, value

    def _name(self, node: Node, key: Key) -> str | None:
        from ruamel.yaml.nodes import MappingNode, ScalarNode

        if not isinstance(node, ScalarNode):
            hint = f"; {parser.BRACES}" if isinstance(node, MappingNode) and node.flow_style else ""
            self.refuse(_line(node), key, f"a key must be text, not a list or a mapping{hint}")
            return None
        if node.style is None and node.value == "<<":
            self.refuse(_line(node), key, "merge keys (<<) are not part of YAML 1.2; write the keys out")
            return None
        name = self._scalar(node, key)
        if isinstance(name, str):
            return name
        self.refuse(_line(node), key, f'a key must be text; put it in quotes: "{node.value}"')
        return None

    def _scalar(self, node: ScalarNode, key: Key) -> object:
        if node.style is None:
            return parser.resolve(node.value)
        try:  # JSON writes a character past U+FFFF as two escapes, which the parser leaves apart
            return node.value.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError:
            self.refuse(_line(node), key, "half of a surrogate pair (\\ud800 to \\udfff) must go")
            return ""


def _line(node: Node) -> int:
    line: int = node.start_mark.line
    return line + 1


def _expanded_size(node: Node, sizes: dict[int, int]) -> int:
    """How many nodes there are with every alias written out, each counted once; ``sizes`` is the memory.

    A node whose size is 0 is being counted: to meet it again is a loop.
    """
    if sizes.get(id(node)) == 0:
        raise _LoopError(node)
    if id(node) not in sizes:
        sizes[id(node)] = 0
        sizes[id(node)] = 1 + sum(_expanded_size(child, sizes) for child in _children(node))
    return sizes[id(node)]


def _children(node: Node) -> Iterator[Node]:
    from ruamel.yaml.nodes import MappingNode, ScalarNode

    if isinstance(node, MappingNode):
        return chain.from_iterable(node.value)
    return iter(() if isinstance(node, ScalarNode) else node.value)
