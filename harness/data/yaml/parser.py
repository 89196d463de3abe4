"""What the YAML parser is not asked for: scalars by the core schema of YAML 1.2, and its errors in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

_CONSTANTS: dict[str, object] = {
    **dict.fromkeys(["", "~", "null", "Null", "NULL"]),
    **dict.fromkeys(["true", "True", "TRUE"], True),
    **dict.fromkeys(["false", "False", "FALSE"], False),
    **dict.fromkeys([".nan", ".NaN", ".NAN"], float("nan")),
    **{sign + name: float(f"{sign}inf") for sign in ("", "+", "-") for name in (".inf", ".Inf", ".INF")},
}
_INTEGER = re.compile(r"[-+]?[0-9]{1,4000}")  # Python converts no more than 4,300 digits
_OCTAL_OR_HEXADECIMAL = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
BRACES = "text with braces in it must stand in quotes"
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
    "expected ',' or '}'": f"a mapping in braces ends with }}; {BRACES}",
    "maximum depth": "write it flatter",
}


def resolve(text: str) -> object:
    """What a plain scalar stands for in the core schema of YAML 1.2.2 (section 10.3.2).

    None, a truth value, a number, or the text itself. A date stays text, and so do yes and no.
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _OCTAL_OR_HEXADECIMAL.fullmatch(text):
        return int(text, 0)
    return float(text) if _FLOAT.fullmatch(text) else text


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
