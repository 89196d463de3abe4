"""What a Markdown document is built of: lists, tables, folded parts, and as many parts as a forge takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

LIMIT = 60_000
"""Characters of a document; GitHub takes 65,536 in a comment."""


def fitted(parts: Iterable[Iterable[str]], rest: str) -> str:
    """The document: its parts, each of lines, as far as they fit; ``rest`` says where the others are to be found.

    A part stands there whole or not at all, and nothing after one that does not fit. It ends in one line break.
    """
    lines: list[str] = []
    length = 0
    for part in parts:
        text = list(part)
        length += sum(len(line) + 1 for line in text)
        if length > LIMIT:
            lines += [f"*{rest}*", ""]
            break
        lines += text
    return "\n".join(lines).rstrip() + "\n"


def bullets(entries: Iterable[str]) -> Iterator[str]:
    """A list with a blank line after it; nothing where there are no entries."""
    found = [f"- {entry}" for entry in entries]
    yield from (*found, "") if found else ()


def folded(title: str, lines: Iterable[str]) -> Iterator[str]:
    """Lines that a reader unfolds; nothing where there are none."""
    inside = list(lines)
    if any(inside):
        yield from ("<details>", f"<summary>{title}</summary>", "", *inside, "</details>", "")


def grid(heads: Sequence[str], rows: Iterable[Sequence[str]], align: str = "---:") -> Iterator[str]:
    """A table; ``align`` is the rule under each head but the first, which is text."""
    yield f"| {' | '.join(heads)} |"
    yield f"| :--- |{f' {align} |' * (len(heads) - 1)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""
