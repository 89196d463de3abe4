"""The claims of a summary: its sentences, each put to the article by itself.

What has no letter says nothing and is no claim, such as the "2." of a list that runs on in one line; nor is a heading,
such as "Summary:" or "Title: Council approves tram", nor a last sentence that the token limit cut off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from harness.records import Fact, Generation, Span
from harness.text import is_ended, sentences, words

_HEADING = re.compile(r"\W*\w+(?:\W+\w+){0,3}\W*:\W*|\W*here\b.{0,80}:\W*", re.IGNORECASE)
"""Up to four words, or what begins with "here", and then a colon."""
_TITLE = re.compile(r"\W*(?:title|subtitle|headline|heading|subject|topic)\W*:.*", re.IGNORECASE)
"""What says that it is a title, and then what the title is: no sentence, where it has no end mark."""
_FACTS = 3
"""Facts that a claim is held against."""
_SHARED_WORDS = 2
"""The least number of words that such a fact shares with it."""


def claims(generation: Generation, language: str) -> list[Span]:
    """The claims of a summary in their order, as places in its text; ``language`` is an ISO 639 code."""
    text = generation.text or ""
    cut = fragment(generation, language)
    return [
        sentence
        for sentence in sentences(text, language)
        if any(map(str.isalpha, sentence.text)) and not _is_heading(text, sentence) and sentence != cut
    ]


def nearest_facts(claim: str, facts: Iterable[Fact]) -> tuple[str, ...]:
    """The facts that share the most words with a claim, the nearest first, each in its wording that shares the most."""
    claim_words = set(words(claim))

    def shared(text: str) -> int:
        return len(claim_words & set(words(text)))

    wordings = (max((fact.statement, *fact.accepted), key=shared) for fact in facts)
    near = sorted((text for text in wordings if shared(text) >= _SHARED_WORDS), key=shared, reverse=True)
    return tuple(near[:_FACTS])


def fragment(generation: Generation, language: str) -> Span | None:
    """The last sentence of a summary, where the token limit cut it off; None where there is no such sentence."""
    if generation.finish != "length":
        return None
    *_, last = (None, *sentences(generation.text or "", language))
    return None if last is None or is_ended(last.text) else last


def _is_heading(text: str, sentence: Span) -> bool:
    """Whether a line by itself only says that something follows ("Summary:", "Here is a summary:"), or is a title."""
    around = text[: sentence.start].rpartition("\n")[2] + text[sentence.end :].partition("\n")[0]
    is_title = _TITLE.fullmatch(sentence.text) and not is_ended(sentence.text)
    return not around.strip() and bool(is_title or _HEADING.fullmatch(sentence.text))
