"""What a text must have to be an article or a reference, whether it stands in a folder or in a row."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from harness.seams import LONGEST_NAME
from harness.text import is_blank, words

_BEGINNING = 1000
"""Characters of a text that are looked at first, since nearly every article has two words in them."""


def _iso_8601(value: str) -> str:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("write a date as 2022-02-24") from None
    return value


def _language_tag(value: str) -> str:
    if not value.replace("-", "").isalnum() or not value.isascii():
        raise ValueError("write a language tag, such as en or pt-BR")
    return value


def _number_as_text(value: object) -> object:
    return str(value) if type(value) is int else value


Date = Annotated[str, AfterValidator(_iso_8601)]
Language = Annotated[str, AfterValidator(_language_tag)]
Name = Annotated[str, BeforeValidator(_number_as_text)]
"""Text, or a whole number as people write ids."""


def article_fault(text: str) -> str | None:
    """What keeps a text from being an article; None where nothing does."""
    if len(words(text[:_BEGINNING])) > 1:
        return None
    if is_blank(text):
        return "the article is empty; put its text here"
    tokens = words(text)
    if not tokens:
        return f"the article {text.strip()[:20]!r} has no word; put a text of at least one sentence here"
    if len(tokens) == 1:
        return f"the article has one word, {tokens[0][:20]!r}; put a text of at least one sentence here"
    return None


def reference_fault(text: str) -> str | None:
    """What keeps a text from being a reference; None where nothing does."""
    return "the reference is empty; put its text here, or remove it" if is_blank(text) else None


def name_fault(name: str) -> str | None:
    """What is wrong with an article's name, which stands in links, file names and commands; None where nothing is."""
    if not name.strip() or name in (".", ".."):
        return "give the article a name"
    if "/" in name or "\\" in name or not name.isprintable():
        return "an article's name holds no slash, backslash or control character; write a dash for each"
    if len(name.encode("utf-8", "replace")) > LONGEST_NAME:
        return f"an article's name has at most {LONGEST_NAME} bytes, as a file's has"
    return None
