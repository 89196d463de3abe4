"""Find the passage of an article that a fact quotes as evidence, or the nearest one."""

from __future__ import annotations

import re

from harness.records import Span

_LINE_END = re.compile(r"\r?\n")
_LONGEST = 600
"""Characters of a passage that are compared; the comparison takes time with the product of both lengths."""
_NEAR = 60.0
"""rapidfuzz's partial ratio (0 to 100) from which a passage is worth showing."""


def locate(passage: str, text: str) -> Span | None:
    """The first place where ``text`` has ``passage`` letter by letter, with any line ends."""
    found = re.search(_LINE_END.pattern.join(map(re.escape, _LINE_END.split(passage))), text) if passage else None
    return Span(found.start(), found.end(), found.group()) if found else None


def nearest(passage: str, text: str) -> Span | None:
    """The whole words of ``text`` that are most like ``passage``, by edit distance; None if nothing is."""
    from rapidfuzz.fuzz import partial_ratio_alignment

    passage = passage[:_LONGEST]
    alignment = partial_ratio_alignment(passage, text, score_cutoff=_NEAR)
    if alignment is None or len(passage) > len(text):
        return None
    start, end = alignment.dest_start, alignment.dest_end
    while 0 < start < len(text) and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while 0 < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    while start < end and not text[start].isalnum() and passage[:1].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum() and passage[-1:].isalnum():
        end -= 1
    return Span(start, end, text[start:end]) if end > start else None
