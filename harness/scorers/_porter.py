"""The stems that rouge-score compares: Porter's (1980, "An algorithm for suffix stripping"), with nltk's departures.

nltk has them too, but importing it imports all of nltk, with scipy, pandas and scikit-learn where these are: a second
and more of every scoring. The tests hold each stem against nltk's.
"""

from __future__ import annotations

from collections.abc import Mapping

_IRREGULAR = {
    "skies": "sky", "sky": "sky", "dying": "die", "lying": "lie", "tying": "tie", "news": "news", "innings": "inning",
    "inning": "inning", "outings": "outing", "outing": "outing", "cannings": "canning", "canning": "canning",
    "howe": "howe", "proceed": "proceed", "exceed": "exceed", "succeed": "succeed",
}  # fmt: skip  # a table
_DERIVED = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "bli": "ble", "alli": "al",
    "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate", "alism": "al",
    "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive", "biliti": "ble",
    "fulli": "ful",
}  # fmt: skip  # step 2: the first suffix that a word has counts, here and below
_FORMED = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
_ENDINGS = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti",
    "ous", "ive", "ize",
)  # fmt: skip  # step 4


def stem(word: str) -> str:
    """The stem of a word in lower case."""
    if word in _IRREGULAR or len(word) <= 2:
        return _IRREGULAR.get(word, word)
    for step in (_singular, _present, _final_y, _derived, _formed, _ending, _final_e, _final_l):
        word = step(word)
    return word


def _shape(word: str) -> str:
    """``v`` for each vowel and ``c`` for each consonant; a y is a vowel behind a consonant."""
    shape = ""
    for letter in word:
        vowel = letter in "aeiou" or (letter == "y" and shape[-1:] == "c")
        shape += "v" if vowel else "c"
    return shape


def _measure(word: str) -> int:
    """Porter's m: how often a consonant follows a vowel."""
    return _shape(word).count("vc")


def _is_short(word: str) -> bool:
    """Porter's *o, as in ``hop``; nltk counts ``at`` too."""
    shape = _shape(word)
    return (shape.endswith("cvc") and word[-1] not in "wxy") or shape == "vc"


def _singular(word: str) -> str:
    """Step 1a."""
    if word.endswith("ies"):
        return word[:-1] if len(word) == 4 else word[:-2]
    if word.endswith("sses"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _present(word: str) -> str:
    """Step 1b."""
    if word.endswith("ied"):
        return word[:-1] if len(word) == 4 else word[:-2]
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) else word
    kept = word.removesuffix("ed") if word.endswith("ed") else word.removesuffix("ing")
    if kept == word or "v" not in _shape(kept):
        return word
    if kept.endswith(("at", "bl", "iz")):
        return f"{kept}e"
    if kept[-1] == kept[-2:-1] and _shape(kept)[-1] == "c":
        return kept if kept[-1] in "lsz" else kept[:-1]
    return f"{kept}e" if _measure(kept) == 1 and _is_short(kept) else kept


def _final_y(word: str) -> str:
    """Step 1c; nltk turns the y behind a consonant: ``enjoy`` keeps its own, ``fly`` does not."""
    return f"{word[:-1]}i" if word.endswith("y") and len(word) > 2 and _shape(word[:-1])[-1] == "c" else word


def _derived(word: str) -> str:
    """Step 2; nltk takes ``alli`` first, and the l of ``logi`` as the stem's."""
    if word.endswith("alli") and _measure(word[:-4]):
        return _derived(word[:-2])
    if word.endswith("logi"):
        return word[:-1] if _measure(word[:-3]) else word
    return _replaced(word, _DERIVED)


def _formed(word: str) -> str:
    """Step 3."""
    return _replaced(word, _FORMED)


def _replaced(word: str, suffixes: Mapping[str, str]) -> str:
    """The first suffix of them that a word has is replaced, where enough stands before it."""
    for suffix, other in suffixes.items():
        if word.endswith(suffix):
            kept = word.removesuffix(suffix)
            return kept + other if _measure(kept) else word
    return word


def _ending(word: str) -> str:
    """Step 4."""
    suffix = next(filter(word.endswith, _ENDINGS), "")
    kept = word.removesuffix(suffix)
    return kept if _measure(kept) > 1 and (suffix != "ion" or kept[-1] in "st") else word


def _final_e(word: str) -> str:
    """Step 5a."""
    kept = word.removesuffix("e")
    return kept if _measure(kept) > 1 or (_measure(kept) == 1 and not _is_short(kept)) else word


def _final_l(word: str) -> str:
    """Step 5b."""
    return word[:-1] if word.endswith("ll") and _measure(word[:-1]) > 1 else word
