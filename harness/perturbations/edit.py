"""The record of an edit, and how changes of a text become one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from rapidfuzz.distance import Postfix, Prefix

from harness.checker_en.forms import agreed
from harness.records import Span
from harness.text import normalise

Kind = Literal[
    "number", "date", "name", "negation", "antonym", "actors", "invention", "attribution", "paraphrase"
]  # fmt: skip  # one kind after the other, in the order of every table
ALL: tuple[Kind, ...] = get_args(Kind)
HARMLESS: frozenset[Kind] = frozenset({"paraphrase"})
"""Kinds that keep the meaning; every other makes an error."""

_SENTENCE_START = re.compile(r"(?:^|[.!?:][\"'”’)]*\s+|\n\s*)[\"'“‘(]*$")
_PLURAL = ("Netherlands", "Philippines", "States", "Nations", "Emirates")


@dataclass(frozen=True, slots=True)
class Edit:
    """A text with one thing changed."""

    kind: Kind
    text: str
    """The whole edited text."""
    span: Span
    """The stretch of the edited text that is new; empty where something was only taken out."""
    original: Span
    """The stretch of the old text that it stands for; empty where something was only put in."""


@dataclass(frozen=True, slots=True)
class Change:
    """``old[start:end]`` becomes ``text``."""

    start: int
    end: int
    text: str


def edited(kind: Kind, old: str, changes: Sequence[Change]) -> Edit | None:
    """The changes as one edit, capitals and a/an made right; None where nothing but punctuation would change."""
    new = old
    for change in sorted(changes, key=lambda change: change.start, reverse=True):
        text = change.text[:1].upper() + change.text[1:] if _opens_a_sentence(old, change) else change.text
        after = new[change.end :]
        if text.endswith(_PLURAL):
            after = re.sub(r"^(['’])s", r"\1", after)  # the Netherlands' support
        elif old[change.start : change.end].endswith(_PLURAL):
            after = re.sub(r"^(['’])(?!\w)", r"\1s", after)  # and Germany's in its place
        new = agreed(new[: change.start] + text + after, change.start)
    return None if _bare(new) == _bare(old) else Edit(kind, new, *_stretches(new, old))


def _opens_a_sentence(old: str, change: Change) -> bool:
    first = old[change.start : change.start + 1]
    return (first.isupper() or first.isdigit()) and _SENTENCE_START.search(old[: change.start]) is not None


def _bare(text: str) -> str:
    """What must differ: the text without case, spacing and marks."""
    return "".join(re.findall(r"[\w$€£%]+|(?<=\w)\.(?=\d)", normalise(text).casefold()))


def _stretches(new: str, old: str) -> tuple[Span, Span]:
    """Where the two texts differ, in whole words and without white space at the ends."""
    start = Prefix.similarity(new, old)
    end = min(Postfix.similarity(new, old), min(len(new), len(old)) - start)
    while start and (_inner(new, start) or _inner(old, start)):
        start -= 1
    while end and (_inner(new, len(new) - end) or _inner(old, len(old) - end)):
        end -= 1
    return _span(new, start, len(new) - end), _span(old, start, len(old) - end)


def _inner(text: str, at: int) -> bool:
    """Whether a word goes on across this place."""
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _span(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return Span(start, start + len(piece.strip()), piece.strip())
