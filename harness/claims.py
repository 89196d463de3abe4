"""The claims of a summary: its sentences, each put to the article by itself.

What has no letter says nothing and is no claim, such as the "2." of a list that runs on in one line; nor is a heading,
such as "Summary:" or "Title: Council approves tram", nor a last sentence that the token limit cut off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from harness.records import Fact, Generation, Item, Pair, Span
from harness.text import is_ended, normalise, sentences, words

_HEADING = re.compile(
    r"\W*\w+(?:\W+\w+){0,3}\W*:\W*|\W*(?:[^.!,:\n]{1,40}[.!,:]\s+){0,2}here\b.{0,80}:\W*", re.IGNORECASE
)
"""Up to four words, or what begins with "here" behind a greeting or two ("Sure!"), and then a colon."""
_MARKED = re.compile(r"#{1,6}\s.*|(\*\*|__)[^*_]+\1")
"""A heading of Markdown, or a line that is bold as a whole."""
_NAMED = 2
"""Words that a line without an end mark has at the most, before a blank line, where it only names what follows."""
_TITLE = re.compile(r"\W*(?:title|subtitle|headline|heading|subject|topic)\W*:.*", re.IGNORECASE)
"""What says that it is a title, and then what the title is: no sentence, where it has no end mark."""
_FACTS = 3
"""Facts that a claim is held against."""
_FALSE_VERSIONS = 2
"""False versions of facts that a claim is checked against."""
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


def pair_of(claim: str, item: Item) -> Pair:
    """The question whether an article supports a claim, with what an editor wrote of it."""
    return Pair.of_claim(
        item.article,
        claim,
        nearest_facts(claim, item.facts),
        denied_fact(claim, item.facts),
        nearest_false_versions(claim, item.facts),
    )


def nearest_false_versions(claim: str, facts: Iterable[Fact]) -> tuple[tuple[str, str], ...]:
    """The false versions of facts that share the most words with a claim, nearest first, each with its fact."""
    claim_words = set(words(claim))
    shared = {
        (false, fact.statement): len(claim_words & set(words(false))) for fact in facts for false in fact.contradictions
    }
    near = sorted((each for each in shared if shared[each] >= _SHARED_WORDS), key=lambda each: -shared[each])
    return tuple(near[:_FALSE_VERSIONS])


def denied_fact(claim: str, facts: Iterable[Fact]) -> str:
    """The fact that a claim is a false version of, word for word; '' where there is none."""
    said = _spelled(claim)
    denied = (fact.statement for fact in facts if any(_spelled(text) == said for text in fact.contradictions))
    return next(denied, "")


def _spelled(text: str) -> str:
    """A text without what says nothing: case, white space, the marks at its end."""
    return " ".join(normalise(text).casefold().split()).rstrip(" .!")


def fragment(generation: Generation, language: str) -> Span | None:
    """The last sentence of a summary, where the token limit cut it off; None where there is no such sentence."""
    if generation.finish != "length":
        return None
    *_, last = (None, *sentences(generation.text or "", language))
    return None if last is None or is_ended(last.text) else last


def _is_heading(text: str, sentence: Span) -> bool:
    """Whether its line only says that something follows ("Summary:", "Sure! Here is a summary:"), or is a title."""
    before, after = text[: sentence.start].rpartition("\n")[2], text[sentence.end :].partition("\n")
    line = f"{before}{sentence.text}{after[0]}".strip()
    if _HEADING.fullmatch(line):
        return True
    if is_ended(line):
        return False
    is_name = not before.strip() and len(words(line)) <= _NAMED and re.match(r"[^\S\n]*\n", after[2]) is not None
    return is_name or bool(_TITLE.fullmatch(line) or _MARKED.fullmatch(line))
