"""Where each fact and each of its keys stands in the text of ``facts.yaml``, so that an edit touches nothing else.

A YAML writer lays out the whole file anew. ruamel.yaml's round trip, told to keep quotes and not to wrap, joins a text
that was wrapped, moves a comment from a dash's line to above it, and leaves one space of several before a comment. Here
the text is cut at the places that the parser reports, and only the lines of one entry are written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.data.checked import refused

if TYPE_CHECKING:
    from ruamel.yaml.nodes import MappingNode, SequenceNode

KEYS = ("id", "statement", "importance", "kind", "evidence", "accepted", "contradictions", "unreviewed")
"""The order in which the keys of a new entry are written."""


@dataclass(frozen=True, slots=True)
class KeyLines:
    """A key of an entry: ``body`` is the key and its value, ``tail`` the rest of its lines and the comments below."""

    key: str
    body: str
    tail: str


@dataclass(frozen=True, slots=True)
class Entry:
    """The whole lines of one fact. ``dash`` is what stands before its first key, ``indent`` before the others."""

    start: int
    end: int
    dash: str
    indent: str
    pieces: tuple[KeyLines, ...]

    @property
    def column(self) -> int:
        """How many spaces stand before the dash."""
        return len(self.dash) - len(self.dash.lstrip(" "))

    @property
    def text(self) -> str:
        """The lines as they stand in the file."""
        first, *others = self.pieces
        return "".join(
            [self.dash, first.body, first.tail, *(self.indent + piece.body + piece.tail for piece in others)]
        )

    def with_value(self, key: str, value: object) -> Entry:
        """The entry with another value; with the key added after those that it follows, or taken away for None."""
        places = {piece.key: index for index, piece in enumerate(self.pieces)}
        pieces = list(self.pieces)
        if key not in places:
            if value is None:
                return self
            before = [places[name] for name in KEYS[: KEYS.index(key)] if name in places]
            pieces.insert(max(before) + 1, KeyLines(key, self._body(key, value), "\n"))
        elif value is None:
            removed = pieces.pop(places[key])
            above = max(places[key] - 1, 0)
            pieces[above] = replace(pieces[above], tail=pieces[above].tail + removed.tail.partition("\n")[2])
        else:
            piece = pieces[places[key]]
            body = self._relisted(piece, value) if isinstance(value, list) else None
            pieces[places[key]] = replace(piece, body=body or self._body(key, value))
        return replace(self, pieces=tuple(pieces))

    def _body(self, key: str, value: object) -> str:
        return indented(written({key: value}), self.indent)

    def _relisted(self, piece: KeyLines, items: Sequence[str]) -> str | None:
        """The key with other items in its list; None where the list is in brackets, empty, or defined elsewhere.

        An item that was there keeps its lines, with the comments above and behind it.
        """
        from ruamel.yaml import YAML
        from ruamel.yaml.composer import ComposerError
        from ruamel.yaml.nodes import ScalarNode, SequenceNode
        from ruamel.yaml.tokens import BlockEntryToken

        text = self.indent + piece.body
        yaml = YAML(typ="safe", pure=True)
        try:
            [(_, node)] = yaml.compose(text).value
        except ComposerError:  # an alias: its anchor stands elsewhere in the file
            return None
        block = isinstance(node, SequenceNode) and not node.flow_style
        if not block or not items or not all(isinstance(item, ScalarNode) for item in node.value):
            return None
        lines = text.split("\n")
        dashes = [token.start_mark.line for token in yaml.scan(text) if isinstance(token, BlockEntryToken)]
        starts = [_with_comments(lines, line) for line in dashes]
        kept: dict[str, list[str]] = {}
        for item, (start, end) in zip(node.value, pairwise([*starts, len(lines)]), strict=True):
            kept.setdefault(item.value, lines[start:end])
        dash = " " * node.start_mark.column + "- "
        new = [kept.get(item) or [dash + written({"x": [item]}).partition("- ")[2]] for item in items]
        return "\n".join([*lines[: starts[0]], *chain.from_iterable(new)]).removeprefix(self.indent)


def layout(text: str, path: Path) -> list[Entry]:
    """Where the facts stand in the text of a file that holds a list of them, in order.

    DataError where they are written in brackets or braces, which cannot be edited line by line.
    """
    from ruamel.yaml import YAML

    root = YAML(typ="safe", pure=True).compose(text)
    facts: SequenceNode = next(value for key, value in root.value if key.value == "facts")
    if not facts.value:
        return []
    if braced := next((node for node in (facts, *facts.value) if node.flow_style), None):
        remedy = "write each fact from a line - id: NAME on, a key a line, to edit it from here"
        raise refused(path, f"is written in brackets; {remedy}", braced.start_mark.line + 1)
    starts = [*_dashes(text, facts), facts.end_mark.index]
    ends = [_trimmed(text, start, end, facts.start_mark.column) for start, end in pairwise(starts)]
    return [_entry(text, start, end, node) for start, end, node in zip(starts[:-1], ends, facts.value, strict=True)]


def written(data: Mapping[str, object]) -> str:
    """Keys and values as YAML in block style, without a last line break; long text is not wrapped."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 2**20
    stream = StringIO()
    yaml.dump({key: _escaped(value) for key, value in data.items()}, stream)
    return stream.getvalue().rstrip("\n")


