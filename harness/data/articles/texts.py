"""Check the texts and names of articles and references. Types of an article's language, date and name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from harness.records import Part
from harness.seams import LONGEST_NAME
from harness.text import is_blank, words

_BETWEEN = "\n\n"
_BEGINNING = 1000
"""Number of characters to check first; nearly every article has two words there."""


def _check_date(value: str) -> str:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("write a date in the form 2022-02-24") from None
    return value


def _check_language(value: str) -> str:
    if not value.replace("-", "").isalnum() or not value.isascii():
        raise ValueError("write a language tag, e.g. en or pt-BR")
    return value


Date = Annotated[str, AfterValidator(_check_date)]
Language = Annotated[str, AfterValidator(_check_language)]
Name = Annotated[str, BeforeValidator(lambda value: str(value) if type(value) is int else value)]


def article_fault(text: str) -> str | None:
    """Explain why a text cannot be an article; None if it can."""
    if len(words(text[:_BEGINNING])) > 1:
        return None
    if is_blank(text):
        return "the article is empty; put its text here"
    tokens = words(text)
    if len(tokens) > 1:
        return None
    found = f"one word, {tokens[0][:20]!r}" if tokens else f"no words, only {text.strip()[:20]!r}"
    return f"the article has {found}; put a text of at least one sentence here"


def join_documents(documents: Sequence[tuple[str, str]]) -> tuple[str, tuple[Part, ...]]:
    """Join documents, each (name, text), with blank lines; return the whole text and each document's place in it."""
    parts: list[Part] = []
    start = 0
    for name, text in documents:
        parts.append(Part(name, start, start + len(text)))
        start += len(text) + len(_BETWEEN)
    return _BETWEEN.join(text for _, text in documents), tuple(parts)


def reference_fault(text: str) -> str | None:
    return "the reference is empty; put its text here, or remove it" if is_blank(text) else None


def name_fault(name: str) -> str | None:
    """Explain why an article cannot have a name; None if it can. Names appear in links, file names and commands."""
    if not name.strip() or name in (".", ".."):
        return "give the article a name"
    if "/" in name or "\\" in name or not name.isprintable():
        return "replace slashes, backslashes and control characters with dashes"
    if len(name.encode("utf-8", "replace")) > LONGEST_NAME:
        return f"write a name of at most {LONGEST_NAME} bytes, as for a file"
    return None
