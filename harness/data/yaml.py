"""Read YAML that a person wrote: plain data, the line of every key, and errors that say what to type.

Scalars follow YAML 1.2's core schema, so dates, yes and no stay text. Keys must be text; no tags or merge keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.errors import ConfigError, DataError, Problem
from harness.files import read_text, show

if TYPE_CHECKING:
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

Key = tuple[str | int, ...]
"""A place in the data: ``("facts", 3, "evidence")``; list items are counted from 0."""

MAX_ALIASED = 100_000
"""Maximum number of characters and nodes that aliases may add to a file."""
MAX_DEPTH = 100
"""Maximum depth of nesting. An anchor inside its own value would nest without end."""

_IMPLICIT_TAG = re.compile(r"tag:yaml\.org,2002:(map|seq|str|int|float|bool|null|timestamp|merge|value)")
_CONSTANTS: dict[str, object] = {
    **dict.fromkeys(["", "~", "null", "Null", "NULL"]),
    **dict.fromkeys(["true", "True", "TRUE"], True),
    **dict.fromkeys(["false", "False", "FALSE"], False),
    **dict.fromkeys([".nan", ".NaN", ".NAN"], float("nan")),
    **{sign + name: float(f"{sign}inf") for sign in ("", "+", "-") for name in (".inf", ".Inf", ".INF")},
}
_INTEGER = re.compile(r"[-+]?[0-9]{1,4000}")  # Python converts at most 4,300 digits
_OCTAL_OR_HEXADECIMAL = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_BRACES = "put text with braces in quotes"
_FAULTS = {
    "mapping values are not allowed here": (
        "a key is not allowed here; align it with the other keys, or put text with a colon in quotes"
    ),
    "<block end>, but found": (
        "this line does not fit here; align keys and dashes with those above, and close every quotation mark"
    ),
    "escape": "write a backslash as \\\\ in double quotes, or use single quotes",
    "found unexpected end of stream": "the quotation mark {where} is not closed",
    "expected ',' or ']'": "the [ {where} is not closed, or a comma is missing; put text with brackets in quotes",
    "expected ',' or '}'": f"the {{{{ {{where}} is not closed, or a comma is missing; {_BRACES}",
    "that cannot start any token": "text cannot start with '{found}'; put it in quotes",
    "maximum depth": f"its values are nested over {MAX_DEPTH} levels deep; nest them less deeply",
}
"""A part of ruamel.yaml's message → our message, for the most frequent mistakes."""


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as plain data, with the line of every key for error messages."""

    path: Path
    data: dict[str, Any]
    lines: Mapping[Key, int]

    def line(self, key: Key) -> int | None:
        """1-based line of a key or of its nearest parent; None for the whole file."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key)

    def problem(self, key: Key, message: str) -> Problem:
        return Problem(show(self.path), self.line(key), format_key(key), message)


def load_yaml(path: Path) -> Document:
    """Read a YAML file that holds one mapping; raise ConfigError with every problem of an invalid file."""
    try:
        return parse_yaml(read_text(path), path)
    except DataError as failure:
        raise ConfigError.of(failure.problems) from None


def parse_yaml(text: str, path: Path) -> Document:
    """Read a YAML text that holds one mapping; ``path`` is for messages."""
    reader = _Reader(show(path))
    data = reader.read(text)
    line = reader.lines.pop((), None)
    if data is None:
        raise DataError.at(show(path), "is empty; write keys and their values (key: value)")
    if not isinstance(data, dict):
        message = f"must be keys and values (key: value), not {describe(data)}"
        raise DataError.at(show(path), message, line)
    return Document(path, data, reader.lines)


def parse_value(text: str, option: str = "") -> object:
    """Parse the value of ``--set key=text``; raise ConfigError, which names the ``option``, if it is not YAML."""
    try:
        return _Reader("").read(text)
    except DataError as failure:
        raise ConfigError.at(option, f"{text!r} {failure.problems[0].message}") from None


def has_data(text: str) -> bool:
    """True if YAML text has more than comments and white space."""
    return any(line.strip() and not line.lstrip().startswith("#") for line in text.split("\n"))


