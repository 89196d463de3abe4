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
_SHARE_OF_WORDS = 0.6
"""The share of a false version's words that a claim has, from which it may say it."""
_MAX_VERSIONS = 3
"""False versions that a claim is held against."""


def claims(generation: Generation, language: str) -> list[Span]:
    """The claims of a summary in their order, as places in its text; ``language`` is an ISO 639 code."""
    text = generation.text or ""
    cut = fragment(generation, language)
    return [
        sentence
        for sentence in sentences(text, language)
        if any(map(str.isalpha, sentence.text)) and not _is_heading(text, sentence) and sentence != cut
    ]


def denied(claim: str, facts: Iterable[Fact]) -> tuple[tuple[str, str], ...]:
    """The false versions of facts that a claim may say, those that it shares most words with, and their statements."""
    claim_words = set(words(claim))
    versions = [(text, fact.statement) for fact in facts for text in fact.contradictions]
    share = {
        text: len(claim_words & version_words) / len(version_words)
        for text, _ in versions
        if (version_words := set(words(text)))
    }
    near = sorted(
        (each for each in versions if share.get(each[0], 0) >= _SHARE_OF_WORDS), key=lambda each: -share[each[0]]
    )
    return tuple(near[:_MAX_VERSIONS])


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
