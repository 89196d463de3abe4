"""Text from outside, made to mean nothing to Markdown."""

from __future__ import annotations

import re

from harness.document.plain import plain

_SPECIAL = re.compile(r"[\\`*_{}\[\]|~$]")
_BLOCK = re.compile(r"^(#|[-+=](?=[\s=-]|$)|\d+(?=[.)](?:\s|$)))")
_MENTION = re.compile(r"@(?=\w)")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def escape(text: str) -> str:
    """Text from outside, on one line, that means nothing to Markdown, to HTML or to a forge that reads mentions."""
    text = _SPECIAL.sub(r"\\\g<0>", plain(text))
    text = _BLOCK.sub(_escaped_start, text)
    # A joiner of no width: no backslash keeps a forge from calling whoever bears the name.
    return _MENTION.sub("@\N{WORD JOINER}", text).translate(_ENTITIES)


def _escaped_start(match: re.Match[str]) -> str:
    sign = match.group()
    return f"{sign}\\" if sign.isdigit() else f"\\{sign}"
