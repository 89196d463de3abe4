"""Check the texts of articles and references, and the values that describe an article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator

from harness.data.validation import STRICT
from harness.records import Part
from harness.seams import LONGEST_NAME
from harness.text import is_blank, is_ended, words

_BETWEEN = "\n\n"


def _check_date(value: str) -> str:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("write a date in the form 2022-02-24") from None
    return value


def _check_language(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", value):  # RFC 5646, without reserved languages
        raise ValueError("write a language tag, e.g. en or pt-BR")
    return value


def _check_id(value: str) -> str:
    """Raise ValueError for an id that cannot be part of a link, a file name and a command."""
    if not value.strip() or value in (".", ".."):
        raise ValueError("give the article a name")
    if "/" in value or "\\" in value or not value.isprintable():
        raise ValueError("replace slashes, backslashes and control characters with dashes")
    if len(value.encode("utf-8", "replace")) > LONGEST_NAME:
        raise ValueError(f"write a name of at most {LONGEST_NAME} bytes, the limit for file names")
    return value


Name = Annotated[str, BeforeValidator(lambda value: str(value) if type(value) is int else value)]
ArticleId = Annotated[Name, AfterValidator(_check_id)]
Language = Annotated[str, AfterValidator(_check_language)]


class ArticleMatter(BaseModel):
    """The values that describe an article, in front matter or in a row."""

    model_config = STRICT

    title: str = ""
    language: Language = "en"
    date: Annotated[str, AfterValidator(_check_date)] | None = None
    source: str = ""


def find_text_fault(text: str) -> str | None:
    """Explain why a text cannot be an article, or return None if it can."""
    if len(words(text[:100])) > 1:  # nearly every article has two words there
        return None
    if is_blank(text):
        return "the article is empty; put its text here"
    tokens = words(text)
    if len(tokens) > 1:
        return None
    found = f"one word, {tokens[0][:20]!r}" if tokens else f"no words, only {text.strip()[:20]!r}"
    return f"the article has {found}; put a text of at least one sentence here"


def is_label(text: str) -> bool:
    """True for bylines, headings and times: ``By our sports staff``, ``Updated 16:40.``"""
    spoken = [word for word in words(text) if word[0].isalpha()]
    return len(spoken) < 2 or (not is_ended(text) and (len(spoken) < 6 or re.match(r"\W*By [A-Z]", text) is not None))


def join_documents(documents: Sequence[tuple[str, str]]) -> tuple[str, tuple[Part, ...]]:
    """Join documents, each (name, text), with blank lines; return the whole text and each document's place in it."""
    parts: list[Part] = []
    start = 0
    for name, text in documents:
        parts.append(Part(name, start, start + len(text)))
        start += len(text) + len(_BETWEEN)
    return _BETWEEN.join(text for _, text in documents), tuple(parts)
