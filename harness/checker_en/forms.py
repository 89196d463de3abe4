"""The forms of English words: inflected by the lexicon of lemminflect, and ``a`` or ``an`` by sound."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

# Where the lexicon lists several forms and the first is archaic, or another sense's.
_PREFERRED = {("lie", "VBD"): "lied", ("ally", "NNS"): "allies"}

_ARTICLE = re.compile(r"\b([Aa])n?(?=\s+[\"'“‘(]*$)")
_NEXT = re.compile(r"\s*[\"'“‘($£€]*([\w.]+)")

_SILENT_H = ("hour", "honest", "honor", "honour", "heir")
_LIKE_YOU = ("uni", "unani", "use", "usa", "usu", "util", "uto", "eu", "ura", "ubi", "uk")
"""How words begin whose first letter is a vowel and whose first sound is the y of ``you``."""
_BY_SOUND = ("unin", "unim", "unid")
"""And those of them that begin with a vowel after all: uninjured, unimportant, unidentified."""
_LETTERS = frozenset("AEFHILMNORSX8")
"""Letters whose name begins with a vowel: an FBI agent, an NHS trust."""
_SPOKEN = frozenset({"NATO", "NASA", "FIFA", "NASDAQ", "SARS", "MERS", "LASER", "SWAT"})
"""Acronyms that are read as a word that begins with a consonant."""


@lru_cache(maxsize=4096)
def inflected(lemma: str, tag: str) -> str | None:
    """A lemma in the form of a Penn Treebank tag (``VBD``, ``NNS``, ``JJR``); None where the lexicon has none."""
    from lemminflect import getInflection

    if (lemma, tag) in _PREFERRED:
        return _PREFERRED[lemma, tag]
    if tag in ("VB", "VBP", "NN", "JJ", "RB", "IN"):
        return lemma
    if tag in ("JJR", "JJS", "RBR", "RBS"):
        return _compared(lemma, tag)
    forms = getInflection(lemma, tag, inflect_oov=False)  # a form that is guessed might be no word
    return str(forms[0]) if forms else None


def _compared(lemma: str, tag: str) -> str | None:
    from lemminflect import getInflection

    forms = getInflection(lemma, f"JJ{tag[2]}", inflect_oov=False) or getInflection(lemma, tag, inflect_oov=False)
    if forms:
        return str(forms[0])
    return f"{'more' if tag.endswith('R') else 'most'} {lemma}"


def lemma(token: Token) -> str:
    """The lemma of a token; the lexicon's where spaCy's has another form than the token (hop, for hopes)."""
    from lemminflect import getAllLemmas

    parsed = str(token.lemma_).lower()
    if token.pos_ != "VERB" or inflected(parsed, token.tag_) in (token.lower_, None):
        return parsed
    forms = getAllLemmas(token.lower_, "VERB").get("VERB", ())
    return next((form for form in forms if inflected(form, token.tag_) == token.lower_), parsed)


@lru_cache(maxsize=4096)
def is_word(word: str) -> bool:
    """Whether the lexicon has it as an ordinary word, in any form; names are not in it."""
    from lemminflect import getAllLemmas

    return bool(getAllLemmas(word.lower()))


def agreed(text: str, at: int) -> str:
    """The text, with an article that stands right before ``at`` in the form that the word at ``at`` asks for."""
    before, after = text[:at], text[at:]
    word = _NEXT.match(after)
    if word is None:
        return text
    article = "an" if vowel_sound(word.group(1)) else "a"
    return _ARTICLE.sub(lambda match: match.group(1) + article[1:], before) + after


def vowel_sound(word: str) -> bool:
    """Whether the word begins with a vowel as it is spoken."""
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
