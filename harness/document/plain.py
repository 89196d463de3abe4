"""Make text from outside safe to display: no escape codes, no reversed writing, nothing that cannot be encoded."""

from __future__ import annotations

import re

# C0 and C1 controls except tab and newline, line and paragraph separators, bidirectional embeddings, overrides and
# isolates, lone surrogates. Joiners and directional marks stay, because scripts need them.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n?")
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def visible(text: str) -> str:
    r"""Write unsafe characters as escapes (``\x1b``, ``\u202e``); keep line breaks."""
    return _UNSAFE.sub(_escape, _LINE_END.sub("\n", text))


def visible_json(text: str) -> str:
    r"""Escape unsafe characters in JSON (``\u009b``); the data stays the same."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def plain(text: str) -> str:
    """Put the text on one line, for a terminal or a table cell."""
    return " ".join(visible(text).split())


def guard_formula(value: object) -> object:
    """Put an apostrophe in front of text that a spreadsheet would take for a formula; other values stay as they are."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
