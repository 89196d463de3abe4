"""What stands in quotation marks or brackets, which no claim may cut."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc

# An apostrophe after a letter opens no quotation, and one before a letter closes none.
_CLOSED = re.compile(
    r'"[^"]*"|“[^”]*”|``.*?(?:\'\'|"|$)|‘.*?’(?!\w)|`.*?\'(?!\w)|(?<![\w\'])\'.*?(?<!\')\'(?![\w\'])'
    r"|\([^()]*\)|\[[^][]*\]|-lrb-.*?-rrb-|-LRB-.*?-RRB-|«[^»]*»|„[^“”]*[“”]"
)
_HALF = re.compile(r"^[^“”]*”|“[^”]*$|^[^()]*\)|\([^()]*$|^[^\"]*\"[^\"]*$")
"""What opens and does not close here, or closes and did not open."""


def quoted(doc: Doc) -> list[frozenset[int]]:
    """The tokens of each quotation and bracket."""
    text = doc.text
    matches = [*_CLOSED.finditer(text), *_HALF.finditer(_CLOSED.sub(_blank, text))]
    return [
        frozenset(token.i for token in doc if token.idx < match.end() and match.start() < token.idx + len(token))
        for match in matches
    ]


def cuts(area: Iterable[int], quotations: Iterable[frozenset[int]]) -> bool:
    """Whether the area has a part of a quotation only."""
    places = frozenset(area)
    return any(places & quotation and not quotation <= places for quotation in quotations)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
