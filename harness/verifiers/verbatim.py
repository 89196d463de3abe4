"""Whether a premise has a hypothesis word for word."""

from __future__ import annotations

from functools import lru_cache

from harness.text import sentences, words


def verbatim(premise: str, hypothesis: str, language: str = "en") -> bool:
    """Whether the hypothesis has words, and every sentence of it is one of the premise's, but for case and marks."""
    asked = [tuple(words(sentence.text)) for sentence in sentences(hypothesis, language)]
    return any(asked) and all(sentence in _sentences(premise, language) for sentence in asked)


@lru_cache(maxsize=256)
def _sentences(premise: str, language: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words(sentence.text)) for sentence in sentences(premise, language))
