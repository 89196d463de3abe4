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
"""Natural logarithm of how much likelier a text is in another language, from which on it is said to be in that. Of
225,000 statements in English four reach it, and of 83,000 texts fourteen: lists of names, Latin, names spelled in other
scripts. Sentences of five words in another language reach it."""
_BEGINNING = 4000
"""Characters of a text that are looked at."""
_ENGLISH = re.compile(
    r"\b(?:the|and|that|with|were|from|which|this|they|been|would|could|should|about)\b", re.IGNORECASE
)
"""Words that mark a text as English."""
_ENOUGH = 20
"""Words of a text, or fewer, of which one such word is enough: nearly all English has more, and is not looked at any
further, and a text in another language that names "The Guardian" is."""


def depends() -> dict[str, str]:
    """What a result depends on that rests on the language of a text: for ``Plugin.depends``."""
    return {"py3langid": version("py3langid")}


def other(text: str, tag: str) -> str | None:
    """ISO 639 code of the language that a text is surely in, where that is not the one of ``tag`` (RFC 5646)."""
    return beyond(text, {base_language(tag)})


def beyond(text: str, read: AbstractSet[str]) -> str | None:
    """ISO 639 code of the language that a text is surely in, where that is none of those that are ``read``."""
    return _other(text[:_BEGINNING], frozenset(read))


@lru_cache(maxsize=4096)
def _other(text: str, expected: frozenset[str]) -> str | None:
    if "en" in expected and _ENOUGH * len(_ENGLISH.findall(text)) >= max(1, len(text.split())):
        return None
    likelihoods = {str(code): float(value) for code, value in _identifier().rank(text)}
    known = [likelihoods[code] for code in expected if code in likelihoods]
    likeliest = max(likelihoods, key=likelihoods.__getitem__)
    return likeliest if known and likelihoods[likeliest] - max(known) > _SURE else None


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)
