"""The forms of English words, by the lexicon of lemminflect."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

# Where the lexicon lists several forms and the first is archaic, or another sense's.
_PREFERRED = {("lie", "VBD"): "lied", ("ally", "NNS"): "allies"}


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
