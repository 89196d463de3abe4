"""Tell if a text contains a sentence word for word, in any language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from harness.records import Span
from harness.text import is_ended, normalise, sentences, words

_MARKS = re.compile(r"[^\w\s]+")
_MEANINGFUL_CATEGORIES = frozenset({"Sm", "So", "Sc"})
"""Unicode categories of mathematical, currency and other symbols; these always change the meaning."""
_MEANINGFUL = re.compile(
    r"[?؟%‰]"
    r"|(?<!\w)-(?=[^\w\s]?\d)|(?<!\w)[*#](?=\d)|(?<=\w)[-*#](?![-\w*#])"  # -5, #1, BBB-
    r"|(?<=\d)[^\w\s](?=\d)|(?<![\w.])\.(?=\d)"  # 1.5 and 1:5, .5
    r"|(?<=\d)['\"]"  # 6' and 6"
)
"""Punctuation that changes the meaning of a sentence."""
_BRACKETED_NUMBER = re.compile(r"\d[\d.,]*[^\w\s]?\)")
"""A number in brackets, without the opening one. In accounts, (3.2) is a loss."""
_QUOTED = re.compile(r"(?<!\w)(['\"])(?=\S)(.{0,300}?\S)\1(?!\w)")
_QUESTION = re.compile(r"(?<!\W)[^\w?؟]*[?؟]\W*$")  # tries each run of marks once, so that time is linear
_COLON = re.compile(r"(?<!\W)[^\w:：]*[:：]\W*$")


def is_verbatim(premise: str, hypothesis: str, language: str = "en") -> bool:
    """True if the hypothesis has words and each of its sentences is one of the premise's.

    Case does not matter, nor does punctuation that does not change the meaning. An answer to a question, an item of a
    list after a colon, and the rest of a broken line count only together with the text that they depend on.
    """
    stated = frozenset(_read_in_context(hypothesis, language))
    return bool(words(hypothesis)) and stated <= _collect_sentences(premise, language)


@lru_cache(maxsize=256)
def _collect_sentences(premise: str, language: str) -> frozenset[tuple[str, ...]]:
    return frozenset(_read_in_context(premise, language))


def _read_in_context(text: str, language: str) -> Iterator[tuple[str, ...]]:
    """Yield the tokens of each sentence, after those of the sentence that it depends on."""
    previous = Span(0, 0, "")
    tokens: tuple[str, ...] = ()
    introduction: tuple[str, ...] = ()
    for number, sentence in enumerate(sentences(text, language)):
        between = text[previous.end : sentence.start]
        starts_line = "\n" in between
        is_after_heading = number == 1 and sentence.text[:1].isupper()
        continues = between.strip(" \t\r") == "\n" and not is_ended(previous.text) and not is_after_heading
        if starts_line and _COLON.search(previous.text):
            introduction = tokens
        elif starts_line and not between.strip() and not continues:
            introduction = ()
        context = tokens if continues or _QUESTION.search(previous.text) else introduction
        previous, tokens = sentence, _tokenize(sentence.text)
        yield (*context, *tokens)


def _tokenize(sentence: str) -> tuple[str, ...]:
    """Return the words of a sentence, and the punctuation that changes its meaning."""
    text = _QUOTED.sub(r" \2 ", normalise(sentence).replace("−", "-"))
    tokens: list[str] = []
    at = 0
    for run in _MARKS.finditer(text):
        is_loss = "(" in run[0] and _BRACKETED_NUMBER.match(text, run.end())
        for start, mark in enumerate(run[0], start=run.start()):
            is_symbol = unicodedata.category(mark) in _MEANINGFUL_CATEGORIES
            if is_symbol or (is_loss and mark == "(") or _MEANINGFUL.match(text, start):
                tokens += [*words(text[at:start]), mark]
                at = start + 1
    return (*tokens, *words(text[at:]))
