"""Split texts into the words that ROUGE compares, and stem each word once per process.

English stems are Porter's (1980, "An algorithm for suffix stripping") with nltk's changes, as in rouge-score. Importing
nltk takes more than a second, so harness has its own stemmer; the tests compare its stems with nltk's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache, lru_cache

from harness.text import UNSPACED

ENGLISH = "en"

STEMMERS = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech", "da": "danish", "nl": "dutch",
    "eo": "esperanto", "et": "estonian", "fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hi": "hindi",
    "hu": "hungarian", "id": "indonesian", "ga": "irish", "it": "italian", "lt": "lithuanian", "ne": "nepali",
    "no": "norwegian", "nb": "norwegian", "nn": "norwegian", "fa": "persian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "es": "spanish", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip  # a table of two columns
"""Language other than English → its algorithm in snowballstemmer."""

Tokenizer = Callable[[str], list[str]]
_LATIN = re.compile(r"[a-z0-9]+")
_UNSPACED = re.compile(f"[{UNSPACED}]")


@cache
def make_tokenizer(language: str, stemmer: bool) -> Tokenizer:
    """Return a function that splits a text into words. A stemmer needs English or a language in ``STEMMERS``.

    English is split as by rouge-score, into runs of the letters a to z and digits; words of four letters or more become
    Porter stems. Other languages are split into runs of letters, marks and digits of any script, or into single
    characters in scripts without spaces; all words become Snowball stems.
    """

    def split(text: str) -> list[str]:
        if language == ENGLISH:
            return _LATIN.findall(text.lower())
        return unicodedata.normalize("NFKC", text).lower().translate(_SPACED).split()

    if not stemmer:
        return split
    if language == ENGLISH:
        stem_once = lru_cache(maxsize=1 << 16)(stem)
        return lambda text: [stem_once(word) if len(word) > 3 else word for word in split(text)]
    import snowballstemmer

    stem_word = lru_cache(maxsize=1 << 16)(snowballstemmer.stemmer(STEMMERS[language]).stemWord)
    return lambda text: list(map(stem_word, split(text)))


class _Spaced(dict[int, str]):
    """A table for ``str.translate``: characters outside words become spaces, and each character of a script without
    spaces becomes a word."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if unicodedata.category(character)[0] not in "LMN":
            self[code] = " "
        else:
            self[code] = f" {character} " if _UNSPACED.match(character) else character
        return self[code]


_SPACED = _Spaced()


# Porter's stemmer -----------------------------------------------------------------------------------------------------

_IRREGULAR = {
    "skies": "sky", "sky": "sky", "dying": "die", "lying": "lie", "tying": "tie", "news": "news", "innings": "inning",
    "inning": "inning", "outings": "outing", "outing": "outing", "cannings": "canning", "canning": "canning",
    "howe": "howe", "proceed": "proceed", "exceed": "exceed", "succeed": "succeed",
}  # fmt: skip  # a table
_STEP_2 = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "bli": "ble", "alli": "al",
    "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate", "alism": "al",
    "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive", "biliti": "ble",
    "fulli": "ful",
}  # fmt: skip  # the first suffix that matches is replaced, here and below
_STEP_3 = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
_STEP_4 = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti",
    "ous", "ive", "ize",
)  # fmt: skip  # a list


def stem(word: str) -> str:
    """Return the Porter stem of a lower-case word."""
    if word in _IRREGULAR or len(word) <= 2:
        return _IRREGULAR.get(word, word)
    if word.endswith("ies"):  # 1a
        word = word[:-1] if len(word) == 4 else word[:-2]
    elif word.endswith("sses"):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    word = _step_1b(word)
    if word.endswith("y") and len(word) > 2 and _shape(word[:-1])[-1] == "c":  # 1c by nltk's rule: fly, not enjoy
        word = f"{word[:-1]}i"
    word = _replace(_step_2(word), _STEP_3)
    suffix = next(filter(word.endswith, _STEP_4), "")
    rest = word.removesuffix(suffix)
    if _measure(rest) > 1 and (suffix != "ion" or rest[-1] in "st"):
        word = rest
    rest = word.removesuffix("e")  # 5a
    if _measure(rest) > 1 or (_measure(rest) == 1 and not _is_short(rest)):
        word = rest
    return word[:-1] if word.endswith("ll") and _measure(word[:-1]) > 1 else word  # 5b


def _step_1b(word: str) -> str:
    if word.endswith("ied"):
        return word[:-1] if len(word) == 4 else word[:-2]
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) else word
    rest = word.removesuffix("ed") if word.endswith("ed") else word.removesuffix("ing")
    if rest == word or "v" not in _shape(rest):
        return word
    if rest.endswith(("at", "bl", "iz")):
        return f"{rest}e"
    if rest[-1] == rest[-2:-1] and _shape(rest)[-1] == "c":
        return rest if rest[-1] in "lsz" else rest[:-1]
    return f"{rest}e" if _measure(rest) == 1 and _is_short(rest) else rest


def _step_2(word: str) -> str:
    """Apply step 2 as nltk does: ``alli`` comes first, and ``logi`` loses only its i."""
    if word.endswith("alli") and _measure(word[:-4]):
        return _step_2(word[:-2])
    if word.endswith("logi"):
        return word[:-1] if _measure(word[:-3]) else word
    return _replace(word, _STEP_2)


def _replace(word: str, suffixes: Mapping[str, str]) -> str:
    for suffix, other in suffixes.items():
        if word.endswith(suffix):
            rest = word.removesuffix(suffix)
            return rest + other if _measure(rest) else word
    return word


def _shape(word: str) -> str:
    """Write ``v`` for each vowel and ``c`` for each consonant; a y after a consonant is a vowel."""
    shape = ""
    for letter in word:
        vowel = letter in "aeiou" or (letter == "y" and shape[-1:] == "c")
        shape += "v" if vowel else "c"
    return shape


def _measure(word: str) -> int:
    """Return Porter's m: how often a consonant follows a vowel."""
    return _shape(word).count("vc")


def _is_short(word: str) -> bool:
    """True if Porter's condition *o holds (``hop``); nltk also accepts a vowel and a consonant (``at``)."""
    shape = _shape(word)
    return (shape.endswith("cvc") and word[-1] not in "wxy") or shape == "vc"
