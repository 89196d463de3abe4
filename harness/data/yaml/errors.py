"""What the YAML parser found wrong, said so that a person knows what to type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

_HINTS = {
    "mapping values are not allowed here": "text with a colon and a space in it must stand in quotes",
    "found character '@'": "text that starts with @ must stand in quotes",
    "found character '`'": "text that starts with ` must stand in quotes",
    "found character '%'": "text that starts with % must stand in quotes",
    "found undefined alias": "text that starts with * must stand in quotes",
    "found unknown escape character": "write a backslash as \\\\, or use single quotes",
    "found unexpected end of stream": "a closing quote is missing",
    "but found '<block mapping start>'": "keys of one mapping stand in one column",
    "but found '?'": "keys of one mapping stand in one column",
    "expected ',' or ']'": "a list in brackets ends with ]; text with brackets in it must stand in quotes",
    "expected ',' or '}'": "a mapping in braces ends with }; text with braces in it must stand in quotes",
    "maximum depth": "write it flatter",
}


def explain(failure: YAMLError, text: str) -> tuple[int | None, str]:
    """(1-based line of the text, what is wrong there and what to do)."""
    from ruamel.yaml.error import MarkedYAMLError
    from ruamel.yaml.reader import ReaderError

    if isinstance(failure, ReaderError):
        return text.count("\n", 0, failure.position) + 1, f"the control character U+{failure.character:04X} must go"
    if isinstance(failure, MarkedYAMLError) and failure.problem_mark is not None:
        return _explain_marked(failure, text.split("\n"))
    return None, f"is not YAML: {failure}"


def _explain_marked(failure: MarkedYAMLError, lines: list[str]) -> tuple[int, str]:
    line: int = failure.problem_mark.line
    problem: str = failure.problem
    indent = re.match(r"\s*", lines[line]) if line < len(lines) else None
    if "'\\t'" in problem and indent and "\t" in indent.group():
        return line + 1, "is indented with a tab; indent with spaces"
    hints = [hint for words, hint in _HINTS.items() if words in problem]
    begun = failure.context_mark.line if failure.context_mark is not None else line
    where = f" (it starts {line - begun} {'line' if line - begun == 1 else 'lines'} above)" if begun < line else ""
    context = f"{failure.context}{where}: " if failure.context else ""
    return line + 1, "; ".join([f"is not YAML: {context}{problem.partition(', if necessary')[0]}", *hints])