def _escaped(value: object) -> object:
    """Text with line breaks and the like in double quotes: the writer's other styles lose some of them."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    if isinstance(value, list):
        return [_escaped(item) for item in value]
    return DoubleQuotedScalarString(value) if isinstance(value, str) and not value.isprintable() else value


def indented(text: str, indent: str) -> str:
    """The text with every line but the first moved to the right."""
    return re.sub(r"\n(?=[^\n])", f"\n{indent}", text)


def _dashes(text: str, facts: SequenceNode) -> list[int]:
    """Where the lines start that the facts start on."""
    from ruamel.yaml import YAML
    from ruamel.yaml.tokens import BlockEntryToken

    marks = [token.start_mark for token in YAML(typ="safe", pure=True).scan(text) if isinstance(token, BlockEntryToken)]
    return [
        mark.index - mark.column
        for mark in marks
        if mark.column == facts.start_mark.column and facts.start_mark.index <= mark.index < facts.end_mark.index
    ]


def _entry(text: str, start: int, end: int, node: MappingNode) -> Entry:
    keys = [key.start_mark for key, _ in node.value]
    column = keys[0].column
    ends = [*(key.index - key.column for key in keys[1:]), end]
    pieces = []
    for (key, value), key_end in zip(node.value, ends, strict=True):
        body_end = _value_end(text, key.start_mark.index, key_end, value, column)
        pieces.append(KeyLines(key.value, text[key.start_mark.index : body_end], text[body_end:key_end]))
    return Entry(start, end, text[start : keys[0].index], " " * column, tuple(pieces))


def _value_end(text: str, start: int, end: int, value: Any, column: int) -> int:
    """Where a value ends. The parser's mark is exact but for block style, where it is the next token's; of an alias it
    is that of the value that has the anchor."""
    from ruamel.yaml.nodes import ScalarNode

    if value.start_mark.index < start:
        return _trimmed(text, start, end, column) - 1
    block = value.style in ("|", ">") if isinstance(value, ScalarNode) else not value.flow_style
    if not block:
        mark: int = value.end_mark.index
        return mark
    return _trimmed(text, start, end, column) - 1


def _trimmed(text: str, start: int, end: int, column: int) -> int:
    """The end of the last line between that is neither blank nor a comment as far to the left as ``column``."""
    outside = re.compile(rf"\s*\Z| {{0,{column}}}#")
    lines = re.findall(r"[^\n]*\n|[^\n]+", text[start:end])
    while lines and outside.match(lines[-1]):
        lines.pop()
    return start + sum(map(len, lines))


def _with_comments(lines: Sequence[str], dash: int) -> int:
    """The first of the comments and blank lines that stand above an item."""
    while dash > 1 and (not lines[dash - 1].strip() or lines[dash - 1].lstrip().startswith("#")):
        dash -= 1
    return dash