def format_key(key: Key) -> str:
    """Format a key for messages: ``facts[3].evidence``."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in key).removeprefix(".")


def iter_children(value: object) -> Iterable[tuple[str | int, Any]]:
    """Return the (key, value) pairs of a mapping or list, or nothing for any other value."""
    return value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()


def describe(value: object) -> str:
    """Write a value for a message: ``'text'`` (shortened), ``3``, ``true``, ``empty``, ``a list``."""
    match value:
        case None:
            return "empty"
        case str():
            return repr(value if len(value) <= 60 else f"{value[:57]}…")
        case bool():
            return str(value).lower()
        case int() if value.bit_length() >= 200:
            return "a number with very many digits"
        case int() | float():
            return str(value)
        case list():
            return "a list"
        case Mapping():
            return "a mapping"
        case _:
            return f"a value of type {type(value).__name__}"


def dump_yaml(data: object) -> str:
    """Format data as YAML in the layout of facts.yaml, without a final line break; long text is not wrapped."""
    stream = StringIO()
    round_trip().dump(data, stream)
    return stream.getvalue().rstrip("\n")


def round_trip() -> Any:
    """Make a ruamel.yaml reader and writer that keeps comments and quotes."""
    from ruamel.yaml import YAML
    from ruamel.yaml.representer import RoundTripRepresenter

    class Representer(RoundTripRepresenter):
        """Puts text with unprintable characters in double quotes; the other styles lose some of them."""

        def represent_text(self, text: str) -> Any:
            return self.represent_scalar("tag:yaml.org,2002:str", text, style=None if text.isprintable() else '"')

    Representer.add_representer(str, Representer.represent_text)
    yaml = YAML()
    yaml.Representer = Representer
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 2**20
    return yaml


class _Reader:
    """Turns one text into plain data, and records the line of every key."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Key, int] = {}
        self.problems: list[Problem] = []
        self.left = 0
        """Number of characters and nodes that may still be read."""

    def report(self, line: int | None, key: Key, message: str) -> None:
        self.problems.append(Problem(self.file, line, format_key(key), message))

    def read(self, text: str) -> Any:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError

        yaml = YAML(typ="safe", pure=True)  # the default type inserts marks into folded text
        yaml.max_depth = MAX_DEPTH
        yaml.composer.warn_double_anchors = False  # YAML lets a later anchor reuse a name
        try:
            roots: list[Node] = list(yaml.compose_all(text))
        except YAMLError as failure:
            line, message = _explain(failure, text)
            self.report(line, (), message)
            raise DataError.of(self.problems) from None
        for extra in roots[1:]:
            self.report(_line(extra), (), "starts a second document; remove the line --- above")
        self.left = len(text) + MAX_ALIASED
        data = self._convert(roots[0], ()) if roots else None
        if self.problems:
            raise DataError.of(self.problems)
        return data

    def _convert(self, node: Node, key: Key) -> Any:
        from ruamel.yaml.nodes import MappingNode, ScalarNode

        self.left -= 1 + (len(node.value) if isinstance(node, ScalarNode) else 0)
        if len(key) > MAX_DEPTH:
            self.report(_line(node), (), "uses an anchor (&) inside its own value; write the value out")
            raise DataError.of(self.problems)
        if self.left < 0:
            self.report(None, (), f"has aliases (*) that expand to over {MAX_ALIASED:,} characters; write them out")
            raise DataError.of(self.problems)
        self.lines.setdefault(key, _line(node))
        tag = node.ctag
        if tag.handle is not None or not _IMPLICIT_TAG.fullmatch(str(tag)):
            message = f"has a tag, which harness does not read; remove {tag.handle or ''}{tag.suffix}"
            self.report(_line(node), key, message)
        if isinstance(node, ScalarNode):
            return self._convert_scalar(node, key)
        if isinstance(node, MappingNode):
            return {name: self._convert(value, (*key, name)) for name, value in self._iter_pairs(node, key)}
        return [self._convert(value, (*key, index)) for index, value in enumerate(node.value)]

    def _iter_pairs(self, node: MappingNode, key: Key) -> Iterator[tuple[str, Node]]:
        from ruamel.yaml.nodes import MappingNode, ScalarNode

        for name_node, value in node.value:
            line = _line(name_node)
            if not isinstance(name_node, ScalarNode):
                hint = f"; {_BRACES}" if isinstance(name_node, MappingNode) and name_node.flow_style else ""
                self.report(line, key, f"a key must be text, not a list or a mapping{hint}")
                continue
            if name_node.style is None and name_node.value == "<<":
                self.report(line, key, "merge keys (<<) are not part of YAML 1.2; write the keys out")
                continue
            name = self._convert_scalar(name_node, key)
            if type(name) is int and str(name) == name_node.value:  # e.g. a score in a rubric
                name = name_node.value
            if not isinstance(name, str):
                self.report(line, key, f'a key must be text; put it in quotes: "{name_node.value}"')
                continue
            place = (*key, name)
            if place in self.lines:
                self.report(line, place, f"repeats line {self.lines[place]}; keep one of them")
                continue
            self.lines[place] = line
            yield name, value

    def _convert_scalar(self, node: ScalarNode, key: Key) -> object:
        if node.style is None:
            return resolve_scalar(node.value)
        try:  # ruamel.yaml does not join the two \u escapes with which JSON writes a character above U+FFFF
            return node.value.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError:
            self.report(_line(node), key, "holds half of a surrogate pair (\\ud800 to \\udfff); remove it")
            return ""


def resolve_scalar(text: str) -> object:
    """Convert a plain scalar by the core schema of YAML 1.2.2 (section 10.3.2): to None, a bool, a number or text."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _OCTAL_OR_HEXADECIMAL.fullmatch(text):
        return int(text, 0)
    return float(text) if _FLOAT.fullmatch(text) else text


def _explain(failure: YAMLError, text: str) -> tuple[int | None, str]:
    """Return the 1-based line of a YAML error, if it has one, and a message."""
    from ruamel.yaml.error import MarkedYAMLError
    from ruamel.yaml.reader import ReaderError

    if isinstance(failure, ReaderError):
        message = f"remove the control character U+{failure.character:04X}"
        return text.count("\n", 0, failure.position) + 1, message
    if not isinstance(failure, MarkedYAMLError) or failure.problem_mark is None:
        return None, f"is not valid YAML: {failure}"
    problem, line = failure.problem, failure.problem_mark.line + 1
    begun = failure.context_mark.line + 1 if failure.context_mark else line
    if "'\\t'" in problem:
        return line, "has a tab where YAML needs spaces; replace it with spaces"
    if problem == "could not find expected ':'":
        return begun, "is not valid YAML: this line has no colon followed by a space; write key: value"
    where = f"that opens on line {begun}" if begun < line else "on this line"
    found = re.search("'(.+)'", problem)
    for part, fault in _FAULTS.items():
        if part in problem:
            return line, f"is not valid YAML: {fault.format(where=where, found=found[1] if found else '')}"
    context = f"{failure.context} (from line {begun}): " if failure.context else ""
    return line, f"is not valid YAML: {context}{problem}"


def _line(node: Node) -> int:
    line: int = node.start_mark.line
    return line + 1
