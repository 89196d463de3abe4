"""The thoughts that some models write before an answer."""

from __future__ import annotations

OPEN, CLOSE = "<think>", "</think>"


def without_thoughts(text: str) -> str:
    """The answer alone: what follows the last ``</think>``; empty where a thought was begun and not closed.

    A chat template may put ``<think>`` into the prompt, so a text may hold the closing tag alone. An answer that quotes
    the tag is taken for a thought up to there.
    """
    answer = text.rpartition(CLOSE)[2].strip()
    return "" if answer.startswith(OPEN) else answer
