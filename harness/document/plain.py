"""Text from outside, made harmless to look at: no escape codes, no reversed writing, nothing that cannot be encoded."""

from __future__ import annotations

import re

# C0 and C1 controls but tab and newline; line and paragraph separators; bidirectional embeddings, overrides and
# isolates; lone surrogates. The joiners and directional marks that scripts need are left.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n?")


def visible(text: str) -> str:
    r"""The text with each unsafe character written out (``\x1b``, ``\u202e``); its lines stay."""
    return _UNSAFE.sub(_escape, _LINE_END.sub("\n", text))


def visible_json(text: str) -> str:
    r"""JSON with each unsafe character of its strings written as JSON does (``\u009b``): it holds the same data."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def plain(text: str) -> str:
    """The text on one line, for a terminal or a table cell: every run of white space is one space."""
    return " ".join(visible(text).split())


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
