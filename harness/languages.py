"""Which language a text is in, where that is sure: by py3langid, which brings its model (Lui and Baldwin 2012)."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from harness.text import base_language

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_SURE = 40.0
"""Natural logarithm of how much likelier a text is in another language, from which on it is said to be in that: of
13,000 statements in English none reaches it, and nearly all sentences of five words in another language do."""
_BEGINNING = 4000
"""Characters of a text that are looked at."""
_ENGLISH = re.compile(
    r"\b(?:the|and|that|with|were|from|which|this|they|been|would|could|should|about)\b", re.IGNORECASE
)
"""Words that no other language has: most English sentences have one, and are not looked at any further."""


def depends() -> dict[str, str]:
    """What a result depends on that rests on the language of a text: for ``Plugin.depends``."""
    return {"py3langid": version("py3langid")}


def other(text: str, tag: str) -> str | None:
    """ISO 639 code of the language that a text is surely in, where that is not the one of ``tag`` (RFC 5646)."""
    return _other(text[:_BEGINNING], frozenset({base_language(tag)}))


def beyond(text: str, read: AbstractSet[str]) -> str | None:
    """ISO 639 code of the language that a text is surely in, where that is none of those that are ``read``."""
    return _other(text[:_BEGINNING], frozenset(read))


@lru_cache(maxsize=4096)
def _other(text: str, expected: frozenset[str]) -> str | None:
    if "en" in expected and _ENGLISH.search(text):
        return None
    likelihoods = {str(code): float(value) for code, value in _identifier().rank(text)}
    known = [likelihoods[code] for code in expected if code in likelihoods]
    likeliest = max(likelihoods, key=likelihoods.__getitem__)
    return likeliest if known and likelihoods[likeliest] - max(known) > _SURE else None


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)
