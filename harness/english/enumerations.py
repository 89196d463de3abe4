"""Lists: how many things a sentence names side by side, which it need not count itself."""

from __future__ import annotations

from harness.english.sentence import Sentence

_LEAST = 3
"""Two side by side are too common to be what a number counts."""


def lengths(sentence: Sentence) -> frozenset[int]:
    """The lengths of its lists of nouns and names: of ``France, Spain and Italy`` 3."""
    heads = (index for index, word in enumerate(sentence.words) if word.pos in ("NOUN", "PROPN") and word.dep != "conj")
    return frozenset(length for head in heads if (length := _length(sentence, head)) >= _LEAST)


def _length(sentence: Sentence, index: int) -> int:
    return 1 + sum(
        _length(sentence, child) for child in sentence.children[index] if sentence.words[child].dep == "conj"
    )
