"""Helpers to render and parse a report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from harness.document import terminal
from harness.records import Results
from harness.report import document


def render_in_terminal(results: Results, width: int = 80) -> str:
    """What is printed, without colours."""
    return terminal.render(document.build_overview(results), width)


VOID = {"meta", "link", "br", "hr", "img", "input", "wbr"}
"""Elements without an end tag."""


@dataclass
class Element:
    """An element with its attributes, its children and the text among them, in order."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    def all(self) -> Iterator[Element]:
        """The element and all below it."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.all()

    def text(self) -> str:
        """All text below it except that of links."""
        parts = (child if isinstance(child, str) else child.text() for child in self.children)
        return "" if self.tag == "a" else "".join(parts)


class Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("root", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(page: str) -> Element:
    """The page as a tree; fails if tags do not nest or an id is given twice."""
    parser = Parser()
    parser.feed(page)
    parser.close()
    assert parser.open == [parser.root]
    ids = [element.attributes["id"] for element in parser.root.all() if "id" in element.attributes]
    assert len(ids) == len(set(ids)), [name for name in ids if ids.count(name) > 1]
    return parser.root
