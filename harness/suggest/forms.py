"""Forms of English words: verb forms by lemminflect's lexicon, and ``a`` or ``an`` by sound."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

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


def word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


@lru_cache(maxsize=4096)
def inflect(lemma: str, tag: str) -> str | None:
    """Return the form of a verb for a Penn Treebank tag such as ``VBD``; None if the lexicon does not have the verb."""
    from lemminflect import getInflection

    if (lemma, tag) == ("lie", "VBD"):
        return "lied"  # the lexicon's first form is "lay"
    if tag in ("VB", "VBP"):
        return lemma
    forms = getInflection(lemma, tag, inflect_oov=False)  # a guessed form might not be a word
    return str(forms[0]) if forms else None


def lemma(token: Token) -> str:
    """Return spaCy's lemma, or the lexicon's if spaCy's does not inflect to the token (hop, for hopes)."""
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
    return lower[:1] in "aeiou" and lower != ""


def uncapitalise(first: Token) -> str:
    """Return the first word of a sentence as it is spelled mid-sentence."""
    if first.text == "I" or (first.is_upper and len(first) > 1):
        return first.text
    if first.pos_ not in ("DET", "PRON", "ADP", "SCONJ", "CCONJ", "NUM", "ADV", "AUX"):
        named = first.pos_ == "PROPN" or first.ent_type_ in ("PERSON", "GPE", "NORP", "ORG", "LOC", "FAC", "EVENT")
        if named or not is_word(first.text):
            return first.text
    return first.text[0].lower() + first.text[1:]
