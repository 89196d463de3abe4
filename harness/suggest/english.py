"""English words and sentences: spaCy's analysis, verb forms by lemminflect's lexicon, and ``a`` or ``an`` by sound.

spaCy is imported when a text is first read, and without torch, which the packaged model does not need: importing torch
takes seconds and 180 MB.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from threading import get_ident
from typing import TYPE_CHECKING

from harness.text import replace_surrogates
from harness.weights import store

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

_APOSTROPHE = re.compile(r"(?<=\w)’(?=\w)")

_ARTICLE = re.compile(r"\b([Aa])n?(?=\s+[\"'“‘(]*$)")
_NEXT = re.compile(r"\s*[\"'“‘($£€]*([\w.]+)")

_SILENT_H = ("hour", "honest", "honor", "honour", "heir")
_LIKE_YOU = ("uni", "unani", "use", "usa", "usu", "util", "uto", "eu", "ura", "ubi", "uk")
"""Beginnings of words that start with a vowel letter but the sound of ``you``."""
_BY_SOUND = ("unin", "unim", "unid")
"""Exceptions that begin with a vowel sound: uninjured, unimportant, unidentified."""
_LETTERS = frozenset("AEFHILMNORSX8")
"""Letters whose names begin with a vowel: an FBI agent, an NHS trust."""
_SPOKEN = frozenset({"NATO", "NASA", "FIFA", "NASDAQ", "SARS", "MERS", "LASER", "SWAT"})
"""Acronyms read as words that begin with a consonant."""


@lru_cache(maxsize=256)
def parse(text: str) -> Doc:
    """Parse a text; token offsets are offsets into ``text``. Raises StoreError if the model cannot be loaded."""
    # the parser was trained on straight apostrophes, which are as long as curly ones
    return _language()(_APOSTROPHE.sub("'", replace_surrogates(text)))


def end(token: Token) -> int:
    """Return the character offset after a token."""
    return int(token.idx + len(token))


def neighbour(token: Token, step: int) -> Token | None:
    """Return the token ``step`` places away, or None."""
    at = token.i + step
    return token.doc[at] if 0 <= at < len(token.doc) else None


def neighbour_word(token: Token, step: int) -> str:
    """Return the word ``step`` places away in lower case, or ''."""
    near = neighbour(token, step)
    return near.lower_ if near is not None else ""


def child(token: Token, *dependencies: str) -> Token | None:
    """Return the first child with one of these dependencies."""
    return next((other for other in token.children if other.dep_ in dependencies), None)


def find_auxiliaries(verb: Token) -> Iterator[Token]:
    return (other for other in verb.lefts if other.dep_ in ("aux", "auxpass"))


@lru_cache(maxsize=1)
def _language() -> Language:
    hider = _TorchHider()
    sys.meta_path.insert(0, hider)
    try:
        import spacy
    finally:
        sys.meta_path.remove(hider)
    return spacy.load(store.path("en-core-web-sm"))


class _TorchHider:
    """An import hook that makes torch look uninstalled to the thread that created the hook."""

    def __init__(self) -> None:
        self._thread = get_ident()

    def find_spec(self, name: str, *_: object) -> None:
        if name == "torch" and get_ident() == self._thread:
            raise ModuleNotFoundError("spaCy does not need torch here", name=name)


# Words ----------------------------------------------------------------------------------------------------------------


def word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


@lru_cache(maxsize=4096)
def inflect(lemma: str, tag: str) -> str | None:
    """Return the form of a verb for a Penn Treebank tag such as ``VBD``, or None if the lexicon lacks the verb."""
    from lemminflect import getInflection

    if (lemma, tag) == ("lie", "VBD"):
        return "lied"  # the lexicon's first form is "lay"
    if tag in ("VB", "VBP"):
        return lemma
    forms = getInflection(lemma, tag, inflect_oov=False)  # a guessed form might not be a word
    return str(forms[0]) if forms else None


def lemma(token: Token) -> str:
    """Return spaCy's lemma, or the lexicon's if spaCy's lacks this form: ``hop`` has no form ``hopes``."""
    from lemminflect import getAllLemmas

    parsed = str(token.lemma_).lower()
    if token.pos_ != "VERB" or inflect(parsed, token.tag_) in (token.lower_, None):
        return parsed
    forms = getAllLemmas(token.lower_, "VERB").get("VERB", ())
    return next((form for form in forms if inflect(form, token.tag_) == token.lower_), parsed)


@lru_cache(maxsize=4096)
def is_word(word: str) -> bool:
    """True if the lexicon has the word in any form; names are not in it."""
    from lemminflect import getAllLemmas

    return bool(getAllLemmas(word.lower()))


def fix_article(text: str, at: int) -> str:
    """Correct ``a`` or ``an`` before the word at ``at``."""
    before, after = text[:at], text[at:]
    word = _NEXT.match(after)
    if word is None:
        return text
    article = "an" if has_vowel_sound(word.group(1)) else "a"
    return _ARTICLE.sub(lambda match: match.group(1) + article[1:], before) + after


def has_vowel_sound(word: str) -> bool:
    if word[:1].isdigit():
        return word.startswith("8") or re.match(r"(11|18)(?!\d)|(11|18),?\d{3}(?!\d)", word) is not None
    if len(word) > 1 and word.replace(".", "").isupper():
        return word not in _SPOKEN and word[0] in _LETTERS
    lower = word.lower()
    if lower.startswith(_SILENT_H):
        return True
    if lower.startswith(("one", "once")) and not lower.startswith("onero"):
        return False
    if lower.startswith(_LIKE_YOU):
        return lower.startswith(_BY_SOUND)
    return lower.startswith(tuple("aeiou"))
